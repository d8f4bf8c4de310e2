import { hash, verify } from '@node-rs/argon2'
import { invalidInput } from '../../core/errors.ts'

/** NIST SP 800-63B-4, 3.1.1.2: at least 15 characters where the password is the only factor, and at least 64 allowed. */
export const MIN_PASSWORD_CHARACTERS = 15
export const MAX_PASSWORD_CHARACTERS = 256

/** OWASP's Password Storage Cheat Sheet for Argon2id: 19 MiB, two passes, one lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The same characters typed on another keyboard may come composed differently: 800-63B asks for one normal form. */
const normal = (password: string): string => password.normalize('NFKC')

/** 0 to 4; below 2 an attacker who tries common passwords, repetitions and keyboard walks needs fewer than 10⁶ guesses. */
const LOWEST_SCORE = 2

type Check = (password: string, own: string[]) => number
let estimator: Promise<Check> | undefined

/**
 * The estimate's time grows with more than the square of the length: 256 random characters stop the process for almost
 * three seconds, 64 for a tenth. Half of it strong is strong.
 */
const JUDGED_CHARACTERS = 64

/** The lists of common passwords are large, so they are read when the first password is chosen, not at the start. */
function commonPasswords(): Promise<Check> {
  estimator ??= (async () => {
    const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
      import('@zxcvbn-ts/core'),
      import('@zxcvbn-ts/language-common'),
    ])
    const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
    return (password, own) => zxcvbn.check(password, own).score
  })()
  return estimator
}

/**
 * Any Unicode, no composition rules; too short, too long, common, or made of the account's own names is refused.
 * @throws DomainError `INVALID_INPUT` at `path`.
 */
export async function ensureGoodPassword(password: string, own: string[], path: readonly string[]): Promise<void> {
  // Before the normal form is made, whose time is quadratic for long rows of accents.
  const characters = isTooLong(password) ? [] : [...normal(password)]
  if (isTooLong(password) || characters.length > MAX_PASSWORD_CHARACTERS) {
    throw invalidInput(path, `A password may have at most ${MAX_PASSWORD_CHARACTERS} characters.`)
  }
  if (characters.length < MIN_PASSWORD_CHARACTERS) {
    throw invalidInput(path, `A password needs at least ${MIN_PASSWORD_CHARACTERS} characters. A few words will do.`)
  }
  const check = await commonPasswords()
  const ends = [characters.slice(0, JUDGED_CHARACTERS), characters.slice(-JUDGED_CHARACTERS)]
  const parts = characters.length > JUDGED_CHARACTERS ? ends : [characters]
  if (parts.every((part) => check(part.join(''), own) < LOWEST_SCORE)) {
    throw invalidInput(path, 'This password is among the first that an attacker would try. Choose another one.')
  }
}

/** In UTF-16 units: four of them make one character of the normal form at most, in any script there is. */
const isTooLong = (password: string): boolean => password.length > MAX_PASSWORD_CHARACTERS * 4

export const hashPassword = (password: string): Promise<string> => hash(normal(password), ARGON2ID)

let unknownAccountHash: Promise<string> | undefined

/** With no hash (there is no such account) the same work is done, so that the time taken tells nothing. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  if (isTooLong(password)) return false
  // For known accounts too, or the first unknown one after a start would take twice the time.
  unknownAccountHash ??= hashPassword('nobody has this password')
  const substitute = await unknownAccountHash
  const right = await verify(passwordHash ?? substitute, normal(password))
  return right && passwordHash !== null
}
