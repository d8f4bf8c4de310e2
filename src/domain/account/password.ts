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

type Check = (password: string, own: string[]) => { score: number }
let estimator: Promise<Check> | undefined

/** The lists of common passwords are large, so they are read when the first password is chosen, not at the start. */
function commonPasswords(): Promise<Check> {
  estimator ??= (async () => {
    const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
      import('@zxcvbn-ts/core'),
      import('@zxcvbn-ts/language-common'),
    ])
    const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
    return (password, own) => zxcvbn.check(password, own)
  })()
  return estimator
}

/**
 * Any Unicode, no composition rules; too short, too long, common, or made of the account's own names is refused.
 * @throws DomainError `INVALID_INPUT` at `path`.
 */
export async function ensureGoodPassword(password: string, own: string[], path: readonly string[]): Promise<void> {
  const count = [...normal(password)].length
  if (count < MIN_PASSWORD_CHARACTERS) {
    throw invalidInput(path, `A password needs at least ${MIN_PASSWORD_CHARACTERS} characters. A few words will do.`)
  }
  if (count > MAX_PASSWORD_CHARACTERS) {
    throw invalidInput(path, `A password may have at most ${MAX_PASSWORD_CHARACTERS} characters.`)
  }
  const check = await commonPasswords()
  if (check(normal(password), own).score < LOWEST_SCORE) {
    throw invalidInput(path, 'This password is among the first that an attacker would try. Choose another one.')
  }
}

export const hashPassword = (password: string): Promise<string> => hash(normal(password), ARGON2ID)

let unknownAccountHash: Promise<string> | undefined

/** With no hash (there is no such account) the same work is done, so that the time taken tells nothing. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  if (password.length > MAX_PASSWORD_CHARACTERS * 4) return false
  unknownAccountHash ??= hashPassword('nobody has this password')
  const right = await verify(passwordHash ?? (await unknownAccountHash), normal(password))
  return right && passwordHash !== null
}
