import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'

/** Anything about the workout changed: its status, an exercise, a set, or that it is gone. */
export const workoutChanged = (workoutId: Uuid) => topic<Record<string, never>>('workoutChanged', workoutId)

export const tellChange = (deps: Pick<Deps, 'bus'>, tx: Transaction, workoutId: Uuid): void =>
  tx.afterCommit(() => deps.bus.publish(workoutChanged(workoutId), {}))
