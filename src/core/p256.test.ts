import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isP256PublicKey, isSignedBy } from './p256.ts'

const pairOf = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const spki = ({ publicKey }: ReturnType<typeof pairOf>) => publicKey.export({ format: 'der', type: 'spki' })
const pair = pairOf('P-256')
const good = spki(pair)
const changed = (at: number, to: number) => {
  const bytes = Buffer.from(good)
  bytes[at] = to
  return bytes.toString('base64')
}

describe('a P-256 public key', () => {
  test('is SPKI of an uncompressed point, in base64', () => {
    expect(isP256PublicKey(good.toString('base64'))).toBe(true)
  })

  test.each<[string, string]>([
    ['nothing', ''],
    ['words', 'not a key'],
    ['a key of another curve', spki(pairOf('P-384')).toString('base64')],
    ['a key of a curve as long', spki(pairOf('secp256k1')).toString('base64')],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    ],
    ['coordinates beside the curve', changed(90, (good[90] ?? 0) ^ 1)],
    ['the point at infinity', Buffer.concat([good.subarray(0, 27), Buffer.alloc(64)]).toString('base64')],
    ['another tag for the point', changed(26, 3)],
    ['base64url', good.toString('base64').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')],
    [
      'a second spelling of the same bytes',
      `${good.toString('base64').slice(0, -3)}${good.toString('base64').at(-3) === 'A' ? 'B' : 'A'}==`,
    ],
    ['line ends', `${good.toString('base64').slice(0, 60)}\n${good.toString('base64').slice(61)}`],
    ['a byte more', Buffer.concat([good, Buffer.from([0])]).toString('base64')],
  ])('is not %s', (_, text) => {
    expect(isP256PublicKey(text)).toBe(false)
  })
})

describe('a signature', () => {
  const signatureOf = (text: string, { privateKey } = pair) =>
    sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64')
  const key = good.toString('base64')

  test('is of its text and by its key only', () => {
    const signature = signatureOf('words')
    expect(isSignedBy(key, 'words', signature)).toBe(true)
    expect(isSignedBy(key, 'word', signature)).toBe(false)
    expect(isSignedBy(key, 'words', signatureOf('words', pairOf('P-256')))).toBe(false)
  })

  test.each([
    ['in DER', sign('sha256', Buffer.from('words'), pair.privateKey).toString('base64')],
    ['of zeros', Buffer.alloc(64).toString('base64')],
    ['that is empty', ''],
  ])('%s is none', (_, signature) => {
    expect(isSignedBy(key, 'words', signature)).toBe(false)
  })

  test('by what is no key is none', () => {
    expect(isSignedBy('no key', 'words', signatureOf('words'))).toBe(false)
  })
})
