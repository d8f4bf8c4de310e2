import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { buildSchema, type OperationDefinitionNode, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseId } from '../../src/core/ids.ts'
import { exampleVariables } from '../../web/playground/example-variables.ts'
import { withAuthorization } from '../../web/playground/request-headers.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { sent } from '../support/upload.ts'
import { playgroundClient } from './playground-client.ts'

const root = new URL('../../', import.meta.url)
const EXAMPLES = new URL('web/playground/examples/', root)
const examples = readdirSync(EXAMPLES).map((name) => ({ name, text: readFileSync(new URL(name, EXAMPLES), 'utf8') }))

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ config: { demo: true } })
})
afterAll(() => server.close())

describe('the examples of the playground', () => {
  const operations = examples.map(({ name, text }) => ({
    name,
    text,
    operation: parse(text).definitions[0] as OperationDefinitionNode,
  }))

  test.each(operations)('$name is valid in the schema that is published', ({ text }) => {
    const schema = buildSchema(readFileSync(new URL('schema.graphql', root), 'utf8'))
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([])
  })

  /** Those whose variables come with an answer are run one after the other, below. */
  const JOURNEY = [
    'PutSeatsIntoCart',
    'Checkout',
    'PayOrder',
    'ApplyCoupon',
    'RefundOrder',
    'CheckIn',
    'ImportExpenses',
  ]

  test.each(
    operations.filter(
      ({ operation }) => operation.operation !== 'subscription' && !JOURNEY.includes(operation.name?.value ?? ''),
    ),
  )('$name runs with the variables that the page fills in', async ({ text }) => {
    const { ask, things, person, tokenOf } = playgroundClient(server)
    const variables = exampleVariables(await things(), person(0))
    const data = await ask<Record<string, { userErrors?: unknown[] } | null>>(text, variables, await tokenOf(person(0)))
    for (const answer of Object.values(data)) {
      expect(answer).not.toBeNull()
      expect(answer?.userErrors ?? []).toEqual([])
    }
  })

  test('Search finds something, and shows where', async () => {
    const { ask, things, person } = playgroundClient(server)
    const { posts } = await ask<{ posts: { edges: { highlight: string }[] } }>(
      textOf('Search'),
      exampleVariables(await things(), person(0)),
    )
    expect(posts.edges[0]?.highlight).toContain('<mark>')
  })

  test('LogSet writes a set once into a workout of who acts, and WorkoutReport counts it', async () => {
    const { ask, things, person, tokenOf } = playgroundClient(server)
    const token = await tokenOf(person(0))
    const variables = { ...exampleVariables(await things(), person(0)), setKey: 'another-set' }
    interface Report {
      readonly viewer: { workoutReport: { percentFinished: number; exercises: { setCount: number }[] } }
    }
    const report = async () => (await ask<Report>(textOf('WorkoutReport'), variables, token)).viewer.workoutReport
    const sets = ({ exercises }: { exercises: { setCount: number }[] }) =>
      exercises.reduce((sum, { setCount }) => sum + setCount, 0)
    const before = await report()
    expect(before.percentFinished).toBeGreaterThan(0)
    for (const _ of ['once', 'again']) {
      const { logSet } = await ask<{ logSet: unknown }>(textOf('LogSet'), variables, token)
      expect(logSet).toMatchObject({ set: { reps: 5, oneRepMax: { kilograms: '72.917' } }, userErrors: [] })
    }
    expect(sets(await report())).toBe(sets(before) + 1)
  })

  test.each(['a guest', 'a member'])('AddToCart, Checkout and PayOrder sell something to %s', async (who) => {
    const { ask, things, person, tokenOf } = playgroundClient(server)
    const token = who === 'a guest' ? undefined : await tokenOf(person(1))
    const variables = exampleVariables(await things(), person(1))
    const filled = await ask<{
      addToCart: { cart: { cartToken: string | null; totals: { total: { amount: string } } } }
    }>(textOf('AddToCart'), variables, token)
    const { cart } = filled.addToCart
    expect(cart.cartToken === null).toBe(who === 'a member')
    Object.assign(variables, { cartToken: cart.cartToken, total: cart.totals.total.amount })
    const placed = await ask<{ checkout: { order: { id: string; status: string } | null; userErrors: unknown[] } }>(
      textOf('Checkout'),
      variables,
      token,
    )
    expect(placed.checkout).toMatchObject({ order: { status: 'PENDING' }, userErrors: [] })
    const paid = await ask<{ payOrder: unknown }>(
      textOf('PayOrder'),
      { ...variables, orderId: placed.checkout.order?.id },
      token,
    )
    expect(paid.payOrder).toMatchObject({
      order: { status: 'PAID', receiptUrl: expect.stringContaining('/receipt?key=') },
      userErrors: [],
    })
  })

  test('HoldBestSeats, PutSeatsIntoCart, Checkout and PayOrder make tickets of seats', async () => {
    const { ask, things, person, tokenOf } = playgroundClient(server)
    const token = await tokenOf(person(1))
    const variables = exampleVariables(await things(), person(1))
    interface Step {
      readonly userErrors: unknown[]
      readonly hold: { id: string }
      readonly cart: { totals: { total: { amount: string } } }
      readonly order: { id: string; ticketsUrl: string }
    }
    const step = async (name: string, more: object = {}): Promise<Step> => {
      const [answer] = Object.values(await ask<Record<string, Step>>(textOf(name), { ...variables, ...more }, token))
      if (answer === undefined) throw new Error(`${name} answers nothing`)
      expect(answer.userErrors).toEqual([])
      return answer
    }
    const { hold } = await step('HoldBestSeats')
    const { cart } = await step('PutSeatsIntoCart', { holdId: hold.id })
    const { order } = await step('Checkout', { total: cart.totals.total.amount })
    const paid = await step('PayOrder', { orderId: order.id })
    expect(paid.order.ticketsUrl).toContain('/tickets/')
  })

  describe('for staff and who buys with a coupon', () => {
    interface Step {
      readonly userErrors: { code: string }[]
      readonly hold: { id: string }
      readonly cart: { totals: { total: { amount: string }; discount: { amount: string } } }
      readonly order: { id: string; status: string }
      readonly refund: { amount: { amount: string } }
      readonly ticket: { status: string }
    }
    /** The examples, as somebody, with what the page fills in and what the answers before told. */
    async function actor(index: number) {
      const { ask, things, person, tokenOf } = playgroundClient(server)
      const token = await tokenOf(person(index))
      const variables = exampleVariables(await things(), person(index))
      const step = async (name: string, more: object = {}): Promise<Step> => {
        const [answer] = Object.values(await ask<Record<string, Step>>(textOf(name), { ...variables, ...more }, token))
        if (answer === undefined) throw new Error(`${name} answers nothing`)
        return answer
      }
      const pay = async ({ cart }: Step, checkoutKey: string): Promise<string> => {
        const { order } = await step('Checkout', { total: cart.totals.total.amount, checkoutKey })
        expect(await step('PayOrder', { orderId: order.id })).toMatchObject({ userErrors: [] })
        return order.id
      }
      return { ask, token, step, pay }
    }
    const [CHEF, STAFF] = [2, 3]

    test('ApplyCoupon takes something off, and RefundOrder sends all of it back', async () => {
      const buyer = await actor(CHEF)
      await buyer.step('AddToCart')
      const reduced = await buyer.step('ApplyCoupon')
      expect(reduced.userErrors).toEqual([])
      expect(Number(reduced.cart.totals.discount.amount)).toBeGreaterThan(0)
      const orderId = await buyer.pay(reduced, 'goods-with-coupon')
      const refunded = await (await actor(STAFF)).step('RefundOrder', { orderId })
      expect(refunded).toMatchObject({ userErrors: [], order: { status: 'REFUNDED' } })
      expect(Number(refunded.refund.amount.amount)).toBeGreaterThan(0)
    })

    test('CheckIn lets a ticket in once', async () => {
      const buyer = await actor(CHEF)
      const { hold } = await buyer.step('HoldBestSeats')
      const orderId = await buyer.pay(await buyer.step('PutSeatsIntoCart', { holdId: hold.id }), 'seats-at-the-door')
      const { order } = await buyer.ask<{ order: { lines: { ticket: { code: string; showtime: { id: string } } }[] } }>(
        'query ($id: ID!) { order(id: $id) { lines { ticket { code showtime { id } } } } }',
        { id: orderId },
        buyer.token,
      )
      const { code: ticketCode = '', showtime } = order.lines[0]?.ticket ?? {}
      // The demo’s next showtimes may be hours away: this one begins soon, and nothing else is on in that house.
      const { db } = server.running.atrium.deps
      const id = parseId(showtime?.id ?? '')?.uuid
      await db.query(
        `update showtimes set status = 'CANCELLED' where id <> $1 and screen_id = (select screen_id from showtimes where id = $1)`,
        [id],
      )
      await db.query(
        `update showtimes set starts_at = now() + interval '30 minutes', ends_at = now() + interval '2 hours',
           cleared_at = now() + interval '130 minutes' where id = $1`,
        [id],
      )
      const door = await actor(STAFF)
      expect(await door.step('CheckIn', { ticketCode })).toMatchObject({
        userErrors: [],
        ticket: { status: 'CHECKED_IN' },
      })
      expect((await door.step('CheckIn', { ticketCode })).userErrors).toMatchObject([{ code: 'ALREADY_CHECKED_IN' }])
    })
  })

  test('a demo member finds an order that waits to be paid, and pays it', async () => {
    const { ask, person, tokenOf } = playgroundClient(server)
    const token = await tokenOf(person(0))
    const { viewer } = await ask<{ viewer: { orders: { nodes: { id: string }[] } } }>(
      '{ viewer { orders(filter: { status: PENDING }) { nodes { id } } } }',
      {},
      token,
    )
    const [waiting, ...more] = viewer.orders.nodes
    expect(more).toEqual([])
    const paid = await ask<{ payOrder: unknown }>(textOf('PayOrder'), { orderId: waiting?.id }, token)
    expect(paid.payOrder).toMatchObject({ order: { id: waiting?.id, status: 'PAID' }, userErrors: [] })
  })

  test('PlanAMeal plans the newest recipe, and says what to buy for it', async () => {
    const { ask, things, person, tokenOf } = playgroundClient(server)
    const token = await tokenOf(person(1))
    const variables = exampleVariables(await things(), person(1))
    const { planMeal, createShoppingList } = await ask<{
      planMeal: { meal: { title: string } }
      createShoppingList: { shoppingList: { items: { note: string; toBuy: object | null }[] } }
    }>(textOf('PlanAMeal'), variables, token)
    const { items } = createShoppingList.shoppingList
    expect(items.filter(({ note }) => note.includes(planMeal.meal.title)).length).toBeGreaterThan(2)
    expect(items.some(({ toBuy }) => toBuy !== null)).toBe(true)
  })

  test('ImportExpenses takes what was exported, keeps it for another member, and ExpensesAsCsv tells how it went', async () => {
    const { ask, person, tokenOf } = playgroundClient(server)
    const [ada, bram] = await Promise.all([0, 1].map((index) => tokenOf(person(index))))
    const { expensesCsv } = await ask<{ expensesCsv: { url: string } }>(textOf('ExpensesAsCsv'), {}, ada)
    const csv = await (await fetch(expensesCsv.url)).text()
    const rows = csv.trim().split('\n').length - 1
    expect(rows).toBeGreaterThan(3)
    const uploadId = await sent(server, {
      use: 'IMPORT',
      token: bram ?? null,
      content: Buffer.from(csv),
      filename: 'mine.csv',
    })
    const started = await ask<{ importExpenses: { userErrors: unknown[] } }>(
      textOf('ImportExpenses'),
      { uploadId },
      bram,
    )
    expect(started.importExpenses.userErrors).toEqual([])
    await vi.waitFor(
      async () => {
        const { imports } = await ask<{ imports: { nodes: object[] } }>(textOf('ExpensesAsCsv'), {}, bram)
        expect(imports.nodes).toMatchObject([{ filename: 'mine.csv', status: 'DONE', rowsRead: rows, rowsKept: rows }])
      },
      { timeout: 30_000, interval: 200 },
    )
  }, 60_000)

  test('CommentAdded receives what AddComment writes', async () => {
    const { ask, things, person, tokenOf } = playgroundClient(server)
    const variables = exampleVariables(await things(), person(0))
    const token = await tokenOf(person(0))
    const comments = server.socket().iterate({ query: textOf('CommentAdded'), variables })
    const next = comments.next()
    let arrived = false
    void next.finally(() => {
      arrived = true
    })
    // Nothing tells a client that its subscription has begun, so it is written to until something comes.
    while (!arrived) {
      await ask(textOf('AddComment'), variables, token)
      await setTimeout(200)
    }
    const { value } = await next
    expect(value).toMatchObject({ data: { commentAdded: { body: 'Well said!', author: { handle: 'ada' } } } })
    await comments.return?.()
  })

  const textOf = (name: string): string =>
    operations.find(({ operation }) => operation.name?.value === name)?.text ?? `There is no example ${name}.`
})

