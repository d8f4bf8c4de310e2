import ipaddr from 'ipaddr.js'

/** Global unicast (RFC 4291, 2.4; IANA gives out nothing else). Old kinds of private addresses lie outside of it. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an address belongs to the internet at large: no loopback, private, link-local, carrier-grade NAT, unique local,
 * multicast, documentation or reserved one, and no IPv6 address that stands for an IPv4 address (mapped, NAT64, 6to4,
 * Teredo), because a router may take it for one of those.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text.replace(/%.*$/, ''))
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_V6)
}
