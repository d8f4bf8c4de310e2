import { EncryptedRoom, type Reading } from '../encrypted-room.ts'
import { EncryptionError } from '../errors.ts'
import { GraphError } from '../graph.ts'
import { graphServer } from '../graph-server.ts'
import { LocalDevice } from '../local-device.ts'
import { safetyNumber } from '../safety-number.ts'
import type { Server } from '../server.ts'
import { h } from './element.ts'
import { IndexedDbStore } from './indexed-db-store.ts'
import { openSession, type Session } from './session.ts'

/** The device of this browser; a new one where the server has forgotten the old one, or revoked it. */
async function openDevice(server: Server, accountId: string): Promise<LocalDevice> {
  const name = `atrium-encrypted-chat/${accountId}`
  const store = await IndexedDbStore.open(name)
  try {
    return await LocalDevice.open(server, store, 'This browser')
  } catch (error) {
    if (!(error instanceof EncryptionError) || error.code !== 'REVOKED_DEVICE') throw error
    store.close()
    await IndexedDbStore.delete(name)
    return LocalDevice.open(server, await IndexedDbStore.open(name), 'This browser')
  }
}

async function numberOf(server: Server, { me, other, roomId }: Session): Promise<string> {
  const devices = await server.devicesOf(roomId)
  const keysOf = (accountId: string) => ({
    accountId,
    identityKeys: devices.filter((each) => each.accountId === accountId).map(({ identityKey }) => identityKey),
  })
  return safetyNumber(keysOf(me.id), keysOf(other.id))
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

const note = (text: string, isWarning = false): HTMLElement =>
  h('li', { class: isWarning ? 'note warn' : 'note' }, text)

function elementOf(reading: Reading, me: string): HTMLElement | null {
  switch (reading.kind) {
    case 'keys':
      return null
    case 'deleted':
      return note('This message was deleted.')
    case 'unreadable':
      return note(reading.error.message, reading.error.code !== 'NOT_FOR_THIS_DEVICE')
    case 'text': {
      const { message, text, isLate } = reading
      const at = h('time', { datetime: message.createdAt }, time.format(new Date(message.createdAt)))
      const lateness = isLate ? ' (came late)' : ''
      return h('li', { class: message.authorId === me ? 'bubble own' : 'bubble' }, text, lateness, at)
    }
  }
}

/** One person's page. */
export async function showClient(as: string, other: string): Promise<void> {
  const messages = h('ol', { class: 'messages', 'aria-live': 'polite' })
  const show = (element: HTMLElement): void => {
    messages.append(element)
    messages.scrollTop = messages.scrollHeight
  }
  let before: { readonly line: HTMLElement; readonly count: number } | null = null
  const showReading = (reading: Reading, me: string): void => {
    const isBefore = reading.kind === 'unreadable' && reading.error.code === 'NOT_FOR_THIS_DEVICE'
    const element = elementOf(reading, me)
    if (element === null) return
    // Of a long history that was never meant for this device, one line is enough.
    if (isBefore && before !== null) {
      before = { line: before.line, count: before.count + 1 }
      before.line.textContent = `${before.count} messages were written before this device could read here.`
      return
    }
    before = isBefore ? { line: element, count: 1 } : null
    show(element)
  }
  const fail = (error: unknown): void => show(note(error instanceof Error ? error.message : String(error), true))
  try {
    const session = await openSession(as, other)
    const { graph, me, other: peer, roomId } = session
    const server = graphServer(graph)
    // Two windows of one device would take the same keys: the second waits until the first is closed.
    await new Promise<void>((resolve) => {
      void navigator.locks.request(`atrium-encrypted-chat/${me.id}`, () => {
        resolve()
        return new Promise(() => {})
      })
    })
    const device = await openDevice(server, me.id)
    const number = h('p', { class: 'number', hidden: true })
    const showNumber = async (): Promise<void> => {
      const groups = (await numberOf(server, session)).split(' ')
      const explanation = `Compare it with ${peer.name} over another way than this server. The same number: nobody is between you.`
      number.replaceChildren(h('output', {}, ...groups.map((group) => h('span', {}, group))), explanation)
    }
    const toggle = (): void => {
      number.hidden = !number.hidden
      if (!number.hidden) void showNumber().catch(fail)
    }
    const room = new EncryptedRoom(device, server, roomId, {
      onNewDevice: ({ accountId }) => {
        const whose = accountId === me.id ? 'You have' : `${peer.name} has`
        show(note(`${whose} a device that was not seen before: the safety number is another now.`, true))
        if (!number.hidden) void showNumber().catch(fail)
      },
      onAlarm: fail,
    })
    document.title = `${me.name} · Encrypted chat`
    document.body.replaceChildren(
      h(
        'main',
        { class: 'client' },
        h(
          'header',
          { class: 'top' },
          h('span', { class: 'initial', 'aria-hidden': 'true' }, me.name.slice(0, 1)),
          h(
            'div',
            { class: 'who' },
            h('h1', {}, me.name),
            h('p', { class: 'sub' }, `with ${peer.name}, end-to-end encrypted`),
          ),
          h('button', { class: 'toggle', type: 'button', onclick: toggle }, 'Safety number'),
        ),
        number,
        messages,
        composer(room, fail),
      ),
    )
    await listen(room, session, (reading) => showReading(reading, me.id))
  } catch (error) {
    if (!messages.isConnected) document.body.replaceChildren(messages)
    fail(error)
  }
}

const RETRY_MS = 2_000

/** For as long as the page is open: a socket that was closed, as when the session's token ran out, is opened anew. */
async function listen(room: EncryptedRoom, session: Session, show: (reading: Reading) => void): Promise<never> {
  let cursor: string | null = null
  for (;;) {
    try {
      for await (const reading of room.listen(cursor)) {
        cursor = reading.message.cursor
        show(reading)
      }
    } catch (error) {
      if (error instanceof GraphError && error.code !== 'SOCKET_CLOSED' && error.code !== 'UNAUTHENTICATED') throw error
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    // A server that is away now is asked again after the next pause.
    await session.renew().catch(() => {})
  }
}

function composer(room: EncryptedRoom, fail: (error: unknown) => void): HTMLElement {
  const text = h('input', {
    class: 'words',
    name: 'text',
    placeholder: 'Write a message',
    'aria-label': 'Message',
    autocomplete: 'off',
  })
  const button = h('button', { class: 'send', type: 'submit' }, 'Send')
  const send = async (): Promise<void> => {
    const words = text.value.trim()
    if (words === '') return
    button.disabled = true
    try {
      await room.send(words)
      text.value = ''
    } catch (error) {
      fail(error)
    } finally {
      button.disabled = false
    }
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    void send()
  }
  return h('form', { onsubmit: submit }, text, button)
}
