import { readHtml } from './html.ts'
import { Budget, type Item, isItem, MAX_DEPTH, typeName, type Value } from './item.ts'
import { BLOCKS } from './plain-text.ts'

/** That one element is the value of; real pages have one or two. */
const MAX_NAMES = 20
/** Of one thing to other parts of its page, and of all things together. */
const MAX_REFERENCES = 20
const MAX_REFERENCED = 1_000

/** The value of a property, and which element of the page it is of: values of one thing come in the order of the page. */
interface Found {
  readonly element: number
  readonly name: string
  readonly value: Value
}

/** What gathers properties: a thing, or a part of the page that things refer to. */
interface Scope {
  readonly found: Found[]
}

interface OpenItem extends Scope, Item {
  readonly element: number
  readonly properties: Map<string, Value[]>
  readonly references: readonly string[]
}

interface Open {
  /** Who gets the properties of the elements inside. */
  readonly scopes: readonly Scope[]
  readonly isItem: boolean
  /** Properties whose value is the text of this element. */
  readonly gathers: Gathering | null
}

interface Gathering {
  readonly names: readonly string[]
  readonly scopes: readonly Scope[]
  readonly element: number
  text: string
}

const INGREDIENTS: ReadonlySet<string> = new Set(['recipeIngredient', 'ingredients'])

/** Elements without a closing tag. */
const VOID: ReadonlySet<string> = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
])

/** Which attribute holds the value of a property (HTML Standard, 5.2.4). */
const VALUE_ATTRIBUTE: Readonly<Record<string, string>> = {
  meta: 'content',
  audio: 'src',
  embed: 'src',
  iframe: 'src',
  img: 'src',
  source: 'src',
  video: 'src',
  a: 'href',
  area: 'href',
  link: 'href',
  object: 'data',
  data: 'value',
  meter: 'value',
  time: 'datetime',
}

/** The parts of a page that its things refer to (`itemref`), by their ids. Pages without any are not read for it. */
export function findReferences(html: string): ReadonlySet<string> {
  const ids = new Set<string>()
  if (!/itemref/i.test(html)) return ids
  readHtml(html, {
    onopentag(_, attributes) {
      if (attributes.itemscope === undefined) return
      for (const id of tokensOf(attributes.itemref).slice(0, MAX_REFERENCES)) if (ids.size < MAX_REFERENCED) ids.add(id)
    },
  })
  return ids
}

/**
 * Reads microdata off a stream of tags (HTML Standard, 5.2). Texts are gathered only where a property wants them, and
 * things and properties no deeper than `MAX_DEPTH`, so that a page of nothing but open tags costs no more than it is long.
 */
export class Microdata {
  readonly #items: OpenItem[] = []
  readonly #stack: Open[] = []
  readonly #gathering: Gathering[] = []
  /** Parts that were met, by the id that is referred to. */
  readonly #parts = new Map<string, Scope>()
  readonly #wanted: ReadonlySet<string>
  #openItems = 0
  #elements = 0
  readonly #budget: Budget

  constructor(wanted: ReadonlySet<string>, budget = new Budget()) {
    this.#wanted = wanted
    this.#budget = budget
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#elements += 1
    const element = this.#elements
    const names = namesOf(attributes.itemprop)
    const scopes = this.#scopesAt(attributes.id)
    const item = this.#itemAt(element, attributes)
    const attribute = VALUE_ATTRIBUTE[name]
    const given = item ?? attributes.content ?? (attribute === undefined ? undefined : attributes[attribute])
    if (given !== undefined) this.#add(scopes, element, names, given)
    if (name === 'br') this.text('\n')
    if (VOID.has(name)) return
    if (BLOCKS.has(name)) this.#endLine()
    const wantsText = scopes.length > 0 && names.length > 0 && given === undefined && this.#gathering.length < MAX_DEPTH
    const gathers = wantsText ? { names, scopes, element, text: '' } : null
    if (item !== null) this.#openItems += 1
    if (gathers !== null) this.#gathering.push(gathers)
    this.#stack.push({ scopes: item === null ? scopes : [item], isItem: item !== null, gathers })
  }

