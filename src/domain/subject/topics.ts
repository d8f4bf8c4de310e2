import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'

/** The subject was taken away or hidden: who listens to what hangs on it looks at once whether they still may. */
export const subjectWithdrawn = (subjectId: Uuid) => topic<Record<string, never>>('subjectWithdrawn', subjectId)

/** For rooms that take a subject away from some who could see it. */
export const tellWithdrawal = (deps: Pick<Deps, 'bus'>, tx: Transaction, subjectId: Uuid): void =>
  tx.afterCommit(() => deps.bus.publish(subjectWithdrawn(subjectId), {}))
