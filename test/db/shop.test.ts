import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId, type Uuid } from '../../src/core/ids.ts'
import type { Database } from '../../src/db/database.ts'
import { sqlState } from '../../src/db/unavailable.ts'
import { violatedConstraint } from '../../src/db/violations.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'

let opened: TestDatabase
let db: Database
beforeAll(async () => {
  opened = await createTestDatabase()
  db = opened.database
})
afterAll(() => opened.close())

/** The name of the constraint that refuses, null where nothing does. */
const refusalOf = async (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: unknown) => violatedConstraint(error) ?? sqlState(error),
  )

async function category(parent: Uuid | null = null): Promise<Uuid> {
  const id = newId()
  await db.query(
    `insert into product_categories (id, slug, name, parent_id, parent_depth)
     values ($1, $2, 'A category', $3, (select depth from product_categories where id = $3))`,
    [id, `category-${id}`, parent],
  )
  return id
}

const move = (id: Uuid, parent: Uuid | null) =>
  db.query(
    `update product_categories set parent_id = $2, parent_depth = (select depth from product_categories where id = $2) where id = $1`,
    [id, parent],
  )

const depthOf = async (id: Uuid): Promise<number | undefined> =>
  (await db.query<{ depth: number }>('select depth from product_categories where id = $1', [id]))[0]?.depth

describe('the tree of categories, in the database', () => {
  test('a subtree that moves takes its depths along', async () => {
    const [root, other] = [await category(), await category()]
    const child = await category(root)
    const grandchild = await category(child)
    expect([await depthOf(root), await depthOf(child), await depthOf(grandchild)]).toEqual([0, 1, 2])
    await move(root, other)
    expect([await depthOf(root), await depthOf(child), await depthOf(grandchild)]).toEqual([1, 2, 3])
    await move(child, null)
    expect([await depthOf(root), await depthOf(child), await depthOf(grandchild)]).toEqual([1, 0, 1])
  })

  test('has no cycle: nothing can be put below itself, at any distance', async () => {
    const root = await category()
    const child = await category(root)
    const grandchild = await category(child)
    for (const below of [root, child, grandchild]) {
      expect(await refusalOf(move(root, below))).toMatch(/^product_categories_(depth|below_parent)$/)
    }
    expect([await depthOf(root), await depthOf(grandchild)]).toEqual([0, 2])
  })

  test('two moves at once that would close a circle together are not both done', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [a, b] = [await category(), await category()]
      const outcomes = await Promise.all([refusalOf(move(a, b)), refusalOf(move(b, a))])
      expect(outcomes.filter((refusal) => refusal === null)).toHaveLength(1)
    }
  })

  test('is six levels deep at most, and a category with others below it stays', async () => {
    const path = [await category()]
    for (let level = 1; level < 6; level += 1) path.push(await category(path.at(-1)))
    expect(await refusalOf(category(path.at(-1)))).toBe('product_categories_depth')
    expect(await refusalOf(db.query('delete from product_categories where id = $1', [path[0]]))).toBe(
      'product_categories_below_parent',
    )
  })
})

describe('the stock of a variant, in the database', () => {
  let variant: Uuid
  beforeEach(async () => {
    const product = newId()
    variant = newId()
    await db.query(`insert into subjects (id, kind) values ($1, 'PRODUCT')`, [product])
    await db.query(`insert into products (id, category_id, slug, name) values ($1, $2, $3, 'A product')`, [
      product,
      await category(),
      `product-${product}`,
    ])
    await db.query(
      `insert into variants (id, product_id, sku, price_minor, currency) values ($1, $2, $3, 100, 'EUR')`,
      [variant, product, `SKU-${variant.slice(-12).toUpperCase()}`],
    )
  })

  const enter = (kind: 'IN' | 'OUT' | 'CORRECTION', quantity: number) =>
    db.query(
      `insert into stock_movements (id, variant_id, kind, quantity) values (gen_random_uuid(), $1, $2::text::movement_kind, $3)`,
      [variant, kind, quantity],
    )
  const level = async () =>
    (await db.query<{ quantity: number }>('select quantity from stock_levels where variant_id = $1', [variant]))[0]
      ?.quantity

  test('is nothing at first, then the sum of its movements', async () => {
    expect(await level()).toBe(0)
    await enter('IN', 10)
    await enter('OUT', -3)
    await enter('CORRECTION', -2)
    await enter('CORRECTION', 1)
    expect(await level()).toBe(6)
  })

  test('never falls below zero, however many take from it at once', async () => {
    await enter('IN', 10)
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => refusalOf(enter('OUT', -1))))
    expect(outcomes.filter((refusal) => refusal === null)).toHaveLength(10)
    expect(new Set(outcomes)).toEqual(new Set([null, 'stock_levels_not_below_zero']))
    expect(await level()).toBe(0)
  })

  test('cannot be rewritten: what moved stays moved', async () => {
    await enter('IN', 10)
    const change = db.query(`update stock_movements set quantity = 99 where variant_id = $1`, [variant])
    expect(await refusalOf(change)).toBe('23000')
    expect(await refusalOf(db.query(`delete from stock_movements where variant_id = $1`, [variant]))).toBe('23000')
    expect(await level()).toBe(10)
  })

  test.each([
    ['IN', -1],
    ['IN', 0],
    ['OUT', 1],
    ['OUT', 0],
    ['CORRECTION', 0],
  ] as const)('%s of %i is no movement', async (kind, quantity) => {
    expect(await refusalOf(enter(kind, quantity))).toBe('stock_movements_direction')
  })
})
