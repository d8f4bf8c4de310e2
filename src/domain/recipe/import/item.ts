/** A thing of schema.org, whichever way a page says it. Texts may still hold tags and entities. */
export interface Item {
  /** Without the address of the vocabulary: `Recipe`. */
  readonly types: readonly string[]
  readonly properties: ReadonlyMap<string, readonly Value[]>
}
export type Value = string | Item

export const isItem = (value: Value): value is Item => typeof value !== 'string'

/** Of things within things. */
export const MAX_DEPTH = 30
/** Values of one page; a recipe has some hundreds. */
export const MAX_VALUES = 20_000

/** How many values of a page are still taken. */
export class Budget {
  #left = MAX_VALUES

  /** False once it is used up. */
  spend(): boolean {
    if (this.#left <= 0) return false
    this.#left -= 1
    return true
  }
}

export const typeName = (type: string): string =>
  type.replace(/^(?:https?:\/\/)?(?:www\.)?schema\.org\//i, '').replace(/^schema:/i, '')
