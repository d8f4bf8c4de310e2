/**
 * Why an old name still stands, for `deprecationReason`: what to use instead, and the day (`YYYY-MM-DD`) from which it may
 * be gone.
 */
export const renamed = (to: string, goneFrom: string): string => `Use \`${to}\`. Goes on ${goneFrom}.`
