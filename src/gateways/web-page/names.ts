import type { LookupAddress } from 'node:dns'
import { Resolver } from 'node:dns/promises'

/** Of one question, asked twice at most. */
const QUESTION_MS = 2_000

/** RFC 6761, 6.3: it is this machine, and no name server is asked. */
const LOCAL = /(?:^|\.)localhost\.?$/i

/**
 * The addresses of a name, from the name servers of this machine. Not by `dns.lookup`: that waits in one of the few threads
 * that also hash passwords and write files, so that four names of somebody whose name server never answers stop them all.
 * @throws when there is none.
 */
export async function addressesOf(name: string, nameServers?: readonly string[]): Promise<LookupAddress[]> {
  if (LOCAL.test(name)) {
    return [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]
  }
  const resolver = new Resolver({ timeout: QUESTION_MS, tries: 2 })
  if (nameServers !== undefined) resolver.setServers([...nameServers])
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const found = [
    ...(v4.status === 'fulfilled' ? v4.value.map((address) => ({ address, family: 4 })) : []),
    ...(v6.status === 'fulfilled' ? v6.value.map((address) => ({ address, family: 6 })) : []),
  ]
  if (found.length === 0 && v4.status === 'rejected') throw v4.reason
  return found
}
