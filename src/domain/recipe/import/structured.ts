import { readHtml } from './html.ts'
import { BLOCKS } from './plain-text.ts'

/** A thing of schema.org, whichever way a page says it. Texts may still hold tags and entities. */
export interface Item {
  /** Without the address of the vocabulary: `Recipe`. */
  readonly types: readonly string[]
  readonly properties: ReadonlyMap<string, readonly Value[]>
}
export type Value = string | Item

export const isItem = (value: Value): value is Item => typeof value !== 'string'

/** What a page says of itself. */
export interface Structured {
  readonly items: readonly Item[]
  /** Blocks of JSON-LD that are no JSON. */
  readonly brokenBlocks: number
}

const MAX_DEPTH = 30
/** Values of one page; a recipe has some hundreds. */
const MAX_VALUES = 20_000
/** That one element is the value of; real pages have one or two. */
const MAX_NAMES = 20

const typeName = (type: string): string =>
  type.replace(/^(?:https?:\/\/)?(?:www\.)?schema\.org\//i, '').replace(/^schema:/i, '')

/** Everything that a page says in JSON-LD and in microdata, the former first. */
export function readStructured(html: string): Structured {
  const blocks: string[] = []
  const microdata = new Microdata()
  let script: string | null = null
  readHtml(html, {
    onopentag(name, attributes) {
      if (name === 'script') script = /^application\/ld\+json\b/i.test(attributes.type ?? '') ? '' : null
      microdata.open(name, attributes)
    },
    ontext(text) {
      if (script !== null) script += text
      microdata.text(text)
    },
    onclosetag(name) {
      if (name === 'script' && script !== null) {
        blocks.push(script)
        script = null
      }
      microdata.close(name)
    },
  })
  const linked = blocks.map(parseBlock)
  const budget = { left: MAX_VALUES }
  const items = linked.flatMap((block) => (block === undefined ? [] : itemsIn(block, budget)))
  resolveReferences(items)
  return { items: [...items, ...microdata.items], brokenBlocks: linked.filter((block) => block === undefined).length }
}

/** Undefined for what is no JSON. Some systems wrap it in a comment, for browsers that no longer exist. */
function parseBlock(text: string): unknown {
  const json = text
    .trim()
    .replace(/^(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|<!\[CDATA\[)/, '')
    .replace(/(?:-->|\/\*\s*\]\]>\s*\*\/|\]\]>)$/, '')
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

type Budget = { left: number }

/** `{"@id": "#author"}` alone: the thing is told elsewhere. */
const isReference = ({ types, properties }: Item): boolean =>
  types.length === 0 && properties.size === 1 && properties.has('@id')

const idOf = ({ properties }: Item): string => {
  const [id] = properties.get('@id') ?? []
  return typeof id === 'string' ? id : ''
}

/** Puts the things of a page in the place of what only points at them, as graphs of many systems do. */
function resolveReferences(items: readonly LinkedItem[]): void {
  const byId = new Map(items.filter((item) => !isReference(item)).map((item) => [idOf(item), item]))
  byId.delete('')
  for (const { properties } of items) {
    for (const [name, values] of properties) {
      if (!values.some((value) => isItem(value) && isReference(value))) continue
      const resolve = (value: Value): Value =>
        isItem(value) && isReference(value) ? (byId.get(idOf(value)) ?? value) : value
      properties.set(name, values.map(resolve))
    }
  }
}

/** While it is read: what it points at may come later on the page. */
interface LinkedItem extends Item {
  readonly properties: Map<string, readonly Value[]>
}

/** All things of a block, in the order in which they stand: of a graph, of arrays, and nested ones. */
function itemsIn(json: unknown, budget: Budget): LinkedItem[] {
  const found: LinkedItem[] = []
  const collect = (item: Item, depth: number): void => {
    found.push(item as LinkedItem)
    if (depth > MAX_DEPTH) return
    for (const values of item.properties.values())
      for (const value of values) if (isItem(value)) collect(value, depth + 1)
  }
  for (const value of valuesOf(json, 0, budget)) if (isItem(value)) collect(value, 0)
  return found
}

