import { createHmac, timingSafeEqual } from 'node:crypto'

/** Stripe's scheme: `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`, docs.stripe.com/webhooks#verify-manually. */
const TOLERANCE_SECONDS = 300

export class BadSignature extends Error {
  override readonly name = 'BadSignature'
}

const hmac = (secret: string, atSeconds: number | string, body: string): Buffer =>
  createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest()

export const signWebhook = (body: string, secret: string, atSeconds: number): string =>
  `t=${atSeconds},v1=${hmac(secret, atSeconds, body).toString('hex')}`

/** @throws BadSignature for another secret, another body, or a time more than five minutes away. */
export function verifyWebhook(body: string, header: string, secret: string, nowSeconds: number): void {
  const parts = header.split(',').map((part) => part.trim().split('='))
  const at = parts.find(([name]) => name === 't')?.[1] ?? ''
  if (!/^\d{1,12}$/.test(at)) throw new BadSignature('the signature has no time')
  const expected = hmac(secret, at, body)
  const matches = parts.some(([name, value = '']) => {
    const given = name === 'v1' ? Buffer.from(value, 'hex') : Buffer.alloc(0)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!matches) throw new BadSignature('the signature is wrong')
  if (Math.abs(nowSeconds - Number(at)) > TOLERANCE_SECONDS) throw new BadSignature('the signature is too old')
}
