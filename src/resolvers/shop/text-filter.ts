import { invalidInput } from '../../core/errors.ts'
import { plain } from '../blog/list.ts'

/** A trigram index knows of nothing shorter than three characters. */
const MIN_TEXT = 3
const MAX_TEXT = 100

/** A part of a text that a list looks for; undefined for none. @throws DomainError `INVALID_INPUT` for one too short or too long. */
export function toTextPart(given: string | null | undefined): string | undefined {
  const text = given == null ? '' : plain(given)
  if (text === '') return undefined
  if (text.length >= MIN_TEXT && text.length <= MAX_TEXT) return text
  throw invalidInput(['filter', 'text'], `A text to look for has ${MIN_TEXT} to ${MAX_TEXT} characters.`)
}
