import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, periodOf } from '../../src/core/calendar.ts'
import { instantOf, localDate } from '../../src/core/local-time.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { WorkoutClient } from '../support/workout.ts'

let server: TestServer
let client: WorkoutClient
let members = 0
const newcomer = () => {
  members += 1
  return server.world.person({ handle: `member-${members}` })
}
beforeAll(async () => {
  server = await startTestServer()
  client = new WorkoutClient(server)
}, 60_000)
afterAll(() => server.close())

const REPORT = `query ($from: LocalDate!, $to: LocalDate!, $timeZone: TimeZone) { viewer { workoutReport(from: $from, to: $to, timeZone: $timeZone) {
  timeZone planned inProgress done skipped cancelled missed percentFinished
  exercises { exercise { name } workoutCount setCount repCount volume { kilograms } durationSeconds distanceMetres
    bestSet { reps weight { kilograms } } bestOneRepMax { grams } maxWeight { kilograms } }
  muscles { muscle setCount volume { kilograms } }
  weeks { firstDay lastDay done setCount volume { kilograms } durationSeconds } } } }`

const reportOf = async (viewer: Viewer, from: string, to: string, timeZone?: string) => {
  const { data, errors } = await client.ask(REPORT, { from, to, timeZone }, viewer)
  return errors?.[0]?.extensions.code ?? data.viewer.workoutReport
}

describe('the report of a period', () => {
  test('counts what was planned and what came of it: cancelled ones do not count, and nothing is null', async () => {
    const eve = await newcomer()
    expect(await reportOf(eve, '2024-03-01', '2024-03-31')).toMatchObject({
      percentFinished: null,
      done: 0,
      exercises: [],
      muscles: [],
    })
    const planned = async (
      day: string,
      ...steps: ('startWorkout' | 'finishWorkout' | 'skipWorkout' | 'cancelWorkout')[]
    ) => {
      const { id } = await client.must('scheduleWorkout', eve, { name: 'One', day })
      for (const step of steps)
        await client.must(step, eve, { id, ...(step === 'finishWorkout' && { withoutSets: true }) })
    }
    await planned('2024-03-01', 'startWorkout', 'finishWorkout')
    await planned('2024-03-02', 'startWorkout', 'finishWorkout')
    await planned('2024-03-03', 'skipWorkout')
    await planned('2024-03-04')
    await planned('2024-03-05', 'cancelWorkout')
    await planned('2024-03-31', 'startWorkout')
    await planned('2024-04-01', 'startWorkout', 'finishWorkout')
    expect(await reportOf(eve, '2024-03-01', '2024-03-31')).toMatchObject({
      planned: 1,
      missed: 1,
      inProgress: 1,
      done: 2,
      skipped: 1,
      cancelled: 1,
      percentFinished: 40,
    })
    expect(await reportOf(eve, '2024-03-05', '2024-03-05')).toMatchObject({ cancelled: 1, percentFinished: null })
    expect(await reportOf(eve, '2024-03-02', '2024-03-02')).toMatchObject({ percentFinished: 100 })
    const stranger = await newcomer()
    expect(await reportOf(stranger, '2024-03-01', '2024-03-31')).toMatchObject({ done: 0, percentFinished: null })
  })

  test('sums up each exercise, muscle group and week', async () => {
    const eve = await newcomer()
    await client.done(eve, '2024-03-04T10:00:00Z', {
      'Bench press': [
        ['80', 5],
        ['85', 3],
      ],
      'Pull-up': [
        ['0', 8],
        ['0', 11],
      ],
    })
    await client.done(eve, '2024-03-14T10:00:00Z', { 'Bench press': [['90', 2]], 'Face pull': [['20', 15]] })
    await client.done(eve, '2024-04-02T10:00:00Z', { 'Bench press': [['120', 5]] })
    const report = await reportOf(eve, '2024-03-05', '2024-03-20')
    expect(report.exercises.map((each: { exercise: { name: string } }) => each.exercise.name)).toEqual([
      'Face pull',
      'Bench press',
    ])
    const march = await reportOf(eve, '2024-03-01', '2024-03-31')
    expect(march.exercises).toMatchObject([
      {
        exercise: { name: 'Bench press' },
        workoutCount: 2,
        setCount: 3,
        repCount: 10,
        volume: { kilograms: '835' },
        bestOneRepMax: { grams: 96_000 },
        maxWeight: { kilograms: '90' },
        bestSet: { reps: 2, weight: { kilograms: '90' } },
      },
      { exercise: { name: 'Face pull' }, volume: { kilograms: '300' } },
      { exercise: { name: 'Pull-up' }, setCount: 2, repCount: 19, bestSet: { reps: 11 } },
    ])
    expect(march.muscles).toContainEqual({ muscle: 'CHEST', setCount: 3, volume: { kilograms: '835' } })
    expect(march.muscles).toContainEqual({ muscle: 'UPPER_BACK', setCount: 1, volume: { kilograms: '300' } })
    expect(march.weeks).toMatchObject([
      { firstDay: '2024-03-01', lastDay: '2024-03-03', done: 0, volume: { kilograms: '0' } },
      {
        firstDay: '2024-03-04',
        lastDay: '2024-03-10',
        done: 1,
        setCount: 4,
        volume: { kilograms: '655' },
        durationSeconds: 3600,
      },
      { firstDay: '2024-03-11', lastDay: '2024-03-17', done: 1, setCount: 2, volume: { kilograms: '480' } },
      { firstDay: '2024-03-18', lastDay: '2024-03-24', done: 0 },
      { firstDay: '2024-03-25', lastDay: '2024-03-31', done: 0 },
    ])
  })

  test('refuses an end before the start, more than three years, and what is no zone', async () => {
    const eve = await newcomer()
    expect(await reportOf(eve, '2024-03-02', '2024-03-01')).toBe('BAD_USER_INPUT')
    expect(await reportOf(eve, '2020-01-01', '2024-01-01')).toBe('BAD_USER_INPUT')
    expect(await reportOf(eve, '2024-01-01', '2024-02-01', 'Mars/Olympus')).toBe('BAD_USER_INPUT')
    expect(await reportOf(eve, '2021-01-01', '2023-12-31')).toMatchObject({ percentFinished: null })
  })
})