  text(data: string): void {
    for (const each of this.#gathering) each.text += data
  }

  close(name: string): void {
    if (VOID.has(name)) return
    if (name === 'li' || name === 'p') this.text('\n')
    else if (BLOCKS.has(name)) this.#endLine()
    const open = this.#stack.pop()
    if (open?.isItem) this.#openItems -= 1
    if (open?.gathers == null) return
    const { names, scopes, element, text } = open.gathers
    this.#gathering.pop()
    this.#add(scopes, element, names, text)
  }

  /** When all has been read: the things of the page, with what they refer to. */
  items(): readonly Item[] {
    for (const item of this.#items) this.#resolve(item)
    breakCircles(this.#items)
    return this.#items
  }

  /** Who gets the properties of an element: the thing around it, and the parts of it that it is in. */
  #scopesAt(id: string | undefined): readonly Scope[] {
    const around = this.#stack.at(-1)?.scopes ?? []
    // Of elements with the same id, the first one is meant.
    if (id === undefined || !this.#wanted.has(id) || this.#parts.has(id)) return around
    const part = { found: [] }
    this.#parts.set(id, part)
    return [...around, part]
  }

  #itemAt(element: number, { itemscope, itemtype, itemref }: Readonly<Record<string, string>>): OpenItem | null {
    if (itemscope === undefined || this.#openItems >= MAX_DEPTH) return null
    const references = tokensOf(itemref).slice(0, MAX_REFERENCES)
    const item = { types: namesOf(itemtype), properties: new Map(), found: [], element, references }
    this.#items.push(item)
    return item
  }

  /** Behind a block; but an ingredient whose amount and name are blocks of their own is one line all the same. */
  #endLine(): void {
    for (const each of this.#gathering) if (!each.names.some((name) => INGREDIENTS.has(name))) each.text += '\n'
  }

  #add(scopes: readonly Scope[], element: number, names: readonly string[], value: Value): void {
    for (const { found } of scopes) {
      for (const name of names) {
        // An element may be in a thousand parts: what is not taken must not cost anything either.
        if (!this.#budget.spend()) return
        found.push({ element, name, value })
      }
    }
  }

  /** HTML Standard, 5.2.5: each element counts once, however it was reached, and a thing is no property of itself. */
  #resolve(item: OpenItem): void {
    const found = new Map(item.found.map((each) => [`${each.element} ${each.name}`, each]))
    for (const id of item.references) {
      for (const each of this.#parts.get(id)?.found ?? []) {
        if (each.element === item.element) continue
        if (!this.#budget.spend()) break
        found.set(`${each.element} ${each.name}`, each)
      }
    }
    const all = [...found.values()]
    // What was gathered is complete when an element closes; the order is that in which elements open.
    if (item.references.length > 0) all.sort((a, b) => a.element - b.element)
    for (const { name, value } of all) {
      const values = item.properties.get(name)
      if (values === undefined) item.properties.set(name, [value])
      else values.push(value)
    }
  }
}

/** Things may be made properties of each other: what leads back to a thing that it is a part of is left out. */
function breakCircles(items: readonly OpenItem[]): void {
  const above = new Set<Item>()
  const done = new Set<Item>()
  const visit = (item: Item): void => {
    if (done.has(item)) return
    above.add(item)
    for (const [name, values] of item.properties) {
      const straight = values.filter((value) => !isItem(value) || (!above.has(value) && above.size <= MAX_DEPTH))
      if (straight.length < values.length) (item as OpenItem).properties.set(name, straight)
      for (const value of straight) if (isItem(value)) visit(value)
    }
    above.delete(item)
    done.add(item)
  }
  for (const item of items) visit(item)
}

/** A set of unique tokens (HTML Standard, 5.2.2). */
const tokensOf = (attribute: string | undefined): string[] => [
  ...new Set((attribute ?? '').split(/\s+/).filter((word) => word !== '')),
]

const namesOf = (attribute: string | undefined): string[] => tokensOf(attribute).slice(0, MAX_NAMES).map(typeName)
