import { causes } from './unavailable.ts'

/** foreign_key_violation, unique_violation, check_violation, exclusion_violation */
const VIOLATIONS: ReadonlySet<unknown> = new Set(['23503', '23505', '23514', '23P01'])

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
