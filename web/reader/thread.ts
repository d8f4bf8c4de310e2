import type { ReaderPostQuery } from '../gql/graphql.ts'
import { graphql } from '../gql/index.ts'
import { type Branch, type Comment, commentView } from './comment.ts'
import { commentForm } from './comment-form.ts'
import { count } from './dates.ts'
import { h, speak } from './element.ts'
import { type Arrival, listen } from './live.ts'
import { ask, type Me } from './session.ts'
import { openSignIn } from './sign-in.ts'
import { complain } from './states.ts'

graphql(`
  fragment CommentPage on CommentConnection {
    nodes {
      ...CommentWords
      replies(first: 10) {
        nodes {
          ...CommentWords
          replies(first: 5) {
            nodes {
              ...CommentWords
            }
            pageInfo {
              ...Further
            }
          }
        }
        pageInfo {
          ...Further
        }
      }
    }
    pageInfo {
      ...Further
    }
  }
`)

graphql(`
  fragment CommentWords on Comment {
    id
    bodyHtml
    state
    createdAt
    editedAt
    depth
    replyCount
    streamCursor
    parent {
      id
    }
    author {
      handle
      name
    }
  }
`)

graphql(`
  fragment Further on PageInfo {
    hasNextPage
    endCursor
  }
`)

const OlderComments = graphql(`
  query ReaderOlderComments($id: ID!, $after: String) {
    node(id: $id) {
      __typename
      ... on Post {
        comments(first: 20, after: $after) {
          ...CommentPage
        }
      }
    }
  }
`)

const Replies = graphql(`
  query ReaderReplies($id: ID!, $after: String) {
    node(id: $id) {
      __typename
      ... on Comment {
        replies(first: 20, after: $after) {
          ...CommentPage
        }
      }
    }
  }
`)

type Post = Pick<NonNullable<ReaderPostQuery['post']>, 'id' | 'commentCount' | 'comments'>

/** The comments of a post, the newest first, each with its replies below it; and new ones as they are written. */
export function showThread(post: Post, me: Me | null): HTMLElement {
  /** Where replies to a comment go, by the comment's id; the post's own comments under the post's id. */
  const branches = new Map<string, Branch>()
  const seen = new Set<string>()
  let newest: Comment | null = null

  const heading = h('h2', { id: 'comments-title' })
  const setCount = (number: number): void => {
    heading.textContent = number === 0 ? 'Comments' : count(number, 'comment')
  }

  const note = (comment: Comment): void => {
    seen.add(comment.id)
    if (newest === null || comment.createdAt > newest.createdAt) newest = comment
  }

  const addPage = (branch: Branch, { nodes, pageInfo }: NonNullable<Comment['replies']>): void => {
    for (const comment of nodes) if (!seen.has(comment.id)) place(branch, comment, 'end')
    branch.more.hidden = !pageInfo.hasNextPage
    branch.after = pageInfo.endCursor ?? branch.after
  }

  const place = (branch: Branch, comment: Comment, side: 'start' | 'end'): HTMLElement => {
    note(comment)
    const reply = me === null || comment.state !== 'VISIBLE' ? null : write
    const { element, replies } = commentView(comment, { reply, loadReplies: (into) => loadReplies(comment.id, into) })
    branches.set(comment.id, replies)
    if (comment.replies) addPage(replies, comment.replies)
    else replies.more.hidden = comment.replyCount === 0
    if (side === 'start') branch.list.prepend(element)
    else branch.list.append(element)
    return element
  }

  const loadReplies = async (id: string, into: Branch): Promise<void> => {
    const { node } = await ask(Replies, { id, after: into.after })
    if (node?.__typename === 'Comment') addPage(into, node.replies)
  }

  /** A comment that was just written, here or elsewhere. Null where its place is not on the page yet. */
  const arrive = (comment: Comment): HTMLElement | null => {
    if (seen.has(comment.id)) return null
    const branch = branches.get(comment.parent?.id ?? post.id)
    note(comment)
    if (branch === undefined) return null
    const isAnswer = comment.parent !== null && comment.parent !== undefined
    // Replies stand in their order: what comes after some that are not loaded is loaded with them.
    if (isAnswer && !branch.more.hidden) return null
    return place(branch, comment, isAnswer ? 'end' : 'start')
  }

  const write = (parentId: string | null, close?: () => void): HTMLFormElement =>
    commentForm({
      subjectId: post.id,
      parentId,
      close,
      written(comment, commentCount) {
        setCount(commentCount)
        arrive(comment)?.scrollIntoView({ block: 'nearest' })
      },
    })

  const hear = ({ subject, ...comment }: Arrival): void => {
    setCount(subject.commentCount)
    const element = arrive(comment)
    if (element === null) return
    element.classList.add('arrived')
    speak(`New comment by ${comment.author?.name ?? 'somebody'}`)
  }

  const list = h('ol', { class: 'comments' })
  const problem = h('p', { class: 'problem', role: 'alert' })
  const more = h('button', { type: 'button', class: 'button', onclick: () => void loadOlder() }, 'Older comments')
  const top: Branch = { list, more, after: null }
  const loadOlder = async (): Promise<void> => {
    problem.textContent = ''
    try {
      const { node } = await ask(OlderComments, { id: post.id, after: top.after })
      if (node?.__typename === 'Post') addPage(top, node.comments)
    } catch (error) {
      complain(problem, error)
    }
  }
  branches.set(post.id, top)
  setCount(post.commentCount)
  addPage(top, post.comments)
  listen({ on: post.id, after: () => newest?.streamCursor ?? '', hear })

  return h(
    'section',
    { class: 'thread', id: 'comments', 'aria-labelledby': 'comments-title' },
    heading,
    me === null ? invitation() : write(null),
    list,
    more,
    problem,
  )
}

const invitation = (): HTMLElement =>
  h('p', {}, h('button', { type: 'button', class: 'button', onclick: openSignIn }, 'Sign in to comment'))
