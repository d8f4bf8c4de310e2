import { expect, test } from 'vitest'
import { ensureGoodPassword, hashPassword, verifyPassword } from './password.ts'

const PATH = ['input', 'password']
const refusal = async (password: string, own: string[] = []): Promise<unknown> =>
  ensureGoodPassword(password, own, PATH).then(
    () => null,
    ({ code, argument, message }) => ({ code, argument, message }),
  )
const random = (length: number): string =>
  Array.from({ length }, () => String.fromCharCode(33 + Math.floor(Math.random() * 94))).join('')

/** How many times as long one takes as the other: the best of several, taken in turns, as the machine does other things. */
async function ratio(one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<number> {
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let n = 0; n < 20; n++) {
    const startedAt = performance.now()
    await (n % 2 === 0 ? one : other)()
    best[n % 2] = Math.min(best[n % 2] ?? 0, performance.now() - startedAt)
  }
  return (best[0] ?? 0) / (best[1] ?? 0)
}

test('a hash is Argon2id with the parameters that OWASP asks for, and its own salt', async () => {
  const [one, two] = await Promise.all([hashPassword('the same password'), hashPassword('the same password')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(two)
})

test('a password is verified in any normal form, and nothing else is', async () => {
  const hash = await hashPassword('caf\u00e9 \ufb01nale')
  for (const same of ['caf\u00e9 \ufb01nale', 'cafe\u0301 \ufb01nale', 'cafe\u0301 finale']) {
    expect(await verifyPassword(hash, same)).toBe(true)
  }
  for (const other of ['cafe finale', 'Caf\u00e9 finale', 'caf\u00e9 finale ', '', '\0']) {
    expect(await verifyPassword(hash, other)).toBe(false)
  }
})

test('without an account nothing is right, not even the substitute that takes the time', async () => {
  expect(await verifyPassword(null, 'nobody has this password')).toBe(false)
  const hash = await hashPassword('somebody has this one')
  const unknownToKnown = await ratio(
    () => verifyPassword(null, 'a wrong password'),
    () => verifyPassword(hash, 'a wrong password'),
  )
  expect(unknownToKnown).toBeGreaterThan(1 / 3)
  expect(unknownToKnown).toBeLessThan(3)
})

test('a huge text is refused before any work is done on it', async () => {
  const hash = await hashPassword('somebody has this one')
  // Bringing half a million accents into order alone takes a minute.
  const huge = 'a'.padEnd(500_000, '\u0301\u0316')
  const startedAt = performance.now()
  expect(await verifyPassword(hash, huge)).toBe(false)
  expect(await refusal(huge)).toMatchObject({ code: 'INVALID_INPUT', argument: PATH })
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

test('judging the longest password takes little more than judging one of 64 characters', async () => {
  await refusal(random(64))
  const longToShort = await ratio(
    () => refusal(random(256)),
    () => refusal(random(64)),
  )
  // Judged in full it takes up to twenty times as long, almost three seconds.
  expect(longToShort).toBeLessThan(5)
})

test('a long password is strong when either of its ends is', async () => {
  const strong = 'qmzpx vrtkw jhd'
  expect(await refusal('a'.repeat(100) + strong)).toBeNull()
  expect(await refusal(strong + 'a'.repeat(100))).toBeNull()
  expect(await refusal('a'.repeat(200))).toMatchObject({ message: expect.stringContaining('first that an attacker') })
  expect(await refusal('password'.repeat(30))).toMatchObject({ argument: PATH })
})

test('characters are counted, not bytes or units, and after they are composed', async () => {
  expect(await refusal('🦊🐝🌵🎻🧭🪁🛶🧶🪴🦉🍄🌋🧿🪗🫐')).toBeNull()
  expect(await refusal('🦊🐝🌵🎻🧭🪁🛶🧶🪴🦉🍄🌋🧿🪗')).toMatchObject({
    message: expect.stringContaining('at least 15'),
  })
  // Fifteen letters as typed with dead keys on some systems, half of them accents.
  expect(await refusal('qmzpe\u0301vrtke\u0301jhde\u0301')).toMatchObject({
    message: expect.stringContaining('at least 15'),
  })
})
