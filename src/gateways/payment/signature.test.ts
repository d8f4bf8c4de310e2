import { describe, expect, test } from 'vitest'
import { BadSignature, signWebhook, verifyWebhook } from './signature.ts'

const SECRET = 'whsec_test'
const BODY = '{"id":"evt_1"}'
const NOW = 1_800_000_000
const signed = signWebhook(BODY, SECRET, NOW)

describe('a webhook', () => {
  test('is taken with the right signature, among others too, up to five minutes old', () => {
    for (const header of [signed, `${signed},v1=${'0'.repeat(64)},v0=abc`, signed.replace(',', ', ')]) {
      expect(() => verifyWebhook(BODY, header, SECRET, NOW)).not.toThrow()
    }
    for (const now of [NOW + 300, NOW - 300]) expect(() => verifyWebhook(BODY, signed, SECRET, now)).not.toThrow()
  })

  test.each([
    ['another body', `${BODY} `, signed, SECRET, NOW],
    ['another secret', BODY, signed, 'whsec_other', NOW],
    ['a time that was changed', BODY, signed.replace(/t=\d+/, `t=${NOW + 1}`), SECRET, NOW],
    ['a time that is past', BODY, signed, SECRET, NOW + 301],
    ['a time that has not come', BODY, signed, SECRET, NOW - 301],
    ['no signature', BODY, '', SECRET, NOW],
    ['no time', BODY, signed.replace(/t=\d+,/, ''), SECRET, NOW],
    ['no scheme that we know', BODY, signed.replace('v1', 'v0'), SECRET, NOW],
    ['half a signature', BODY, signed.slice(0, -32), SECRET, NOW],
  ])('is refused with %s', (_, body, header, secret, now) => {
    expect(() => verifyWebhook(body, header, secret, now)).toThrow(BadSignature)
  })

  test('is signed as Stripe signs it', () => {
    // Computed with `stripe.webhooks.generateTestHeaderString` of stripe 23 for this body, secret and time.
    expect(signed).toBe('t=1800000000,v1=45705be2a45ab5acdd1395cc695e9e7073125385ec24194921c401dff44176f8')
  })
})