describe('the authorization that acting as somebody puts into the headers', () => {
  const isOurs = (value: unknown) => value === 'Bearer ours'

  test('is added beside other headers', () => {
    expect(withAuthorization({ 'x-trace': '1' }, 'Bearer new', isOurs)).toEqual({
      'x-trace': '1',
      Authorization: 'Bearer new',
    })
  })

  test('replaces an earlier one of its own, under the name that it has', () => {
    expect(withAuthorization({ authorization: 'Bearer ours' }, 'Bearer new', isOurs)).toEqual({
      authorization: 'Bearer new',
    })
  })

  test('goes when nobody is acted as, and nothing else goes with it', () => {
    expect(withAuthorization({ 'x-trace': '1', Authorization: 'Bearer ours' }, null, isOurs)).toEqual({
      'x-trace': '1',
    })
  })

  test('never touches one that was typed by hand', () => {
    const typed = { Authorization: 'Bearer typed' }
    expect(withAuthorization(typed, 'Bearer new', isOurs)).toBe(typed)
    expect(withAuthorization(typed, null, isOurs)).toBe(typed)
  })

  test('leaves headers alone that are right already', () => {
    const right = { Authorization: 'Bearer ours' }
    expect(withAuthorization(right, 'Bearer ours', isOurs)).toBe(right)
  })
})
