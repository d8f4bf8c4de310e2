/**
 * The database cannot be reached, or was lost while it worked: an outage and not a bug. What was under way may be
 * tried again, except where the loss hit a COMMIT, whose outcome is then unknown.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** Whether an outage is behind this error, also where drizzle has wrapped it. */
export const isDatabaseUnavailable = (error: unknown): boolean =>
  causes(error).some((cause) => cause instanceof DatabaseUnavailable)

/** The error and what caused it, outermost first. */
export function causes(error: unknown): Error[] {
  const chain: Error[] = []
  // The bound is for errors that name themselves as their cause.
  for (let next = error; next instanceof Error && chain.length < 10; next = next.cause) chain.push(next)
  return chain
}

/** SQLSTATE (PostgreSQL manual, appendix A) of the failure behind this error, or null when it did not come from there. */
export function sqlState(error: unknown): string | null {
  for (const cause of causes(error)) {
    const code = 'code' in cause ? cause.code : null
    if (cause.name === 'PostgresError' && typeof code === 'string') return code
  }
  return null
}
