import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { weightUnit, workoutVisibility } from '../../db/tables/workout/exercise.ts'
import { workoutSettings } from '../../db/tables/workout/plan.ts'
import type { Deps } from '../deps.ts'
import { checkInput, leftOut } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import type { WeightUnit, WorkoutVisibility } from './rules.ts'

export interface WorkoutSettings {
  readonly weightUnit: WeightUnit
  readonly weeklyGoal: number
  /** Of new workouts and plans that do not say it themselves. */
  readonly visibility: WorkoutVisibility
}

/** Of who has never changed them, whatever else they choose: weights without a unit were logged by them. */
const DEFAULTS: WorkoutSettings = { weightUnit: 'KG', weeklyGoal: 3, visibility: 'PRIVATE' }

export async function findSettings(db: Executor, accountId: Uuid): Promise<WorkoutSettings> {
  const [row] = await db.orm
    .select({
      weightUnit: workoutSettings.weightUnit,
      weeklyGoal: workoutSettings.weeklyGoal,
      visibility: workoutSettings.visibility,
    })
    .from(workoutSettings)
    .where(eq(workoutSettings.accountId, accountId))
  return row ?? DEFAULTS
}

const change = z.object({
  weightUnit: leftOut(z.enum(weightUnit.enumValues)),
  weeklyGoal: leftOut(
    z.int('A goal is a whole number.').min(1, 'At least one workout a week.').max(14, 'At most 14 workouts a week.'),
  ),
  visibility: leftOut(z.enum(workoutVisibility.enumValues)),
})

/** Fields that are not given stay. @throws DomainError `INVALID_INPUT`. */
export function updateWorkoutSettings(
  deps: Deps,
  viewer: Viewer,
  input: { [Field in keyof WorkoutSettings]?: WorkoutSettings[Field] | undefined },
): Promise<WorkoutSettings> {
  const given = Object.fromEntries(Object.entries(checkInput(change, input)).filter(([, value]) => value !== undefined))
  const { accountId } = viewer
  return deps.db.transaction(async (tx) => {
    await tx.orm
      .insert(workoutSettings)
      .values({ accountId, ...(await findSettings(tx, accountId)) })
      .onConflictDoNothing()
    if (Object.keys(given).length > 0) {
      await tx.orm.update(workoutSettings).set(given).where(eq(workoutSettings.accountId, accountId))
    }
    return findSettings(tx, accountId)
  })
}
