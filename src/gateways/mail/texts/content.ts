/** Whom a mail goes to. */
export interface Recipient {
  name: string
}

export interface Link {
  label: string
  url: string
}

/** What a mail says; text and HTML are both made from it, so that they say the same. */
export interface Content {
  subject: string
  paragraphs: readonly string[]
  quote?: string | null
  link: Link
  /** What else the reader may want to open. */
  second?: Link
  /** Why the reader gets this mail. */
  reason: string
  unsubscribeUrl?: string
}

/** What each mail of a room says, given what it is about. */
export type Texts<Params> = { readonly [Name in keyof Params]: (recipient: Recipient, params: Params[Name]) => Content }

/** In one line of so many characters at most, for a subject. */
export const shortened = (text: string, length: number): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join('')}…`
}
