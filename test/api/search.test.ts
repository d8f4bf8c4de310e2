import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ExpenseClient } from '../support/expense.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'
import { WorkoutClient } from '../support/workout.ts'

const statements = new Statements()
let server: TestServer
let client: WorkoutClient
const people: Record<string, Viewer | null> = { nobody: null }
/** What the tests call a thing, by its id. */
const names = new Map<string, string>()

/** Everything in this world says `quokka`, and whoever may see it finds it. */
beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  // The clock would be heard among the statements that are counted.
  await server.running.atrium.queue.stop(1_000)
  client = new WorkoutClient(server)
  const { world } = server
  const ada = await world.person({ handle: 'ada', role: 'CHEF' })
  const bob = await world.person({ handle: 'bob' })
  const fan = await world.person({ handle: 'fan' })
  const staff = await world.person({ handle: 'keeper', role: 'STAFF' })
  Object.assign(people, { ada, bob, fan, staff })
  const note = (prefix: string, id: string, name: string) =>
    names.set(id.includes('_') ? id : encodeId(prefix, id), name)

  note('account', (await world.person({ handle: 'quokka', name: 'Quentin' })).accountId, 'account')
  note('post', await world.published(ada, { title: 'Quokka', body: 'Words.' }), 'post')
  note('post', await world.draft(ada, { title: 'Quokka draft' }), 'draft post')
  note('recipe', await world.recipes.published(ada, { title: 'Quokka biscuits' }), 'recipe')
  note('recipe', await world.recipes.draft(ada, { title: 'Quokka soup' }), 'draft recipe')
  const categoryId = await world.productCategory(staff, { name: 'Toys' })
  const price = { amountMinor: 500, currency: 'EUR' as never }
  const product = (name: string, sku: string, isActive: boolean) =>
    world.product(staff, { name, categoryId, isActive, variants: [{ sku, price, quantity: 1 }] })
  note('product', await product('Plush quokka', 'Q-1', true), 'product')
  note('product', await product('Secret quokka', 'Q-2', false), 'hidden product')
  note('movie', await world.cinema.movie(staff, { title: 'Quokka Island' }), 'movie')
  note('poll', await world.poll(ada, { question: 'Which quokka?' }), 'poll')
  note('poll', await world.poll(ada, { question: 'Which quokka next?', isDraft: true }), 'draft poll')

  const room = await world.room(ada, { title: 'Quokka watchers' }, [bob])
  note('room', room, 'room')
  note('message', await world.say(ada, room, 'A quokka smiles.'), 'message')
  note(
    'poll',
    await world.poll(ada, { question: 'A quokka here?', on: { kind: 'ROOM', id: room } }),
    'poll of the room',
  )
  note(
    'expense',
    (await new ExpenseClient(server).create(ada, '12', { description: 'Quokka food' })).value.id,
    'expense',
  )
  const exercise = { name: 'Quokka hop', kind: 'BODYWEIGHT_REPS', muscles: ['QUADRICEPS'], equipment: 'NONE' }
  note('', (await client.must('createExercise', ada, exercise)).id, 'exercise')

  const press = await client.exercise('Back squat')
  for (const visibility of ['PRIVATE', 'FOLLOWERS', 'PUBLIC']) {
    const name = `Quokka ${visibility.toLowerCase()}`
    const plan = { name, visibility, exercises: [{ exerciseId: press }] }
    note('', (await client.must('createWorkoutPlan', ada, plan)).id, `${visibility} plan`)
    const workout = await client.begun(ada, { 'Back squat': [['50', 5]] }, { name, visibility })
    await client.must('finishWorkout', ada, { id: workout.id })
    note('', workout.id, `${visibility} workout`)
  }
  const planned = {
    name: 'Quokka to come',
    day: '2026-12-01',
    visibility: 'PUBLIC',
    exercises: [{ exerciseId: press }],
  }
  note('', (await client.must('scheduleWorkout', ada, planned)).id, 'planned workout')
  const follow = 'mutation ($id: ID!) { followAccount(input: { accountId: $id }) { userErrors { code } } }'
  await client.ask(follow, { id: encodeId('account', ada.accountId) }, fan)
}, 60_000)
afterAll(() => server.close())

