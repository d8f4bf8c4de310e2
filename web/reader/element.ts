type Attribute = string | number | boolean | null | undefined | ((event: Event) => void)
type Child = Node | string | null | undefined | false

/** An element with attributes (`onclick` and its like are listeners, false and null leave one out) and content. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

/**
 * HTML that the server has sanitised (`bodyHtml`, `highlight`), and nothing else. The page's policy would run no script
 * of it either.
 */
export function fromServer(html: string): DocumentFragment {
  const template = document.createElement('template')
  template.innerHTML = html
  return template.content
}

export function byId(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`The page has no #${id}.`)
  return element
}

/** Told to those who do not see the page. */
export function speak(text: string): void {
  byId('spoken').textContent = text
}
