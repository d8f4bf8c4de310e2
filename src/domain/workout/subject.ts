import { and, eq } from 'drizzle-orm'
import { notFound } from '../../core/errors.ts'
import { encodeId, type Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { follows } from '../../db/tables/account.ts'
import { workouts } from '../../db/tables/workout/workout.ts'
import type { SubjectRules } from '../subject/rules.ts'
import type { Viewer } from '../viewer.ts'
import { canSeeShared, type WorkoutFacts } from './rules.ts'

/** Whether the viewer follows who shares it; asked only where it makes a difference. */
export async function maySeeShared(db: Executor, viewer: Viewer | null, thing: WorkoutFacts): Promise<boolean> {
  if (canSeeShared(viewer, thing, false)) return true
  if (viewer === null || thing.visibility !== 'FOLLOWERS') return false
  const isFollower = and(eq(follows.followerId, viewer.accountId), eq(follows.followeeId, thing.ownerId))
  return (await db.orm.$count(follows, isFollower)) > 0
}

const findWorkoutFacts = async (db: Executor, id: Uuid) => {
  const [workout] = await db.orm
    .select({ ownerId: workouts.ownerId, visibility: workouts.visibility, name: workouts.name })
    .from(workouts)
    .where(eq(workouts.id, id))
  return workout ?? null
}

/** @throws DomainError `NOT_FOUND` where there is none or the viewer may not see it. */
export async function getSharedWorkout(db: Executor, viewer: Viewer | null, id: Uuid, path: readonly string[]) {
  const workout = await findWorkoutFacts(db, id)
  if (workout === null || !(await maySeeShared(db, viewer, workout))) throw notFound('workout', path)
}

/** Who may see a workout may comment on it and cheer. Where it is read is its own address in the graph. */
export const workoutSubject: SubjectRules = {
  kind: 'WORKOUT',
  idPrefix: 'workout',
  isCommentable: true,
  async find(db, viewer, id) {
    const workout = await findWorkoutFacts(db, id)
    if (workout === null || !(await maySeeShared(db, viewer, workout))) return null
    return {
      kind: 'WORKOUT',
      id,
      ownerId: workout.ownerId,
      title: workout.name,
      path: `/workouts/${encodeId('workout', id)}`,
      acceptsComments: true,
      acceptsReactions: true,
      viewerMayAttach: false,
      viewerMayModerate: false,
    }
  },
}
