import { inArray, type SQLWrapper } from 'drizzle-orm'
import type { Transaction } from '../../db/database.ts'
import { surveys } from '../../db/tables/survey.ts'

/** The surveys that hang on subjects which are being deleted; they are subjects too. */
export const surveysOn = (tx: Transaction, ids: SQLWrapper) =>
  tx.orm.select({ id: surveys.id }).from(surveys).where(inArray(surveys.subjectId, ids))