const SEARCH = `query ($query: String!, $types: [SearchType!], $first: Int, $after: String, $last: Int, $before: String) {
  search(query: $query, types: $types, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { __typename id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`

const search = async (who: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await client.ask(SEARCH, { query: 'quokka', first: 100, ...variables }, people[who] ?? null)
  if (errors !== undefined) return errors[0]?.extensions
  return data.search
}
const found = async (who: string, variables: Record<string, unknown> = {}): Promise<string[]> => {
  const { nodes, totalCount } = await search(who, variables)
  expect(nodes).toHaveLength(totalCount)
  return nodes.map(({ id }: { id: string }) => names.get(id) ?? id)
}

const PUBLIC = ['account', 'movie', 'poll', 'post', 'product', 'recipe', 'PUBLIC plan', 'PUBLIC workout']
const OF_THE_ROOM = ['message', 'room', 'poll of the room']
const FOR_FOLLOWERS = ['FOLLOWERS plan', 'FOLLOWERS workout']
const OWN = ['exercise', 'expense', 'PRIVATE plan', 'PRIVATE workout', 'planned workout']

describe('a search finds all that the viewer may see, and nothing else', () => {
  test.each([
    ['nobody', PUBLIC],
    ['staff', PUBLIC],
    ['fan', [...PUBLIC, ...FOR_FOLLOWERS]],
    ['bob', [...PUBLIC, ...OF_THE_ROOM]],
    ['ada', [...PUBLIC, ...OF_THE_ROOM, ...FOR_FOLLOWERS, ...OWN]],
  ])('%s', async (who, expected) => {
    expect((await found(who)).toSorted()).toEqual(expected.toSorted())
  })

  test('and what it finds is found by its id', async () => {
    for (const who of Object.keys(people)) {
      const { nodes } = await search(who)
      const { data } = await client.ask(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
        { ids: nodes.map(({ id }: { id: string }) => id) },
        people[who] ?? null,
      )
      expect(data.nodes).toEqual(nodes)
    }
  })

  test('not what has been taken away', async () => {
    const { world } = server
    const ada = people.ada as Viewer
    const post = encodeId('post', await world.published(ada, { title: 'Numbat' }))
    const room = encodeId('room', await world.room(ada, { title: 'Numbat room' }, [people.bob as Viewer]))
    const recipe = encodeId('recipe', await world.recipes.published(ada, { title: 'Numbat pie' }))
    names.set(post, 'post').set(room, 'room').set(recipe, 'recipe')
    expect((await found('bob', { query: 'numbat' })).toSorted()).toEqual(['post', 'recipe', 'room'])
    await client.ask(`mutation { archivePost(input: { id: "${post}" }) { userErrors { code } } }`, {}, ada)
    await client.ask(`mutation { archiveRecipe(input: { id: "${recipe}" }) { userErrors { code } } }`, {}, ada)
    const left = await client.ask(
      `mutation { leaveRoom(input: { roomId: "${room}" }) { userErrors { code } } }`,
      {},
      people.bob ?? null,
    )
    expect(left.errors).toBeUndefined()
    expect(await found('bob', { query: 'numbat' })).toEqual([])
    expect(await found('ada', { query: 'numbat' })).toEqual(['room'])
  })
})

