import { encodeId, type Uuid } from '../core/ids.ts'

/**
 * What somebody finds who follows a link from a mail to a thing that has no page of its own: what it is, and what to do next.
 * Texts are plain.
 */
export interface Signpost {
  readonly title: string
  readonly subtitle: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly advice: string
  /** Further signposts, below the public address. */
  readonly more: readonly { readonly label: string; readonly path: string }[]
  /** A GraphQL operation that shows it. */
  readonly operation: string
}

/** For what only its own people may see: it says nothing that the address does not say. */
export const privateSignpost = (prefix: 'room' | 'order', id: Uuid): Signpost => ({
  title: prefix === 'room' ? 'A conversation' : 'An order',
  subtitle: prefix === 'room' ? 'Only its members read it.' : 'Only its buyer and the shop see it.',
  facts: [],
  advice:
    prefix === 'room'
      ? 'Open it in the app that you use with this server, or sign in to the playground and ask for it.'
      : 'The link in the mail with your receipt shows what you paid. For the order itself, sign in to the playground and ask for it.',
  more: [],
  operation:
    prefix === 'room'
      ? `{ node(id: "${encodeId(prefix, id)}") { ... on Room { memberCount messages(last: 20) { nodes { body } } } } }`
      : `{ order(id: "${encodeId(prefix, id)}") { status lines { title quantity } } }`,
})
