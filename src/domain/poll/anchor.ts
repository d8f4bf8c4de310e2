import { inArray, type SQLWrapper } from 'drizzle-orm'
import type { Transaction } from '../../db/database.ts'
import { polls } from '../../db/tables/poll.ts'

/** The polls that hang on subjects which are being deleted; they are subjects too. */
export const pollsOn = (tx: Transaction, ids: SQLWrapper) =>
  tx.orm.select({ id: polls.id }).from(polls).where(inArray(polls.subjectId, ids))