function valuesOf(json: unknown, depth: number, budget: Budget): Value[] {
  if (depth > MAX_DEPTH || budget.left <= 0) return []
  budget.left -= 1
  if (typeof json === 'string') return [json]
  if (typeof json === 'number' || typeof json === 'boolean') return [String(json)]
  if (Array.isArray(json)) return json.flatMap((each) => valuesOf(each, depth + 1, budget))
  if (typeof json !== 'object' || json === null) return []
  const object = json as Record<string, unknown>
  if ('@value' in object) return valuesOf(object['@value'], depth + 1, budget)
  const types = [object['@type']].flat().filter((type): type is string => typeof type === 'string')
  const properties = new Map<string, readonly Value[]>()
  for (const [name, value] of Object.entries(object)) {
    if (name !== '@type' && name !== '@context') properties.set(typeName(name), valuesOf(value, depth + 1, budget))
  }
  return [{ types: types.map(typeName), properties }]
}

interface OpenItem {
  readonly types: string[]
  readonly properties: Map<string, Value[]>
}

interface Open {
  readonly item: OpenItem | null
  /** Properties of the item around it, whose value is the text of this element. */
  readonly gathers: Gathering | null
}

interface Gathering {
  readonly names: readonly string[]
  readonly of: OpenItem
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

/**
 * Reads microdata off a stream of tags. Texts are gathered only where a property wants them, and things and properties no
 * deeper than `MAX_DEPTH`, so that a page of nothing but open tags costs no more than it is long.
 */
class Microdata {
  readonly items: Item[] = []
  readonly #stack: Open[] = []
  readonly #openItems: OpenItem[] = []
  readonly #gathering: Gathering[] = []
  #values = 0

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const names = wordsOf(attributes.itemprop)
    const around = this.#openItems.at(-1) ?? null
    const isThing = attributes.itemscope !== undefined && this.#openItems.length < MAX_DEPTH
    const item: OpenItem | null = isThing ? { types: wordsOf(attributes.itemtype), properties: new Map() } : null
    if (item !== null) this.items.push(item)
    const attribute = VALUE_ATTRIBUTE[name]
    const given = item ?? attributes.content ?? (attribute === undefined ? undefined : attributes[attribute])
    if (around !== null && given !== undefined) for (const each of names) this.#add(around, each, given)
    if (name === 'br') this.text('\n')
    if (VOID.has(name)) return
    if (BLOCKS.has(name)) this.#endLine()
    const wantsText = around !== null && names.length > 0 && given === undefined && this.#gathering.length < MAX_DEPTH
    const gathers = wantsText ? { names, of: around, text: '' } : null
    if (item !== null) this.#openItems.push(item)
    if (gathers !== null) this.#gathering.push(gathers)
    this.#stack.push({ item, gathers })
  }

  text(data: string): void {
    for (const each of this.#gathering) each.text += data
  }

  close(name: string): void {
    if (VOID.has(name)) return
    if (name === 'li' || name === 'p') this.text('\n')
    else if (BLOCKS.has(name)) this.#endLine()
    const open = this.#stack.pop()
    if (open?.item != null) this.#openItems.pop()
    if (open?.gathers == null) return
    const { names, of, text } = open.gathers
    this.#gathering.pop()
    for (const each of names) this.#add(of, each, text)
  }

  /** Behind a block; but an ingredient whose amount and name are blocks of their own is one line all the same. */
  #endLine(): void {
    for (const each of this.#gathering) if (!each.names.some((name) => INGREDIENTS.has(name))) each.text += '\n'
  }

  #add(item: OpenItem, name: string, value: Value): void {
    this.#values += 1
    if (this.#values > MAX_VALUES) return
    const values = item.properties.get(name)
    if (values === undefined) item.properties.set(name, [value])
    else values.push(value)
  }
}

/** A set of unique tokens (HTML Standard, 5.2.2). */
const wordsOf = (attribute: string | undefined): string[] => {
  const words = new Set((attribute ?? '').split(/\s+/).filter((word) => word !== ''))
  return [...words].slice(0, MAX_NAMES).map(typeName)
}
