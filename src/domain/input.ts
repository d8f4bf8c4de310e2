import { z } from 'zod'
import { DomainError, invalidInput } from '../core/errors.ts'

/**
 * Checks an input against its rules and answers the cleaned values.
 * @throws DomainError `INVALID_INPUT` that names the argument, with one more in `others` for each further trouble.
 */
export function checkInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  path: readonly string[] = ['input'],
): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const errors = result.error.issues.map((issue) => invalidInput([...path, ...issue.path.map(String)], issue.message))
  throw combined(errors)
}

/** Several failures as one throw; a form shows them together. */
export function combined(errors: readonly DomainError[]): DomainError {
  const [first, ...others] = errors
  if (first === undefined) throw new RangeError('no errors to combine')
  return new DomainError(first.code, first.message, first.argument, first.details, others)
}

type Checks<Values extends readonly unknown[]> = {
  [Position in keyof Values]: () => Values[Position] | Promise<Values[Position]>
}

/**
 * Runs the checks one after the other, also behind one that fails: what is wrong is told at once, and not fault by fault.
 * @throws DomainError with all that the checks found.
 */
export async function checkAll<Values extends readonly unknown[]>(...checks: Checks<Values>): Promise<Values> {
  const values: unknown[] = []
  const errors: DomainError[] = []
  for (const check of checks) {
    try {
      values.push(await check())
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      errors.push(...error.all)
    }
  }
  if (errors.length > 0) throw combined(errors)
  return values as unknown as Values
}

/**
 * Postgres cannot store NUL, nor halves of surrogate pairs; other control characters but tab and line ends have no
 * business in a text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\p{Cs}]/u

const characters = (text: string): number => {
  let count = 0
  for (const _ of text) count++
  return count
}

/**
 * Unicode's Stream-Safe Text Format (UAX #15, 13) allows 30 marks on one letter, more than any language has. Sorting a
 * longer row takes quadratic time: a megabyte of accents would stop the process for a minute.
 */
const MARKS = /\p{M}{31}/u

/** They turn the text around them, so that a line reads as another one than it is. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/

/** Something to see; U+3164 and U+115F count as letters but are blank. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\u115f\u1160\u3164\uffa0\u2800]/u

const sized = (what: string, from: number, to: number) =>
  [
    (text: string) => text.length <= to * 2 && characters(text) >= from && characters(text) <= to,
    from === 0 ? `${what} may have at most ${to} characters.` : `${what} must have ${from} to ${to} characters.`,
  ] as const

/** Text in one normal form, so that what looks the same is the same. */
const text = (what: string) =>
  z
    .string()
    .refine((raw) => !MARKS.test(raw), { error: `${what} has too many accents on one letter.`, abort: true })
    .transform((raw) => raw.normalize('NFC'))

/** Trimmed text, its length counted in characters (code points), as the database counts it. */
export const line = (what: string, from: number, to: number) =>
  text(what)
    .transform((normal) => normal.trim())
    .refine(
      (trimmed) => !CONTROL.test(trimmed) && !/[\r\n\u0085\u2028\u2029]/.test(trimmed) && !DIRECTION.test(trimmed),
      `${what} must be a single line of text.`,
    )
    .refine((trimmed) => trimmed === '' || VISIBLE.test(trimmed), `${what} must have something to see.`)
    .refine(...sized(what, from, to))

/** Text of several lines. Only its outer white space is taken off, and line ends become `\n`. */
export const prose = (what: string, from: number, to: number) =>
  text(what)
    .transform((normal) => normal.replace(/\r\n?/g, '\n').replace(/^\n+/, '').trimEnd())
    .refine((trimmed) => !CONTROL.test(trimmed), `${what} contains characters that cannot be shown.`)
    .refine(...sized(what, from, to))

/** An address of a page or picture elsewhere. Only http(s): `javascript:` and `data:` would run or hide things. */
export const webAddress = (what: string) =>
  z
    .string()
    .trim()
    .max(2000, `${what} may have at most 2000 characters.`)
    .refine((text) => {
      // A URL parser reads over blanks and control characters; whoever reads the stored text later may not.
      if (CONTROL.test(text) || /\s/.test(text) || !URL.canParse(text)) return false
      const { protocol, username, password } = new URL(text)
      return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
    }, `${what} must be an http or https address.`)

/** A field that may be left out; clients that send `null` for an empty form field mean the same. */
export const leftOut = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | undefined => value ?? undefined)