describe('a search', () => {
  test.each([
    [['RECIPE'], ['recipe']],
    [
      ['MOVIE', 'PRODUCT'],
      ['movie', 'product'],
    ],
    [
      ['MESSAGE', 'ROOM'],
      ['message', 'room'],
    ],
    [['WORKOUT_PLAN'], ['FOLLOWERS plan', 'PRIVATE plan', 'PUBLIC plan']],
    [['FOOD'], []],
    [[], [...PUBLIC, ...OF_THE_ROOM, ...FOR_FOLLOWERS, ...OWN]],
  ])('of %j finds these alone', async (types, expected) => {
    expect((await found('ada', { types })).toSorted()).toEqual(expected.toSorted())
  })

  test('finds catalogues: exercises by name, foods by any of their names', async () => {
    const typenames = async (query: string, types: string[]) =>
      (
        await client.ask(
          'query ($query: String!, $types: [SearchType!]) { search(query: $query, types: $types) { nodes { ... on Food { name } ... on Exercise { name } } } }',
          { query, types },
        )
      ).data.search.nodes.map(({ name }: { name: string }) => name)
    expect(await typenames('zucchini', ['FOOD'])).toEqual(['courgette'])
    expect(await typenames('"back squat"', ['EXERCISE'])).toEqual(['Back squat'])
  })

  test('puts a name before a text that mentions it, and knows phrases, "or" and "not"', async () => {
    const { world } = server
    const ada = people.ada as Viewer
    const body = `Long ago there was an axolotl. ${'And so on and so forth. '.repeat(50)}`
    names.set(encodeId('post', await world.published(ada, { title: 'A lake', body })), 'lake')
    names.set(encodeId('post', await world.published(ada, { title: 'An axolotl', body: 'Words.' })), 'named')
    names.set(encodeId('recipe', await world.recipes.published(ada, { title: 'Axolotl cake' })), 'cake')
    const ranked = await found('nobody', { query: 'axolotl' })
    expect(ranked.at(-1)).toBe('lake')
    expect(ranked).toHaveLength(3)
    expect(await found('nobody', { query: 'axolotl -cake -lake' })).toEqual(['named'])
    expect(await found('nobody', { query: '"axolotl cake"' })).toEqual(['cake'])
    expect((await found('nobody', { query: '"axolotl cake" or "a lake"' })).toSorted()).toEqual(['cake', 'lake'])
  })

  test('is read page by page, forward and backward, across all kinds', async () => {
    const whole = await search('ada')
    const ids = whole.nodes.map(({ id }: { id: string }) => id)
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
    const walked: string[] = []
    let after: string | null = null
    do {
      const page: typeof whole = await search('ada', { first: 3, after })
      walked.push(...page.nodes.map(({ id }: { id: string }) => id))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(walked).toEqual(ids)
    const back = await search('ada', { first: null, last: 3, before: whole.pageInfo.endCursor })
    expect(back.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.slice(-4, -1))
  })

  test.each([
    ['nothing', { query: '' }, ['query']],
    ['blanks and NUL', { query: ' \u0000 ' }, ['query']],
    ['too many', { first: 101 }, ['first']],
    ['a cursor of another list', { after: 'WyJORVdFU1QiLCJ4Il0' }, ['after']],
  ])('for %s is refused', async (_, variables, argument) => {
    expect(await search('nobody', variables)).toMatchObject({ code: 'BAD_USER_INPUT', argument })
  })

  test.each(['the', '((&|!', "'; drop table posts", '-'.repeat(100), '\ud800', 'ǅ 字', 'x'.repeat(10_000)])(
    'for %j finds nothing, and nothing breaks',
    async (query) => {
      expect(await found('ada', { query })).toEqual([])
    },
  )

  test('costs as many statements for fifty things as for five', async () => {
    const { world } = server
    const ada = people.ada as Viewer
    for (let number = 0; number < 25; number += 1) {
      await world.published(ada, { title: `Wombat ${number}` })
      await world.recipes.published(ada, { title: `Wombat pie ${number}` })
    }
    const sentFor = async (first: number) => {
      const ask = async () =>
        expect((await search('ada', { query: 'wombat', first, types: ['POST', 'RECIPE'] })).nodes).toHaveLength(first)
      await ask()
      return statements.during(ask)
    }
    const sent = await sentFor(50)
    // Who asks, what is found, how much there is, and each kind at once.
    expect(sent).toHaveLength(5)
    expect((await sentFor(5)).length).toBeLessThanOrEqual(5)
    expect(new Set(sent.map(({ text }) => text)).size).toBe(sent.length)
  })
})
