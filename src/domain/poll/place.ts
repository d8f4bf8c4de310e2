import { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'

/** Open ones and drafts of one thing, each of polls and surveys. More than these bury what they hang on. */
const MAX_ON_SUBJECT = 100

const COUNT = {
  polls: `select count(*)::int as there from polls where subject_id = $1::text::uuid and state <> 'CLOSED'
    and (state = 'DRAFT' or closes_at is null or closes_at > clock_timestamp())`,
  surveys: `select count(*)::int as there from surveys where subject_id = $1::text::uuid and state <> 'CLOSED'
    and (state = 'DRAFT' or closes_at is null or closes_at > clock_timestamp())`,
} as const

/** One more may hang there and be open. @throws DomainError `LIMIT_EXCEEDED`. */
export async function ensurePlaceFor(what: keyof typeof COUNT, tx: Transaction, subjectId: Uuid): Promise<void> {
  const [{ there = 0 } = {}] = await tx.query<{ there: number }>(COUNT[what], [subjectId])
  if (there < MAX_ON_SUBJECT) return
  const message = `At most ${MAX_ON_SUBJECT} ${what} that are not closed hang on one thing.`
  throw new DomainError('LIMIT_EXCEEDED', message, ['input', 'subjectId'], { limit: MAX_ON_SUBJECT })
}
