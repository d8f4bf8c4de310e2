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

const PRIVATE = {
  room: {
    title: 'A conversation',
    subtitle: 'Only its members read it.',
    advice: 'Open it in the app that you use with this server, or sign in to the playground and ask for it.',
    shown: '... on Room { memberCount messages(last: 20) { nodes { body } } }',
  },
  order: {
    title: 'An order',
    subtitle: 'Only its buyer and the shop see it.',
    advice:
      'The link in the mail with your receipt shows what you paid. For the order itself, sign in to the playground and ask for it.',
    shown: '... on Order { status lines { title quantity } }',
  },
  billgroup: {
    title: 'Shared bills',
    subtitle: 'Only those who share see them.',
    advice: 'Open them in the app that you use with this server, or sign in to the playground and ask for them.',
    shown: '... on BillGroup { name bills(first: 20) { nodes { description } } }',
  },
  workout: {
    title: 'A workout',
    subtitle: 'Only those with whom it is shared see it.',
    advice: 'Open it in the app that you use with this server, or sign in to the playground and ask for it.',
    shown: '... on Workout { name notes }',
  },
} as const

/** What is for its own people only, by the prefix of its id. */
export type PrivatePrefix = keyof typeof PRIVATE

/** For what only its own people may see: it says nothing that the address does not say. */
export function privateSignpost(prefix: PrivatePrefix, id: Uuid): Signpost {
  const { shown, ...said } = PRIVATE[prefix]
  return { ...said, facts: [], more: [], operation: `{ node(id: "${encodeId(prefix, id)}") { ${shown} } }` }
}