/** A minute before and after midnight in each zone, on days on which clocks change or the offset is odd. */
const MIDNIGHTS = [
  ['Europe/Paris', '2024-03-31'],
  ['Europe/Paris', '2024-10-27'],
  ['America/New_York', '2024-03-10'],
  ['America/New_York', '2024-11-03'],
  ['Asia/Kathmandu', '2024-06-01'],
  ['Pacific/Apia', '2024-01-01'],
  ['Pacific/Honolulu', '2024-12-31'],
  ['Australia/Lord_Howe', '2024-04-07'],
  // Clocks skip over midnight: the day begins at one.
  ['Africa/Cairo', '2024-04-26'],
  ['America/Santiago', '2024-09-08'],
] as const

describe('a day is the day of the member’s zone', () => {
  test.each(MIDNIGHTS)('in %s on %s', async (timeZone, day) => {
    const eve = await newcomer()
    const midnight = Date.parse(instantOf(`${day}T00:00`, timeZone).instant)
    const [before, after] = [-60_000, 60_000].map((ms) => new Date(midnight + ms).toISOString()) as [string, string]
    expect(localDate(before, timeZone)).toBe(addDays(day, -1))
    expect(localDate(after, timeZone)).toBe(day)
    const planned = async (instant: string) => {
      const utc = instant.slice(0, 16).split('T')
      return client.must('scheduleWorkout', eve, { name: instant, day: utc[0], time: utc[1], timeZone: 'UTC' })
    }
    await planned(before)
    await planned(after)
    // Without a time its date is what counts, wherever it is looked at from.
    await client.must('scheduleWorkout', eve, { name: 'Some time', day, timeZone: 'UTC' })
    await client.done(eve, before, { Dip: [['0', 5]] })
    await client.done(eve, after, { Dip: [['0', 7]] })
    const LIST = `query ($from: LocalDate, $to: LocalDate, $timeZone: TimeZone) { viewer { workouts(filter: { from: $from, to: $to, timeZone: $timeZone, statuses: [PLANNED] }) { nodes { name } } } }`
    const { data } = await client.ask(LIST, { from: day, to: day, timeZone }, eve)
    const names = data.viewer.workouts.nodes.map(({ name }: { name: string }) => name)
    expect(names.toSorted()).toEqual([after, 'Some time'].toSorted())
    const report = await reportOf(eve, day, day, timeZone)
    expect(report).toMatchObject({ planned: 2, exercises: [{ repCount: 7 }] })
    expect(await reportOf(eve, addDays(day, -1), addDays(day, -1), timeZone)).toMatchObject({
      planned: 1,
      exercises: [{ repCount: 5 }],
    })
    const PROGRESS = `query ($id: ID!, $day: LocalDate!, $timeZone: TimeZone) { viewer { exerciseProgress(exerciseId: $id, from: $day, to: $day, timeZone: $timeZone) { day repCount } } }`
    const progress = await client.ask(PROGRESS, { id: await client.exercise('Dip'), day, timeZone }, eve)
    expect(progress.data.viewer.exerciseProgress).toEqual([{ day, repCount: 7 }])
  })

  test('an own zone is that of the profile', async () => {
    const eve = await newcomer()
    await client.ask('mutation { updateProfile(input: { timeZone: "Asia/Tokyo" }) { userErrors { code } } }', {}, eve)
    const { timeZone } = await client.must('scheduleWorkout', eve, { name: 'Home', day: '2024-03-01', time: '07:00' })
    expect(timeZone).toBe('Asia/Tokyo')
    expect(await reportOf(eve, '2024-03-01', '2024-03-01')).toMatchObject({ timeZone: 'Asia/Tokyo', planned: 1 })
    expect(await reportOf(eve, '2024-02-29', '2024-02-29', 'UTC')).toMatchObject({ timeZone: 'UTC', planned: 1 })
  })
})

