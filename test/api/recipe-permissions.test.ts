import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { RecipeStatus } from '../../src/domain/recipe/rules.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { rowsOf } from '../support/permissions.ts'
import { RecipeClient, type RecipeMutation } from '../support/recipe.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: RecipeClient
const people: Record<string, Viewer | null> = { nobody: null }

beforeAll(async () => {
  server = await startTestServer()
  client = new RecipeClient(server)
  people.author = await server.world.person({ handle: 'author', role: 'CHEF' })
  people.member = await server.world.person({ handle: 'member' })
  people.chef = await server.world.person({ handle: 'chef', role: 'CHEF' })
  people.staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  people.admin = await server.world.person({ handle: 'admin', role: 'ADMIN' })
})
afterAll(() => server.close())

async function recipeThatIs(status: RecipeStatus): Promise<Uuid> {
  const author = people.author as Viewer
  const uuid = await server.world.recipes.draft(author, { title: 'Mine' })
  const id = encodeId('recipe', uuid)
  if (status !== 'DRAFT') await client.run('publishRecipe', author, { id })
  if (status === 'ARCHIVED') await client.run('archiveRecipe', author, { id })
  return uuid
}

const ACTIONS = ['see', 'edit', 'publish', 'archive', 'favour', 'delete'] as const
type Action = (typeof ACTIONS)[number]

const MUTATIONS: Readonly<Record<Exclude<Action, 'see'>, [RecipeMutation, Record<string, unknown>]>> = {
  edit: ['updateRecipe', { title: 'Changed' }],
  publish: ['publishRecipe', {}],
  archive: ['archiveRecipe', {}],
  favour: ['addFavourite', {}],
  delete: ['deleteRecipe', {}],
}

/** `ok`, or the code of the refusal, be it a user error or a top-level one. */
async function outcome(viewer: Viewer | null, action: Action, recipe: Uuid): Promise<string> {
  if (action === 'see') {
    const seen = await client.see(viewer, recipe)
    return typeof seen === 'string' ? seen : 'ok'
  }
  const [mutation, input] = MUTATIONS[action]
  const id = encodeId('recipe', recipe)
  const key = action === 'favour' ? { recipeId: id } : { id }
  const { refused, userErrors } = await client.run(mutation, viewer, { ...key, ...input })
  return refused ?? userErrors[0]?.code ?? 'ok'
}

const SHORT: Readonly<Record<string, string>> = {
  ok: 'ok',
  who: 'UNAUTHENTICATED',
  no: 'FORBIDDEN',
  none: 'NOT_FOUND',
  step: 'ILLEGAL_TRANSITION',
}

/** Columns in the order of `ACTIONS`. Another's draft is no different from no recipe; another's published one is seen and refused. */
const TABLE = `
  status     viewer   see   edit  publish  archive  favour  delete
  DRAFT      nobody   none  who   who      who      who     who
  DRAFT      member   none  none  none     none     none    none
  DRAFT      chef     none  none  none     none     none    none
  DRAFT      author   ok    ok    ok       step     ok      ok
  DRAFT      staff    none  none  none     none     none    none
  DRAFT      admin    none  none  none     none     none    none
  PUBLISHED  nobody   ok    who   who      who      who     who
  PUBLISHED  member   ok    no    no       no       ok      no
  PUBLISHED  chef     ok    no    no       no       ok      no
  PUBLISHED  author   ok    ok    step     ok       ok      ok
  PUBLISHED  staff    ok    no    no       ok       ok      no
  PUBLISHED  admin    ok    no    no       ok       ok      no
  ARCHIVED   nobody   none  who   who      who      who     who
  ARCHIVED   member   none  none  none     none     none    none
  ARCHIVED   author   ok    ok    ok       step     ok      ok
  ARCHIVED   staff    ok    no    no       step     ok      no
  ARCHIVED   admin    ok    no    no       step     ok      no`

const rows = rowsOf(TABLE)

describe('who may do what with a recipe', () => {
  test.each(rows)('that is %s: %s', async (status, who, ...cells) => {
    const viewer = people[who ?? ''] ?? null
    const expected: Record<string, string> = {}
    const found: Record<string, string> = {}
    for (const [column, action] of ACTIONS.entries()) {
      const recipe = await recipeThatIs(status as RecipeStatus)
      const before = await client.see(people.author ?? null, recipe)
      expected[action] = SHORT[cells[column] ?? ''] ?? 'an empty cell'
      found[action] = await outcome(viewer, action, recipe)
      if (found[action] !== 'ok') expect(await client.see(people.author ?? null, recipe)).toEqual(before)
    }
    expect(found).toEqual(expected)
  })

  test.each(rows)(
    'what is shown as possible is what is possible: %s, %s',
    async (status, who, see, edit, _, archive) => {
      const shown = await client.see(people[who ?? ''] ?? null, await recipeThatIs(status as RecipeStatus))
      if (see !== 'ok') return expect(shown).toBe('NOT_FOUND')
      expect(shown).toMatchObject({ viewerCanEdit: edit === 'ok', viewerCanArchive: archive === 'ok' })
    },
  )
})

test('a recipe that staff archived comes back through staff only', async () => {
  const uuid = await recipeThatIs('PUBLISHED')
  const id = encodeId('recipe', uuid)
  expect((await client.run('archiveRecipe', people.staff ?? null, { id })).userErrors).toEqual([])
  expect(await outcome(people.author ?? null, 'publish', uuid)).toBe('FORBIDDEN')
  expect(await outcome(people.staff ?? null, 'publish', uuid)).toBe('ok')
  expect(await outcome(people.author ?? null, 'archive', uuid)).toBe('ok')
  expect(await outcome(people.author ?? null, 'publish', uuid)).toBe('ok')
})

test('an illegal step says which ones are allowed', async () => {
  const id = encodeId('recipe', await recipeThatIs('DRAFT'))
  const { userErrors } = await client.run('archiveRecipe', people.author ?? null, { id })
  expect(userErrors).toMatchObject([{ __typename: 'IllegalTransition', allowed: ['PUBLISHED'] }])
})

test('of an archived or hidden recipe no list and no search says anything', async () => {
  await recipeThatIs('ARCHIVED')
  await recipeThatIs('DRAFT')
  const author = people.author as Viewer
  const word = 'Kumquatissimo'
  const hidden = await server.world.recipes.draft(author, { title: word })
  expect(await client.titles({ text: word })).toEqual([])
  await client.run('publishRecipe', author, { id: encodeId('recipe', hidden) })
  expect(await client.titles({ text: word })).toEqual([word])
  await client.run('archiveRecipe', author, { id: encodeId('recipe', hidden) })
  expect(await client.titles({ text: word })).toEqual([])
  expect(
    (await client.ask('{ account(handle: "author") { recipes(first: 100) { nodes { status } } } }')).data.account
      .recipes.nodes,
  ).not.toContainEqual({ status: 'ARCHIVED' })
})
