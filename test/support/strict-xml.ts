/**
 * Reads the XML that feeds are made of, and nothing looser: elements, attributes in double quotes, text, the five
 * predefined entities. Everything else (a stray `&`, a forbidden character, an undeclared prefix, a CDATA section that
 * ends too early) throws.
 */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  children: (XmlElement | string)[]
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?'

function decode(text: string): string {
  if (text.includes(']]>')) throw new Error('"]]>" in text')
  return text.replace(/&([^;&]*);?/g, (entity, name: string) => {
    const character = entity.endsWith(';') ? ENTITIES[name] : undefined
    if (character === undefined) throw new Error(`unknown entity ${entity}`)
    return character
  })
}

function parseAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  const rest = source.replace(new RegExp(`\\s+(${NAME})="([^"<]*)"`, 'g'), (_, name: string, value: string) => {
    if (name in attributes) throw new Error(`attribute ${name} twice`)
    attributes[name] = decode(value)
    return ''
  })
  if (rest.trim() !== '') throw new Error(`malformed attributes: ${rest}`)
  return attributes
}

export function parseStrictXml(document: string): XmlElement {
  const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.exec(document)
  if (forbidden !== null) throw new Error(`forbidden character at ${forbidden.index}`)
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>'
  if (!document.startsWith(declaration)) throw new Error('no XML declaration')

  const top: XmlElement = { name: '', attributes: {}, children: [] }
  const open = [top]
  const declared = new Set(['xml'])
  const pattern = new RegExp(`<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>|([^<]+)`, 'y')
  pattern.lastIndex = declaration.length
  while (pattern.lastIndex < document.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(document)
    const parent = open.at(-1) as XmlElement
    if (match === null) throw new Error(`not well-formed at ${document.slice(at, at + 40)}`)
    const [, slash, name = '', attributes = '', empty, text] = match
    if (text !== undefined) parent.children.push(decode(text))
    else if (slash === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`)
    } else {
      const element: XmlElement = { name, attributes: parseAttributes(attributes), children: [] }
      for (const key of Object.keys(element.attributes)) if (key.startsWith('xmlns:')) declared.add(key.slice(6))
      for (const key of [name, ...Object.keys(element.attributes)]) {
        const prefix = key.includes(':') && !key.startsWith('xmlns:') ? key.split(':')[0] : undefined
        if (prefix !== undefined && !declared.has(prefix)) throw new Error(`prefix ${prefix} is not declared`)
      }
      parent.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  const elements = top.children.filter((child) => typeof child !== 'string')
  const loose = top.children.some((child) => typeof child === 'string' && child.trim() !== '')
  if (open.length !== 1 || elements.length !== 1 || loose) throw new Error('not exactly one closed root element')
  return elements[0] as XmlElement
}

export const childrenOf = (parent: XmlElement, name: string): XmlElement[] =>
  parent.children.filter((child): child is XmlElement => typeof child !== 'string' && child.name === name)

export const textOf = (element: XmlElement): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')
