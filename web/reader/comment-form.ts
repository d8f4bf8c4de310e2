import { graphql } from '../gql/index.ts'
import type { Comment } from './comment.ts'
import { h } from './element.ts'
import { GraphError, hasCode } from './graph.ts'
import { ask } from './session.ts'
import { openSignIn } from './sign-in.ts'
import { complain } from './states.ts'

const AddComment = graphql(`
  mutation ReaderAddComment($input: AddCommentInput!) {
    addComment(input: $input) {
      comment {
        ...CommentWords
        subject {
          commentCount
        }
      }
      userErrors {
        message
      }
    }
  }
`)

interface FormOptions {
  readonly subjectId: string
  readonly parentId: string | null
  written(comment: Comment, commentCount: number): void
  /** For a form that was opened to answer. */
  readonly close?: (() => void) | undefined
}

/** Sends with its button or Ctrl+Enter. What was typed stays until the server has it. */
export function commentForm({ subjectId, parentId, written, close }: FormOptions): HTMLFormElement {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const text = h('textarea', {
    name: 'body',
    rows: 3,
    required: true,
    maxlength: 10_000,
    'aria-label': parentId === null ? 'Your comment' : 'Your reply',
    placeholder: parentId === null ? 'Say something. Markdown works.' : 'Your reply',
  })
  const submit = h('button', { type: 'submit', class: 'button' }, parentId === null ? 'Comment' : 'Reply')
  /** The same comment sent again, after an answer that got lost, is the same comment. */
  let sending: { body: string; key: string } | null = null

  const post = async (): Promise<void> => {
    const body = text.value
    if (sending?.body !== body) sending = { body, key: crypto.randomUUID() }
    problem.textContent = ''
    submit.disabled = true
    try {
      const input = { subjectId, parentId, body, idempotencyKey: sending.key }
      const { addComment } = await ask(AddComment, { input })
      if (!addComment?.comment) {
        throw new GraphError('INVALID_INPUT', addComment?.userErrors[0]?.message ?? 'It was not taken.')
      }
      sending = null
      text.value = ''
      const { subject, ...comment } = addComment.comment
      written(comment, subject.commentCount)
      close?.()
    } catch (error) {
      if (hasCode(error, 'UNAUTHENTICATED')) openSignIn()
      else complain(problem, error)
    } finally {
      submit.disabled = false
    }
  }

  const form = h(
    'form',
    { class: 'comment-form' },
    text,
    problem,
    h(
      'p',
      { class: 'form-buttons' },
      submit,
      close ? h('button', { type: 'button', class: 'plain', onclick: close }, 'Cancel') : null,
    ),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void post()
  })
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
    if (event.key === 'Escape') close?.()
  })
  return form
}
