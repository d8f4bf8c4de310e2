import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId } from '../../core/ids.ts'
import { findWorkoutRow } from '../../db/queries/workout/workouts.ts'
import type { WorkoutRow } from '../../db/relations/workout.ts'
import { unfollowed } from '../../domain/account/follow.ts'
import { subjectWithdrawn } from '../../domain/subject/topics.ts'
import { getSharedWorkout } from '../../domain/workout/subject.ts'
import { workoutChanged } from '../../domain/workout/topics.ts'
import { liveState } from '../../live/source.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import type { Context } from '../../schema/context.ts'
import { Workout } from '../../schema/workout/workout.ts'

@Resolver()
export class WorkoutLiveResolver {
  @Subscription(() => Workout, {
    description:
      'The workout as it is now, then after each change: its status, exercises and sets, so that a second screen follows the first. Ends with `NOT_FOUND` when it is deleted, or is not shown to the viewer any more.',
    subscribe: ({ args, context }) => watchWorkout(context as Context, (args as { workoutId: string }).workoutId),
  })
  @Rule(everyone)
  workoutUpdated(@Root() workout: WorkoutRow, @Arg('workoutId', () => ID) _workoutId: string) {
    return workout
  }
}

async function watchWorkout({ deps, viewer }: Context, workoutId: string) {
  const { db, bus } = deps
  const path = ['workoutId']
  const id = decodeId('workout', workoutId, path)
  await getSharedWorkout(db, viewer, id, path)
  return liveState<WorkoutRow & { __typename: string }>({
    bus,
    key: `workoutUpdated:${id}`,
    topics: [workoutChanged(id)],
    recheckOn: [subjectWithdrawn(id), ...(viewer === null ? [] : [unfollowed(viewer.accountId)])],
    async admit() {
      await getSharedWorkout(db, viewer, id, path)
      return ''
    },
    async load() {
      const workout = await findWorkoutRow(db, id)
      if (workout === null) throw notFound('workout', path)
      return { ...workout, __typename: 'Workout' }
    },
  })
}
