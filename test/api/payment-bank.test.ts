import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { checkOut, pay, ShopClient } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let ada: Viewer
let cup: Uuid
/** Of a payment that waits for its buyer's decision. */
let reference: string
let secret: string

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  const staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  const shelf = await server.world.productCategory(staff, { name: 'Shelf' })
  cup = (await shop.product(staff, shelf, [{ quantity: 10 }])).variants[0] ?? ''
  await shop.add(ada, cup, 1)
  const { value: order } = await checkOut(shop, ada)
  const { value: asked } = await pay(shop, ada, order.id, '4000002500003155')
  const url = new URL(asked.payment.nextActionUrl)
  reference = url.pathname.split('/').at(-1) ?? ''
  secret = url.searchParams.get('secret') ?? ''
})
afterAll(() => server.close())

const decide = (path: string, body: string | URLSearchParams, type?: string) =>
  fetch(`${server.url}/test-bank/${path}`, {
    method: 'POST',
    body,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
  })
const json = (path: string, body: unknown) => decide(path, JSON.stringify(body), 'application/json')
const form = (path: string, fields: Record<string, string>) => decide(path, new URLSearchParams(fields))

test('the bank of the built-in gateway asks before it pays, and nobody else can decide', async () => {
  const page = await fetch(`${server.url}/test-bank/${reference}?secret=${secret}`)
  expect(page.headers.get('content-security-policy')).toContain("form-action 'self'")
  const text = await page.text()
  expect(text).toContain('<form method="post"')
  expect(text).toMatch(/Pay €\d+\.\d\d\?/)
  const guessed = await fetch(`${server.url}/test-bank/${reference}?secret=guess`)
  expect(guessed.status).toBe(404)
  expect((await form(reference, { secret: 'a guess', decision: 'approve' })).status).toBe(404)
})

const DECISIONS: [string, () => Promise<Response>][] = [
  ['NUL in the path', () => form('a%00b', { secret, decision: 'approve' })],
  ['NUL behind the reference', () => form(`${reference}%00`, { secret, decision: 'approve' })],
  ['half a character in the path', () => form('%ED%A0%80', { secret, decision: 'approve' })],
  ['NUL in the secret of a form', () => form(reference, { secret: 'a\0b', decision: 'approve' })],
  ['NUL in the secret of JSON', () => json(reference, { secret: 'a\0b', decision: 'approve' })],
  ['half a character in the secret', () => json(reference, { secret: '\ud800', decision: 'approve' })],
  ['an object as secret', () => json(reference, { secret: { a: 1 }, decision: 'approve' })],
  ['a list as secret', () => json(reference, { secret: [secret], decision: 'approve' })],
  ['a number as secret', () => json(reference, { secret: 1, decision: 'approve' })],
  ['no secret', () => form(reference, { decision: 'approve' })],
  ['a wrong secret', () => form(reference, { secret: `${secret}0`, decision: 'approve' })],
  ['nothing at all', () => json(reference, null)],
  ['a list', () => json(reference, [])],
  ['a text', () => json(reference, 'approve')],
]

test.each(DECISIONS)('a decision at the test bank with %s finds no payment', async (_, send) => {
  const response = await send()
  expect([400, 404]).toContain(response.status)
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
  expect(errors[0]?.extensions.code).toMatch(/^(?:NOT_FOUND|BAD_USER_INPUT|BAD_REQUEST)$/)
})

test('and the one with the payment’s own reference and secret is taken', async () => {
  expect((await form(reference, { secret, decision: 'approve' })).status).toBe(200)
})
