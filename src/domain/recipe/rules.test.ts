import { describe, expect, test } from 'vitest'
import { DomainError } from '../../core/errors.ts'
import type { Role, Viewer } from '../viewer.ts'
import {
  canArchiveRecipe,
  canEditRecipe,
  canPublishRecipe,
  canSeeRecipe,
  isChef,
  type RecipeStatus,
  recipeLifecycle,
} from './rules.ts'

const STATES: readonly RecipeStatus[] = ['DRAFT', 'PUBLISHED', 'ARCHIVED']

/** Row: from; column: to, in the order of `STATES`. Written out a second time, so that a change of the rules is meant. */
const MAY: Readonly<Record<RecipeStatus, string>> = {
  DRAFT: '- yes -',
  PUBLISHED: '- - yes',
  ARCHIVED: '- yes -',
}

const pairs = STATES.flatMap((from) =>
  MAY[from].split(' ').map((cell, column) => [from, STATES[column] as RecipeStatus, cell === 'yes'] as const),
)

describe('the life of a recipe', () => {
  test('has three states', () => {
    expect(recipeLifecycle.states).toEqual(STATES)
    expect(pairs).toHaveLength(9)
  })

  test.each(pairs)('%s to %s: %s', (from, to, may) => {
    expect(recipeLifecycle.can(from, to)).toBe(may)
    const ensure = (): void => recipeLifecycle.ensure(from, to)
    if (may) expect(ensure).not.toThrow()
    else expect(ensure).toThrow(DomainError)
  })
})

const viewer = (accountId: string, role: Role): Viewer => ({
  accountId,
  role,
  sessionId: accountId,
  handle: accountId,
  expiresAt: new Date(8.64e15),
})

const VIEWERS: Readonly<Record<string, Viewer | null>> = {
  nobody: null,
  own: viewer('own', 'CHEF'),
  ownMember: viewer('own', 'MEMBER'),
  chef: viewer('other', 'CHEF'),
  staff: viewer('staff', 'STAFF'),
}

/** Columns: see, edit, archive, publish. */
const TABLE = `
  DRAFT      nobody     - - - -
  DRAFT      own        y y - y
  DRAFT      ownMember  y y - -
  DRAFT      chef       - - - -
  DRAFT      staff      - - - -
  PUBLISHED  nobody     y - - -
  PUBLISHED  own        y y y y
  PUBLISHED  ownMember  y y y -
  PUBLISHED  chef       y - - -
  PUBLISHED  staff      y - y -
  ARCHIVED   nobody     - - - -
  ARCHIVED   own        y y - y
  ARCHIVED   ownMember  y y - -
  ARCHIVED   chef       - - - -
  ARCHIVED   staff      y - - -`

test.each(
  TABLE.trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/)),
)('who may do what: %s, %s', (status, who, ...cells) => {
  const recipe = { chefId: 'own', status: status as RecipeStatus, archivedByStaff: false }
  const by = VIEWERS[who ?? ''] ?? null
  const may = [
    canSeeRecipe(by, recipe),
    canEditRecipe(by, recipe),
    canArchiveRecipe(by, recipe),
    canPublishRecipe(by, recipe),
  ]
  expect(may).toEqual(cells.map((cell) => cell === 'y'))
})

test('what staff archived, only staff brings back', () => {
  const recipe = { chefId: 'own', status: 'ARCHIVED', archivedByStaff: true } as const
  expect([VIEWERS.own, VIEWERS.staff, VIEWERS.chef].map((by) => canPublishRecipe(by ?? null, recipe))).toEqual([
    false,
    true,
    false,
  ])
})

test.each([
  ['MEMBER', false],
  ['CHEF', true],
  ['STAFF', true],
  ['ADMIN', true],
] as const)('a %s is a chef: %s', (role, expected) => {
  expect(isChef({ role })).toBe(expected)
})
