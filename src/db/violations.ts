import { causes, sqlState } from './unavailable.ts'

/** foreign_key_violation, unique_violation, check_violation, exclusion_violation */
const VIOLATIONS: ReadonlySet<unknown> = new Set(['23503', '23505', '23514', '23P01'])

/**
 * A row points at one that is not there: it was deleted between being looked up and being pointed at. Locks would
 * prevent it at the price of one more statement in every write.
 */
export const isDanglingReference = (error: unknown): boolean => sqlState(error) === '23503'

/**
 * The name of the constraint that refused a write, or null when the error is something else. drizzle wraps what
 * Postgres said in an error whose message holds SQL and parameters, so the causes are looked through as well.
 */
export function violatedConstraint(error: unknown): string | null {
  for (const cause of causes(error)) {
    if (!('code' in cause) || !VIOLATIONS.has(cause.code)) continue
    return 'constraint_name' in cause && typeof cause.constraint_name === 'string' ? cause.constraint_name : null
  }
  return null
}

/** The write named an account that no longer exists: it was deleted while its owner was still at work. */
export const isAccountGone = (error: unknown): boolean =>
  violatedConstraint(error)?.endsWith('_accounts_id_fk') ?? false
