import { readHtml } from './html.ts'
import { Budget, type Item, isItem, MAX_DEPTH, typeName, type Value } from './item.ts'
import { findReferences, Microdata } from './microdata.ts'

/** What a page says of itself. */
export interface Structured {
  readonly items: readonly Item[]
  /** Blocks of JSON-LD that are no JSON. */
  readonly brokenBlocks: number
}

/** Everything that a page says in JSON-LD and in microdata, the former first. */
export function readStructured(html: string): Structured {
  const blocks: string[] = []
  const microdata = new Microdata(findReferences(html))
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
  const budget = new Budget()
  const items = linked.flatMap((block) => (block === undefined ? [] : itemsIn(block, budget)))
  resolveReferences(items)
  return { items: [...items, ...microdata.items()], brokenBlocks: linked.filter((block) => block === undefined).length }
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
  if (depth > MAX_DEPTH || !budget.spend()) return []
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
