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
  return new DomainError(first.code, first.message, first.path, first.details, others)
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

/** Trimmed text, its length counted in characters (code points), as the database counts it. */
export const line = (what: string, from: number, to: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => !CONTROL.test(text) && !/[\r\n]/.test(text), `${what} must be a single line of text.`)
    .refine(
      (text) => text.length <= to * 2 && characters(text) >= from && characters(text) <= to,
      from === 0 ? `${what} may have at most ${to} characters.` : `${what} must have ${from} to ${to} characters.`,
    )

/** Text of several lines. Only its outer white space is taken off, and line ends become `\n`. */
export const prose = (what: string, from: number, to: number) =>
  z
    .string()
    .transform((text) =>
      text
        .normalize('NFC')
        .replace(/\r\n?/g, '\n')
        .replace(/^\n+|\s+$/g, ''),
    )
    .refine((text) => !CONTROL.test(text), `${what} contains characters that cannot be shown.`)
    .refine(
      (text) => text.length <= to * 2 && characters(text) >= from && characters(text) <= to,
      from === 0 ? `${what} may have at most ${to} characters.` : `${what} must have ${from} to ${to} characters.`,
    )

/** An address of a page or picture elsewhere. Only http(s): `javascript:` and `data:` would run or hide things. */
export const webAddress = (what: string) =>
  z
    .string()
    .trim()
    .max(2000, `${what} may have at most 2000 characters.`)
    .refine((text) => {
      if (!URL.canParse(text)) return false
      const { protocol, username, password } = new URL(text)
      return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
    }, `${what} must be an http or https address.`)

/** A field that may be left out; clients that send `null` for an empty form field mean the same. */
export const leftOut = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | undefined => value ?? undefined)
