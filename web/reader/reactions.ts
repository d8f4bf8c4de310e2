import type { ReactedFragment, ReactionKind } from '../gql/graphql.ts'
import { graphql } from '../gql/index.ts'
import { h } from './element.ts'
import { hasCode } from './graph.ts'
import { ask, type Me } from './session.ts'
import { openSignIn } from './sign-in.ts'
import { complain } from './states.ts'

graphql(`
  fragment Reacted on Reactable {
    reactionCounts {
      kind
      count
    }
    viewerReactions
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

const NAMES: Readonly<Record<ReactionKind, string>> = {
  LIKE: 'Like',
  LOVE: 'Love',
  LAUGH: 'Laugh',
  WOW: 'Wow',
  SAD: 'Sad',
}

/** A button for liking, and one for each other way in which somebody has reacted. */
export function reactions(post: ReactedFragment & { readonly id: string }, me: Me | null): HTMLElement {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const row = h('div', { class: 'reactions', role: 'group', 'aria-label': 'Reactions' })
  const buttons = new Map<ReactionKind, HTMLButtonElement>()

  const press = async (kind: ReactionKind, isPressed: boolean): Promise<void> => {
    if (me === null) return openSignIn()
    problem.textContent = ''
    const input = { subjectId: post.id, kind }
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

  const show = ({ reactionCounts, viewerReactions }: ReactedFragment): void => {
    const counts = new Map(reactionCounts.map(({ kind, count }) => [kind, count]))
    for (const kind of ['LIKE', ...counts.keys()] as const) {
      if (buttons.has(kind)) continue
      const onclick = (): void => void press(kind, button.ariaPressed === 'true')
      const button = h('button', { type: 'button', class: 'reaction', onclick })
      buttons.set(kind, button)
      row.append(button)
    }
    for (const [kind, button] of buttons) {
      const count = counts.get(kind) ?? 0
      button.ariaPressed = String(viewerReactions.includes(kind))
      // A button that was just pressed stays where it is, also when nobody is left.
      button.replaceChildren(NAMES[kind], ...(count > 0 ? [' ', h('small', {}, String(count))] : []))
    }
  }

  show(post)
  return h('div', {}, row, problem)
}
