import type { ReactedFragment } from '../gql/graphql.ts'
import { graphql } from '../gql/index.ts'
import { h } from './element.ts'
import { hasCode } from './graph.ts'
import { ask, type Me } from './session.ts'
import { openSignIn } from './sign-in.ts'
import { complain } from './states.ts'

graphql(`
  fragment Reacted on Reactable {
    reactionCounts {
      emoji
      count
    }
    viewerEmoji
  }
`)

const React = graphql(`
  mutation ReaderReact($input: ReactionInput!) {
    addReaction(input: $input) {
      subject {
        ...Reacted
      }
    }
  }
`)

const TakeBack = graphql(`
  mutation ReaderTakeBack($input: ReactionInput!) {
    removeReaction(input: $input) {
      subject {
        ...Reacted
      }
    }
  }
`)

const LIKE = '👍'
const NAMES: ReadonlyMap<string, string> = new Map([
  [LIKE, 'Like'],
  ['❤️', 'Love'],
  ['😂', 'Laugh'],
  ['😮', 'Wow'],
  ['😢', 'Sad'],
])

/** A button for liking, and one for each other way in which somebody has reacted. */
export function reactions(post: ReactedFragment & { readonly id: string }, me: Me | null): HTMLElement {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const row = h('div', { class: 'reactions', role: 'group', 'aria-label': 'Reactions' })
  const buttons = new Map<string, HTMLButtonElement>()

  const press = async (emoji: string, isPressed: boolean): Promise<void> => {
    if (me === null) return openSignIn()
    problem.textContent = ''
    const input = { subjectId: post.id, emoji }
    try {
      const { subject } = isPressed
        ? ((await ask(TakeBack, { input })).removeReaction ?? {})
        : ((await ask(React, { input })).addReaction ?? {})
      if (subject) show(subject)
    } catch (error) {
      if (hasCode(error, 'UNAUTHENTICATED')) openSignIn()
      else complain(problem, error)
    }
  }

  const show = ({ reactionCounts, viewerEmoji }: ReactedFragment): void => {
    const counts = new Map(reactionCounts.map(({ emoji, count }) => [emoji, count]))
    for (const emoji of [LIKE, ...counts.keys()]) {
      if (buttons.has(emoji)) continue
      const onclick = (): void => void press(emoji, button.ariaPressed === 'true')
      const button = h('button', { type: 'button', class: 'reaction', onclick })
      buttons.set(emoji, button)
      row.append(button)
    }
    for (const [emoji, button] of buttons) {
      const count = counts.get(emoji) ?? 0
      button.ariaPressed = String(viewerEmoji.includes(emoji))
      // A button that was just pressed stays where it is, also when nobody is left.
      button.replaceChildren(NAMES.get(emoji) ?? emoji, ...(count > 0 ? [' ', h('small', {}, String(count))] : []))
    }
  }

  show(post)
  return h('div', {}, row, problem)
}