describe('today', () => {
  const TODAY = 'query ($timeZone: TimeZone) { viewer { workoutsToday(timeZone: $timeZone) { name status } } }'

  test.each(['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata', 'America/St_Johns'])(
    'in %s is what falls on it, in its order, and whatever goes on',
    async (timeZone) => {
      const eve = await newcomer()
      const day = localDate(Date.now(), timeZone)
      const plan = (name: string, more: object) => client.must('scheduleWorkout', eve, { name, timeZone, day, ...more })
      await plan('Evening', { time: '23:59' })
      await plan('Morning', { time: '00:00' })
      await plan('Some time', {})
      await plan('Tomorrow', { day: addDays(day, 1) })
      await plan('Yesterday', { day: addDays(day, -1) })
      const cancelled = await plan('Called off', {})
      await client.must('cancelWorkout', eve, { id: cancelled.id })
      const skipped = await plan('Skipped', { time: '12:00' })
      await client.must('skipWorkout', eve, { id: skipped.id })
      await client.begun(eve, {}, { name: 'Long ago and going on', day: '2024-01-01' })
      const { data } = await client.ask(TODAY, { timeZone }, eve)
      const names = data.viewer.workoutsToday.map(({ name }: { name: string }) => name)
      expect(names[0]).toBe('Long ago and going on')
      expect(names.slice(1, 3).toSorted()).toEqual(['Morning', 'Some time'])
      expect(names.slice(3)).toEqual(['Skipped', 'Evening'])
    },
  )
})

