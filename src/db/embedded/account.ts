import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { EmbeddedError } from './failure.ts'

/** Whom the Postgres processes run as; null means as ourselves. Postgres refuses to run as root. */
export type Account = { uid: number; gid: number } | null

/** initdb looks its user up, so it has to be one that the system knows. */
const CANDIDATES = ['atrium', 'postgres', '_postgres', 'nobody']

/** The owner of an existing cluster, so that it stays readable; else an account without privileges. */
export async function chooseAccount(existing: string | null): Promise<Account> {
  if (process.getuid?.() !== 0) return null
  if (existing !== null) {
    const { uid, gid } = await stat(existing)
    if (uid !== 0) return { uid, gid }
  }
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of CANDIDATES) {
    const found = accounts.find((fields) => fields[0] === name)
    if (found !== undefined) return { uid: Number(found[2]), gid: Number(found[3]) }
  }
  throw new EmbeddedError(
    'PostgreSQL does not run as root and there is no other user such as "nobody": start as an ordinary user or set DATABASE_URL',
  )
}

export interface Outcome {
  ok: boolean
  output: string
}

/** Runs a program as that account with a small environment and answers what it printed. */
export function runAs(account: Account, program: string, args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...account, cwd: '/', env: environment(), stdio: 'pipe' })
    let output = ''
    const collect = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', (error) => resolve({ ok: false, output: error.message }))
    child.once('close', (code) => resolve({ ok: code === 0, output }))
    // A program that ends before it has read its input.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** LC_ALL: messages in one language, and no locale that this machine may not have. PG… of the caller must not leak in. */
export const environment = (): NodeJS.ProcessEnv => ({ PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' })

/** Whether the account can list, enter and write in the folder. Asked of the system, as modes are not the whole truth. */
export async function canUse(account: Account, folder: string): Promise<boolean> {
  const script = 'test -r "$1" && test -w "$1" && test -x "$1"'
  return (await runAs(account, '/bin/sh', ['-c', script, 'sh', folder])).ok
}
