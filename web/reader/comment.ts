import type { CommentWordsFragment, FurtherFragment } from '../gql/graphql.ts'
import { ago } from './dates.ts'
import { fromServer, h } from './element.ts'
import { authorPath } from './place.ts'
import { complain } from './states.ts'

/** A comment with as many of its replies as came along. */
export type Comment = CommentWordsFragment & {
  readonly replies?: { readonly nodes: readonly Comment[]; readonly pageInfo: FurtherFragment }
}

/** Where replies go. `more` is hidden once all of them are there; `after` is the cursor of the last. */
export interface Branch {
  readonly list: HTMLOListElement
  readonly more: HTMLButtonElement
  after: string | null
}

interface Doing {
  /** Makes the form for an answer; null where nobody can answer. */
  readonly reply: ((parentId: string, close: () => void) => HTMLElement) | null
  loadReplies(into: Branch): Promise<void>
}

const GONE: Readonly<Record<Comment['state'], string>> = {
  VISIBLE: '',
  DELETED: 'Deleted by its author.',
  REMOVED: 'Removed by a moderator.',
  HELD: 'Held for a moderator.',
}

/** One comment, and the place of its replies. */
export function commentView(
  comment: Comment,
  { reply, loadReplies }: Doing,
): { element: HTMLElement; replies: Branch } {
  const words = h('div', { class: 'prose comment-words' })
  if (comment.bodyHtml) words.append(fromServer(comment.bodyHtml))
  else words.append(h('p', { class: 'gone' }, GONE[comment.state]))

  const problem = h('p', { class: 'problem', role: 'alert' })
  const list = h('ol', { class: 'comments' })
  const load = async (): Promise<void> => {
    problem.textContent = ''
    try {
      await loadReplies(replies)
    } catch (error) {
      complain(problem, error)
    }
  }
  const more = h('button', { type: 'button', class: 'plain', onclick: () => void load() }, 'More replies')
  const replies: Branch = { list, more, after: null }

  const formPlace = h('div')
  const openForm = (): void => {
    if (reply === null || formPlace.firstChild !== null) return
    const close = (): void => {
      formPlace.replaceChildren()
      answer.hidden = false
      answer.focus()
    }
    formPlace.append(reply(comment.id, close))
    answer.hidden = true
    formPlace.querySelector('textarea')?.focus()
  }
  const answer = h('button', { type: 'button', class: 'plain', onclick: openForm }, 'Reply')

  const author = comment.author
  const element = h(
    'li',
    { id: comment.id },
    h(
      'article',
      { class: 'comment', 'aria-label': author ? `Comment by ${author.name}` : 'Comment' },
      h(
        'p',
        { class: 'byline' },
        author ? h('a', { href: authorPath(author.handle) }, author.name) : h('span', {}, 'Somebody'),
        ago(comment.createdAt),
        comment.editedAt ? h('span', {}, 'edited') : null,
      ),
      words,
      reply === null ? null : answer,
      formPlace,
    ),
    list,
    more,
    problem,
  )
  return { element, replies }
}