describe('the list of one’s own', () => {
  const LIST = `query ($filter: WorkoutFilter, $orderBy: WorkoutOrder, $first: Int, $after: String) { viewer {
    workouts(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { totalCount nodes { name } pageInfo { endCursor hasNextPage } } } }`
  const list = async (viewer: Viewer, variables: object) =>
    (await client.ask(LIST, { ...variables }, viewer)).data.viewer.workouts

  test('is sorted by date and time as they are on earth, filtered, and read page by page', async () => {
    const eve = await newcomer()
    const plan = (name: string, more: object) => client.must('scheduleWorkout', eve, { name, timeZone: 'UTC', ...more })
    await plan('Second', { day: '2024-05-01', time: '20:00', timeZone: 'America/New_York' })
    await plan('First', { day: '2024-05-01', time: '12:00' })
    const third = await plan('Third', { day: '2024-05-02', time: '09:30', timeZone: 'Asia/Tokyo' })
    const fourth = await plan('Fourth', { day: '2024-05-03' })
    const names = ({ nodes }: { nodes: { name: string }[] }) => nodes.map(({ name }) => name)
    // 20:00 in New York is midnight UTC; 09:30 in Tokyo is half past.
    expect(names(await list(eve, {}))).toEqual(['First', 'Second', 'Third', 'Fourth'])
    expect(names(await list(eve, { orderBy: 'LATEST' }))).toEqual(['Fourth', 'Third', 'Second', 'First'])
    const page = await list(eve, { first: 3 })
    expect([page.totalCount, page.pageInfo.hasNextPage]).toEqual([4, true])
    expect(names(await list(eve, { first: 3, after: page.pageInfo.endCursor }))).toEqual(['Fourth'])
    await client.must('startWorkout', eve, { id: third.id })
    await client.must('skipWorkout', eve, { id: fourth.id })
    expect(names(await list(eve, { filter: { statuses: ['PLANNED', 'IN_PROGRESS'] } }))).toEqual([
      'First',
      'Second',
      'Third',
    ])
    expect(names(await list(eve, { filter: { statuses: ['SKIPPED'] } }))).toEqual(['Fourth'])
    expect(names(await list(eve, { filter: { isMissed: true } }))).toEqual(['First', 'Second'])
    expect(names(await list(eve, { filter: { from: '2024-05-02', timeZone: 'UTC' } }))).toEqual([
      'Second',
      'Third',
      'Fourth',
    ])
    // Of one day, what has no time comes first, in whichever zone that day begins first.
    const eva = await newcomer()
    const planned = (name: string, more: object) => client.must('scheduleWorkout', eva, { name, ...more })
    await planned('Midday in Paris', { day: '2024-05-04', time: '12:00', timeZone: 'Europe/Paris' })
    await planned('Some time in Paris', { day: '2024-05-04', timeZone: 'Europe/Paris' })
    await planned('Some time in Tokyo', { day: '2024-05-04', timeZone: 'Asia/Tokyo' })
    const going = await planned('At one in Paris', { day: '2024-05-04', time: '01:00', timeZone: 'Europe/Paris' })
    await client.must('startWorkout', eva, { id: going.id })
    const filter = { statuses: ['PLANNED', 'IN_PROGRESS'] }
    const open = ['Some time in Tokyo', 'Some time in Paris', 'At one in Paris', 'Midday in Paris']
    expect(names(await list(eva, { filter }))).toEqual(open)
    const seen: string[] = []
    for (let after: string | undefined; seen.length < 4; ) {
      const { nodes, pageInfo } = await list(eva, { filter, first: 1, after })
      seen.push(...names({ nodes }))
      after = pageInfo.endCursor
    }
    expect(seen).toEqual(open)
    const wrong = await client.ask(LIST, { filter: { from: '2024-05-02', to: '2024-05-01' } }, eve)
    expect(wrong.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })
})

describe('a streak', () => {
  const STREAK = `query ($timeZone: TimeZone) { viewer { workoutStreak(timeZone: $timeZone) { currentWeeks longestWeeks weeklyGoal doneThisWeek } } }`
  const streakOf = async (viewer: Viewer, timeZone?: string) =>
    (await client.ask(STREAK, { timeZone }, viewer)).data.viewer.workoutStreak

  test('is of weeks in which the goal was reached; this week does not break it', async () => {
    const eve = await newcomer()
    expect(await streakOf(eve)).toEqual({ currentWeeks: 0, longestWeeks: 0, weeklyGoal: 3, doneThisWeek: 0 })
    await client.must('updateWorkoutSettings', eve, { weeklyGoal: 1 })
    const monday = periodOf('WEEK', localDate(Date.now(), 'UTC')).firstDay
    for (const weeksAgo of [1, 2, 3, 5, 6, 7, 8])
      await client.done(eve, `${addDays(monday, -7 * weeksAgo + 2)}T10:00:00Z`)
    expect(await streakOf(eve, 'UTC')).toEqual({ currentWeeks: 3, longestWeeks: 4, weeklyGoal: 1, doneThisWeek: 0 })
    await client.done(eve, new Date(Date.now() - 3_600_000).toISOString())
    await client.must('updateWorkoutSettings', eve, { weeklyGoal: 2 })
    expect(await streakOf(eve, 'UTC')).toMatchObject({ currentWeeks: 0, longestWeeks: 0, weeklyGoal: 2 })
  })

  test('is of weeks that begin on the day that is told, as are the weeks of a report', async () => {
    const eve = await newcomer()
    await client.must('updateWorkoutSettings', eve, { weeklyGoal: 1 })
    // A Sunday, and two Saturdays behind it.
    for (const day of ['2024-03-03', '2024-03-09', '2024-03-16']) await client.done(eve, `${day}T10:00:00Z`)
    const WEEKS = `query ($startsOn: Int) { viewer { workoutStreak(timeZone: "UTC", weekStartsOn: $startsOn) { longestWeeks }
      workoutReport(from: "2024-03-01", to: "2024-03-16", timeZone: "UTC") { weeks(weekStartsOn: $startsOn) { firstDay done } } } }`
    const weeks = async (variables: { startsOn?: number }) => {
      const { data, errors } = await client.ask(WEEKS, variables, eve)
      if (errors !== undefined) return errors.map(({ extensions }) => extensions)
      const { workoutStreak, workoutReport } = data.viewer
      const shown = workoutReport.weeks.map(
        (week: { firstDay: string; done: number }) => `${week.firstDay} ${week.done}`,
      )
      return [workoutStreak.longestWeeks, ...shown]
    }
    const fromMonday = [3, '2024-03-01 1', '2024-03-04 1', '2024-03-11 1']
    expect(await weeks({})).toEqual(fromMonday)
    expect(await weeks({ startsOn: 1 })).toEqual(fromMonday)
    expect(await weeks({ startsOn: 7 })).toEqual([2, '2024-03-01 0', '2024-03-03 2', '2024-03-10 1'])
    expect(await weeks({ startsOn: 6 })).toEqual([3, '2024-03-01 0', '2024-03-02 1', '2024-03-09 1', '2024-03-16 1'])
    for (const startsOn of [0, 8]) {
      expect(await weeks({ startsOn })).toContainEqual(
        expect.objectContaining({ code: 'BAD_USER_INPUT', argument: ['weekStartsOn'] }),
      )
    }
  })

  test.each([
    ['UTC', 2],
    ['Asia/Tokyo', 1],
    ['Pacific/Auckland', 2],
    ['America/Los_Angeles', 2],
    ['Europe/Berlin', 1],
  ])('counts Sunday 23:30 UTC and the Sunday before at noon as weeks of %s', async (timeZone, expected) => {
    const eve = await newcomer()
    await client.must('updateWorkoutSettings', eve, { weeklyGoal: 1 })
    // To the east only the later one lies on a Monday, and a week between them is empty; in Auckland both do.
    await client.done(eve, '2024-01-14T12:00:00Z')
    await client.done(eve, '2024-01-21T23:30:00Z')
    expect((await streakOf(eve, timeZone)).longestWeeks).toBe(expected)
  })
})

describe('progress', () => {
  test('is a point for each done workout, ready to plot', async () => {
    const eve = await newcomer()
    await client.done(eve, '2024-03-04T10:00:00Z', {
      Deadlift: [
        ['100', 5],
        ['110', 1],
      ],
    })
    await client.done(eve, '2024-03-11T10:00:00Z', { Deadlift: [['105', 5]] })
    await client.begun(eve, { Deadlift: [['200', 5]] })
    const query = `query ($id: ID!) { viewer { exerciseProgress(exerciseId: $id, from: "2024-01-01", to: "2024-12-31") {
      day bestOneRepMax { grams } maxWeight { kilograms } volume { kilograms } setCount workout { status } } } }`
    const { data } = await client.ask(query, { id: await client.exercise('Deadlift') }, eve)
    expect(data.viewer.exerciseProgress).toEqual([
      {
        day: '2024-03-04',
        bestOneRepMax: { grams: 116_667 },
        maxWeight: { kilograms: '110' },
        volume: { kilograms: '610' },
        setCount: 2,
        workout: { status: 'DONE' },
      },
      {
        day: '2024-03-11',
        bestOneRepMax: { grams: 122_500 },
        maxWeight: { kilograms: '105' },
        volume: { kilograms: '525' },
        setCount: 1,
        workout: { status: 'DONE' },
      },
    ])
  })
})

describe('an exercise without weights', () => {
  /** One workout with a set each of so many repetitions, or with a weight on top. */
  const pulled = async (viewer: Viewer, at: string, sets: { reps: number; weight?: { amount: string } }[]) => {
    const workout = await client.begun(viewer, { 'Pull-up': [] })
    const set = { workoutId: workout.id, workoutExerciseId: workout.exercises[0].id }
    for (const each of sets) await client.must('logSet', viewer, { ...set, ...each })
    const endedAt = new Date(Date.parse(at) + 3_600_000).toISOString()
    return client.must('finishWorkout', viewer, { id: workout.id, startedAt: at, endedAt })
  }
  const bestOf = async (viewer: Viewer) => (await reportOf(viewer, '2024-03-01', '2024-03-31')).exercises[0].bestSet

  test('has its most repetitions as its best set, whether no weight was told or one of nothing', async () => {
    const eve = await newcomer()
    await pulled(eve, '2024-03-04T10:00:00Z', [{ reps: 8, weight: { amount: '0' } }, { reps: 10 }])
    await pulled(eve, '2024-03-06T10:00:00Z', [{ reps: 12 }])
    expect(await bestOf(eve)).toEqual({ reps: 12, weight: null })
    expect(await reportOf(eve, '2024-03-01', '2024-03-31')).toMatchObject({
      exercises: [{ setCount: 3, repCount: 30, volume: { kilograms: '0' } }],
    })
    await pulled(eve, '2024-03-08T10:00:00Z', [{ reps: 3, weight: { amount: '10' } }])
    expect(await bestOf(eve)).toEqual({ reps: 3, weight: { kilograms: '10' } })
  })

  test('has a record in the first weight that is added, and in more repetitions', async () => {
    const eve = await newcomer()
    const first = await pulled(eve, '2024-03-04T10:00:00Z', [{ reps: 8 }])
    expect(first.records).toEqual([])
    const heavier = await pulled(eve, '2024-03-06T10:00:00Z', [{ reps: 5, weight: { amount: '5' } }])
    expect(heavier.records).toMatchObject([{ kind: 'MAX_WEIGHT', weight: { kilograms: '5' } }])
    const more = await pulled(eve, '2024-03-08T10:00:00Z', [{ reps: 9 }])
    expect(more.records).toMatchObject([{ kind: 'MOST_REPS', reps: 9 }])
    // A weight that was not lifted once is none to be better than, nor one to begin from.
    const fay = await newcomer()
    await pulled(fay, '2024-03-04T10:00:00Z', [{ reps: 0, weight: { amount: '20' } }])
    expect((await pulled(fay, '2024-03-06T10:00:00Z', [{ reps: 1, weight: { amount: '5' } }])).records).toMatchObject([
      { kind: 'MOST_REPS', reps: 1 },
    ])
  })

  test('is plotted by repetitions, time and distance in one set', async () => {
    const eve = await newcomer()
    await pulled(eve, '2024-03-04T10:00:00Z', [{ reps: 8 }, { reps: 10 }])
    const workout = await client.begun(eve, { Plank: [], Running: [] })
    const [plank, run] = workout.exercises
    const log = (workoutExerciseId: string, more: object) =>
      client.must('logSet', eve, { workoutId: workout.id, workoutExerciseId, ...more })
    await log(plank.id, { durationSeconds: 60 })
    await log(plank.id, { durationSeconds: 90 })
    await log(run.id, { distanceMetres: 5000, durationSeconds: 1500 })
    await log(run.id, { kind: 'WARM_UP', distanceMetres: 9000, durationSeconds: 9000 })
    await client.must('finishWorkout', eve, {
      id: workout.id,
      startedAt: '2024-03-05T10:00:00Z',
      endedAt: '2024-03-05T11:00:00Z',
    })
    const CURVE = `query ($id: ID!) { viewer { exerciseProgress(exerciseId: $id, from: "2024-03-01", to: "2024-03-31") {
      mostReps longestSeconds longestMetres repCount durationSeconds distanceMetres maxWeight { grams } bestOneRepMax { grams } } } }`
    const curve = async (name: string) =>
      (await client.ask(CURVE, { id: await client.exercise(name) }, eve)).data.viewer.exerciseProgress
    const nothing = { maxWeight: null, bestOneRepMax: null }
    expect(await curve('Pull-up')).toEqual([
      {
        mostReps: 10,
        longestSeconds: null,
        longestMetres: null,
        repCount: 18,
        durationSeconds: 0,
        distanceMetres: 0,
        ...nothing,
      },
    ])
    expect(await curve('Plank')).toEqual([
      {
        mostReps: null,
        longestSeconds: 90,
        longestMetres: null,
        repCount: 0,
        durationSeconds: 150,
        distanceMetres: 0,
        ...nothing,
      },
    ])
    expect(await curve('Running')).toEqual([
      {
        mostReps: null,
        longestSeconds: 1500,
        longestMetres: 5000,
        repCount: 0,
        durationSeconds: 1500,
        distanceMetres: 5000,
        ...nothing,
      },
    ])
  })
})

describe('units', () => {
  test('a weight without a unit is in the member’s own, and grams are kept', async () => {
    const eve = await newcomer()
    expect(await client.must('updateWorkoutSettings', eve, { weightUnit: 'LB' })).toMatchObject({
      weightUnit: 'LB',
      weeklyGoal: 3,
    })
    const workout = await client.begun(eve, { Deadlift: [] })
    const input = {
      workoutId: workout.id,
      workoutExerciseId: workout.exercises[0].id,
      reps: 1,
      weight: { amount: '225' },
    }
    expect((await client.must('logSet', eve, input)).weight).toEqual({
      grams: 102_058,
      kilograms: '102.058',
      pounds: '225',
    })
    for (const weeklyGoal of [0, 15]) {
      expect((await client.run('updateWorkoutSettings', eve, { weeklyGoal })).outcome).toBe('INVALID_INPUT')
    }
  })
})
