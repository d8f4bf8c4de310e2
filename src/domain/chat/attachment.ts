import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { messageAttachments } from '../../db/tables/chat/message.ts'
import type { Deps } from '../deps.ts'
import { checkInput, line, webAddress } from '../input.ts'
import { findSubject } from '../subject/registry.ts'
import type { SubjectRef } from '../subject/rules.ts'
import { claimUploads } from '../upload/claim.ts'
import type { Viewer } from '../viewer.ts'
import { MAX_ATTACHMENTS } from './rules.ts'

/** A thing of the graph, an address elsewhere, or a file. */
export type Attachment = { on: SubjectRef } | { url: string } | { uploadId: Uuid; alt?: string | undefined }

interface AttachedThing {
  subjectId: Uuid | null
  url: string | null
  uploadId: Uuid | null
  alt: string | null
}

export interface CheckedAttachments {
  readonly rows: readonly AttachedThing[]
  readonly hasPoll: boolean
}

const NOTHING: AttachedThing = { subjectId: null, url: null, uploadId: null, alt: null }

const description = line('What a picture shows', 1, 300)

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
  const rows: AttachedThing[] = []
  let hasPoll = false
  for (const [position, attachment] of attachments.entries()) {
    const path = ['input', 'attachments', String(position)]
    if ('uploadId' in attachment) {
      const { uploadId, alt } = attachment
      const checked = alt === undefined ? null : checkInput(description, alt, [...path, 'alt'])
      rows.push({ ...NOTHING, uploadId, alt: checked })
      continue
    }
    if ('url' in attachment) {
      const { data, error } = address.safeParse(attachment.url)
      if (data === undefined) throw invalidInput(path, z.flattenError(error).formErrors[0] ?? 'It is no https address.')
      rows.push({ ...NOTHING, url: data })
      continue
    }
    if ((await findSubject(tx, viewer, attachment.on)) === null) throw notFound('attachment', path)
    hasPoll ||= attachment.on.kind === 'POLL'
    rows.push({ ...NOTHING, subjectId: attachment.on.id })
  }
  return { rows, hasPoll }
}

/**
 * Writes what was checked, and takes the uploads: only now, when the message is known not to be there already.
 * @throws DomainError as `claimUploads`
 */
export async function attach(
  deps: Deps,
  tx: Transaction,
  viewer: Viewer,
  message: { messageId: Uuid; isSealed: boolean },
  { rows }: CheckedAttachments,
): Promise<void> {
  if (rows.length === 0) return
  await claimUploads(deps, tx, viewer, {
    ids: rows.flatMap(({ uploadId }) => uploadId ?? []),
    // Between those who can read it and the server there is no third way: the room decides, and the message is of its kind.
    use: message.isSealed ? 'SEALED_ATTACHMENT' : 'ATTACHMENT',
    pathOf: (id) => ['input', 'attachments', String(rows.findLastIndex(({ uploadId }) => uploadId === id)), 'uploadId'],
  })
  const { messageId } = message
  await tx.orm.insert(messageAttachments).values(rows.map((row, position) => ({ messageId, position, ...row })))
}
