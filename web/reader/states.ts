import { h } from './element.ts'
import { hasCode } from './graph.ts'

/** The heading of the page, and what can be done from there. */
const note = (title: string, text: string, ...more: readonly HTMLElement[]): HTMLElement =>
  h('section', { class: 'note' }, h('h1', {}, title), h('p', {}, text), ...more)

export const notFound = (): HTMLElement =>
  note(
    'There is nothing here',
    'The post may have been taken back, or the address has a slip of the pen in it.',
    h('p', {}, h('a', { href: '/' }, 'The newest posts')),
  )

function reason(error: unknown): string {
  if (error instanceof TypeError) return 'The server cannot be reached.'
  return error instanceof Error ? error.message : String(error)
}

/** Everything that can go wrong while a page is fetched, with a way on from there. */
export function failure(error: unknown): HTMLElement {
  if (hasCode(error, 'NOT_FOUND')) return notFound()
  const again = h('button', { type: 'button', class: 'button', onclick: () => location.reload() }, 'Try again')
  return note('That did not work', reason(error), h('p', {}, again))
}

/** A form's or button's error, said in place. */
export const complain = (place: HTMLElement, error: unknown): void => {
  place.textContent = reason(error)
}
