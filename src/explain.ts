import { ConfigError } from './config.ts'
import { DomainError } from './core/errors.ts'
import { EmbeddedError } from './db/embedded.ts'
import { MigrationError } from './db/migrate.ts'
import { isDatabaseUnavailable } from './db/unavailable.ts'

/** A command cannot do what it was asked to. The message is one line for the person at the terminal. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

const FOR_PEOPLE = [CommandError, ConfigError, DomainError, EmbeddedError, MigrationError]

/** What a person at the terminal can mend is told in one line; anything else is a bug and shows where it is. */
export function explain(error: unknown, database = 'The database'): string {
  if (!(error instanceof Error)) return String(error)
  if (FOR_PEOPLE.some((kind) => error instanceof kind)) return error.message
  if (isDatabaseUnavailable(error)) return `${database} cannot be reached: ${error.message}`
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return 'PORT is in use, by another Atrium or another program; set another one, or 0 to have one chosen'
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST or PORT cannot be used: ${error.message}`
  return error.stack ?? error.message
}
