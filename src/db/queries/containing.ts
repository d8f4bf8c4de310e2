/** For `like` and `ilike`: a text that is looked for as it is, so that `%` and `_` stand for themselves. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`
