import slugify from '@sindresorhus/slugify'

export const MAX_SLUG_CHARACTERS = 100

/** Lower-case words of Latin letters and digits, joined by hyphens; empty where the text has no Latin spelling. */
export const slugText = (text: string, maxLength = 80): string =>
  slugify(text.slice(0, 300), { decamelize: false })
    .replace(/[^a-z0-9-]/g, '')
    .replace(/-{2,}/g, '-')
    .slice(0, maxLength)
    .replace(/^-+|-+$/g, '')
