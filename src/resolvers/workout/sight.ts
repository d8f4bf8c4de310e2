import { workoutById } from '../../db/relations/workout.ts'
import { isOwner, type WorkoutFacts } from '../../domain/workout/rules.ts'
import { viewerFollows } from '../../loaders/account.ts'
import type { Context } from '../../schema/context.ts'

/** The viewer is looked at last: what is public is shown to all who listen alike. */
export async function maySee(context: Context, thing: WorkoutFacts): Promise<boolean> {
  if (thing.visibility === 'PUBLIC') return true
  const { viewer, loaders } = context
  if (viewer === null || isOwner(viewer, thing)) return viewer !== null
  return thing.visibility === 'FOLLOWERS' && viewerFollows(loaders, viewer.accountId, thing.ownerId)
}

/** The workout if the viewer may see it, batched. */
export async function findWorkout(context: Context, id: string) {
  const workout = await context.loaders.one(workoutById, id)
  return workout !== null && (await maySee(context, workout)) ? workout : null
}
