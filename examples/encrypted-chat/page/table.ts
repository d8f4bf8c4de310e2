import { graphServer } from '../graph-server.ts'
import { h } from './element.ts'
import { openSession } from './session.ts'

/** Two people side by side, and below them what the server keeps of what they say. */
export async function showTable(one: string, other: string): Promise<void> {
  const frame = (as: string, peer: string) => h('iframe', { src: `?as=${as}&with=${peer}`, title: `The page of ${as}` })
  const kept = h('ol')
  document.body.replaceChildren(
    h(
      'main',
      { class: 'table' },
      h(
        'header',
        {},
        h('h1', {}, 'Two clients, one server that cannot read them'),
        h('p', { class: 'lead' }, 'Each side is a device with keys of its own. Write on either.'),
      ),
      frame(one, other),
      frame(other, one),
      h('section', { class: 'kept' }, h('h2', {}, 'What the server keeps'), kept),
    ),
  )
  const { graph, me, other: peer, roomId } = await openSession(one, other)
  for await (const { authorId, ciphertext } of graphServer(graph).messages(roomId, null)) {
    const author = authorId === me.id ? me.name : peer.name
    // They all begin with the same words: for which room it is, and from which device.
    const end = ciphertext === null ? '' : `${ciphertext.length} characters …${ciphertext.slice(-200)}`
    kept.append(h('li', {}, h('b', {}, author), end))
    kept.scrollTop = kept.scrollHeight
  }
}
