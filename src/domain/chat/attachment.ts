import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { messageAttachments } from '../../db/tables/chat/message.ts'
import { webAddress } from '../input.ts'
import { findSubject } from '../subject/registry.ts'
import type { SubjectRef } from '../subject/rules.ts'
import type { Viewer } from '../viewer.ts'
import { MAX_ATTACHMENTS } from './rules.ts'

/** A thing of the graph, or an address elsewhere. */
export type Attachment = { on: SubjectRef } | { url: string }

export interface CheckedAttachments {
  readonly rows: readonly { subjectId: Uuid | null; url: string | null }[]
  readonly hasPoll: boolean
}

const address = webAddress('An attachment').refine(
  (url) => url.startsWith('https:'),
  'An attachment is an https address.',
)

/** @throws DomainError `NOT_FOUND` for what the viewer cannot see, `INVALID_INPUT`, `LIMIT_EXCEEDED`. */
export async function checkAttachments(
  tx: Transaction,
  viewer: Viewer,
  attachments: readonly Attachment[],
): Promise<CheckedAttachments> {
  if (attachments.length > MAX_ATTACHMENTS) {
    const limit = MAX_ATTACHMENTS
    throw new DomainError('LIMIT_EXCEEDED', `A message has at most ${limit} attachments.`, ['input', 'attachments'], {
      limit,
    })
  }
  const rows: { subjectId: Uuid | null; url: string | null }[] = []
  let hasPoll = false
  for (const [position, attachment] of attachments.entries()) {
    const path = ['input', 'attachments', String(position)]
    if ('url' in attachment) {
      const { data, error } = address.safeParse(attachment.url)
      if (data === undefined) throw invalidInput(path, z.flattenError(error).formErrors[0] ?? 'It is no https address.')
      rows.push({ subjectId: null, url: data })
      continue
    }
    if ((await findSubject(tx, viewer, attachment.on)) === null) throw notFound('attachment', path)
    hasPoll ||= attachment.on.kind === 'POLL'
    rows.push({ subjectId: attachment.on.id, url: null })
  }
  return { rows, hasPoll }
}

export async function attach(tx: Transaction, messageId: Uuid, { rows }: CheckedAttachments): Promise<void> {
  if (rows.length === 0) return
  await tx.orm.insert(messageAttachments).values(rows.map((row, position) => ({ messageId, position, ...row })))
}
