import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeId, parseId, type Uuid } from '../../src/core/ids.ts'
import { subjectKind } from '../../src/db/tables/subject.ts'
import { addBill } from '../../src/domain/bill/bill.ts'
import { createBillGroup } from '../../src/domain/bill/group.ts'
import { joinWaitlist } from '../../src/domain/cinema/waitlist.ts'
import { addComment } from '../../src/domain/comment/comment.ts'
import { reviewSubject } from '../../src/domain/review/review.ts'
import { moveStock } from '../../src/domain/shop/stock.ts'
import { findSubject } from '../../src/domain/subject/registry.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { scheduleWorkout } from '../../src/domain/workout/workout.ts'
import type { MailTemplate } from '../../src/gateways/mail/templates.ts'
import { CinemaClient } from '../support/cinema.ts'
import { parseMail, untilMailsSent } from '../support/mail.ts'
import { buy } from '../support/review.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { eur, ShopClient } from '../support/shop.ts'
import { buyTickets, payFor } from '../support/tickets.ts'

let server: TestServer
let cinema: CinemaClient
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let bob: Viewer
let movieId: Uuid
let showtimeId: Uuid
let seats: Record<string, Uuid>
let product: { id: Uuid; variants: readonly Uuid[] }
const deps = () => server.running.atrium.deps

beforeAll(async () => {
  server = await startTestServer()
  cinema = new CinemaClient(server)
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob', role: 'CHEF' })
  const world = server.world.cinema
  movieId = await world.movie(staff, { title: 'Tea & <b>Bread</b>' })
  const theatreId = await world.theatre(staff, { name: 'The house' })
  const rows = world.rows('SSSS')
  const screenId = await world.screen(staff, theatreId, { name: 'Grand', rows, allowsSingleSeats: true })
  showtimeId = await world.showtime(staff, movieId, screenId, { prices: { currency: 'EUR', standard: '9.00' } })
  seats = await world.seats(screenId)
  const shelf = await server.world.productCategory(staff, { name: 'Shelf' })
  product = await shop.product(staff, shelf, [{ price: eur(1250), lowStockAt: 3 }], { name: 'Cup' })
})
afterAll(() => server.close())

const page = async (url: string) => {
  const response = await fetch(url)
  return { status: response.status, headers: response.headers, text: await response.text() }
}
/** The answer to the operation that a page shows, as its reader would ask it. */
async function asked(html: string, viewer: Viewer) {
  const shown = /<code>(.*)<\/code>/.exec(html)?.[1] ?? ''
  const operation = shown.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
  const { data, errors } = await cinema.ask(operation, {}, viewer)
  expect(errors).toBeUndefined()
  return data
}

/** The mails of one template that were sent, as text. */
async function sent(): Promise<Map<string, string[]>> {
  await deps().db.query("update pgboss.job set start_after = now() where name = 'mail.send' and state = 'created'")
  await untilMailsSent(server)
  const rows = await deps().db.query<{ id: string; template: string }>(
    "select id, data->>'template' as template from pgboss.job where name = 'mail.send'",
  )
  const folder = join(server.dataDirectory, 'mail')
  const mails = await Promise.all(
    (await readdir(folder)).map(async (name) => parseMail(await readFile(join(folder, name), 'utf8'))),
  )
  const found = new Map<string, string[]>()
  for (const { headers, parts } of mails) {
    const template = rows.find(({ id }) => headers['message-id']?.includes(id))?.template ?? 'unknown'
    found.set(template, [...(found.get(template) ?? []), parts['text/plain'] ?? ''])
  }
  return found
}

/** Those that link to the playground alone need a gateway that fails: the tests of payments send them. */
const TEMPLATES: Record<Exclude<MailTemplate, 'refundTrouble' | 'refundElsewhere' | 'dispute'>, true> = {
  welcome: true,
  lowStock: true,
  receipt: true,
  refund: true,
  showtimeCancelled: true,
  seatsOffered: true,
  waitlistEnded: true,
  notification: true,
}

test('every link of every mail leads somewhere, and buyers of tickets find them in theirs', async () => {
  const newcomer = { handle: 'cleo', email: 'cleo@example.org', name: 'Cleo', password: 'a long enough passphrase' }
  const signUp = 'mutation ($input: SignUpInput!) { signUp(input: $input) { userErrors { code message } } }'
  expect((await server.ask(signUp, { input: newcomer })).data.signUp.userErrors).toEqual([])
  await buy(shop, ada, product.variants[0] ?? '')
  const [{ quantity = 0 } = {}] = await deps().db.query<{ quantity: number }>(
    'select quantity from stock_levels where variant_id = $1::text::uuid',
    [product.variants[0] ?? ''],
  )
  await moveStock(deps(), staff, { variantId: product.variants[0] ?? '', kind: 'OUT', quantity: quantity - 2 })
  const { tickets, ticketsUrl } = await buyTickets(cinema, shop, ada, showtimeId, [seats.A1, seats.A2])
  await buyTickets(cinema, shop, null, showtimeId, [seats.A3, seats.A4])
  const people = await Promise.all(['dora', 'eve'].map((handle) => server.world.person({ handle })))
  const [dora = ada, eve = ada] = people
  await joinWaitlist(deps(), dora, { showtimeId, seatCount: 1 })
  await joinWaitlist(deps(), eve, { showtimeId, seatCount: 3 })
  await cinema.ask(
    'mutation ($id: ID!) { cancelTickets(input: { ticketIds: [$id], idempotencyKey: "one-back" }) { userErrors { code } } }',
    { id: tickets[0]?.id },
    ada,
  )
  await vi.waitFor(async () => expect((await sent()).has('seatsOffered')).toBe(true), {
    timeout: 20_000,
    interval: 100,
  })
  const offer = (await sent()).get('seatsOffered')?.[0] ?? ''
  const shown = await page(/http\S+/.exec(offer)?.[0] ?? '')
  expect(shown.text).toContain('Tea &amp; &lt;b&gt;Bread&lt;/b&gt;')
  // What the page says to ask is enough to take the offer.
  const { hold } = (await asked(shown.text, dora)).viewer.waitlistEntries.nodes[0]
  expect(hold.seats).toEqual([{ row: 'A', number: 1 }])
  await payFor(cinema, shop, dora, hold)
  await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', showtimeId) })
  const recipe = await server.world.recipes.published(bob)
  // Who was there a moment ago gets no mail.
  const away = await server.world.person({ handle: 'away' })
  for (const on of [
    { kind: 'MOVIE', id: movieId },
    { kind: 'PRODUCT', id: product.id },
    { kind: 'RECIPE', id: recipe },
  ] as const) {
    const parentId = await addComment(deps(), away, { on, body: 'How is it?' })
    await addComment(deps(), bob, { on, parentId, body: 'Good.' })
  }
  await server.world.say(bob, await server.world.direct(bob, away), 'Hello!')
  await vi.waitFor(
    async () => {
      const told = await sent()
      expect([...told.keys()].toSorted()).toEqual(Object.keys(TEMPLATES).toSorted())
      for (const part of ['/movies/', '/shop/', '/recipes/', '/rooms/']) {
        expect(told.get('notification')?.join()).toContain(server.url + part)
      }
    },
    { timeout: 20_000, interval: 100 },
  )
  const mails = await sent()
  const links = [...new Set([...mails.values()].flat().flatMap((text) => text.match(/https?:\/\/\S+/g) ?? []))]
  expect(links.length).toBeGreaterThan(12)
  for (const link of links) {
    expect(link.startsWith(server.url)).toBe(true)
    expect([link, (await page(link)).status]).toEqual([link, 200])
  }
  const receipts = mails.get('receipt') ?? []
  const ofAda = receipts.filter((text) => text.includes(ticketsUrl))
  expect(ofAda).toHaveLength(1)
  expect(ofAda[0]).toContain('/receipt?key=')
  expect(receipts.filter((text) => text.includes('/tickets/'))).toHaveLength(3)
  // Who bought a cup is promised no tickets.
  expect(receipts.filter((text) => !text.includes('/tickets/') && text.includes('Cup'))).toHaveLength(1)
}, 90_000)

describe('the address of', () => {
  const on = (kind: 'PRODUCT' | 'POST', id: Uuid) => ({ kind, id })
  const MAKE: Record<(typeof subjectKind.enumValues)[number], () => Promise<Uuid>> = {
    POST: () => server.world.published(bob),
    COMMENT: async () => addComment(deps(), ada, { on: on('POST', await server.world.published(bob)), body: 'Yes.' }),
    POLL: () => server.world.poll(bob),
    ROOM: () => server.world.room(bob, {}, [ada]),
    MESSAGE: async () => server.world.say(bob, await server.world.room(bob, {}, [ada]), 'Hello'),
    SURVEY: () =>
      server.world.survey(bob, { title: 'Asked', questions: [{ kind: 'SINGLE', text: 'So?', options: ['A', 'B'] }] }),
    MOVIE: async () => movieId,
    SHOWTIME: async () => showtimeId,
    RECIPE: () => server.world.recipes.published(bob),
    REVIEW: async () => {
      await buy(shop, bob, product.variants[0] ?? '')
      return reviewSubject(deps(), bob, { on: on('PRODUCT', product.id), stars: 5, text: 'Good.' })
    },
    PRODUCT: async () => product.id,
    ORDER: async () => parseId(await buy(shop, bob, product.variants[0] ?? ''))?.uuid ?? '',
    BILL_GROUP: () => createBillGroup(deps(), bob, { name: 'The flat' }),
    BILL: async () => {
      const groupId = await createBillGroup(deps(), bob, { name: 'The flat' })
      const bill = { groupId, amount: eur(900), spentOn: '2026-01-02', description: 'Tea', split: 'EQUAL' } as const
      return addBill(deps(), bob, bill)
    },
    WORKOUT: () =>
      scheduleWorkout(deps(), bob, {
        name: 'Legs',
        exercises: [],
        day: server.world.cinema.day(1),
        visibility: 'PUBLIC',
      }),
  }

  test.each(subjectKind.enumValues)('a %s opens', async (kind) => {
    const subject = await findSubject(deps().db, bob, { kind, id: await MAKE[kind]() })
    const { status, text, headers } = await page(server.url + subject?.path)
    expect([subject?.path, status]).toEqual([subject?.path, 200])
    if (!text.includes('Open the playground')) return
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    const answer = await asked(text, bob)
    expect(Object.values(answer).every((value) => value !== null)).toBe(true)
  })

  test('what is not there, or not for everybody, is not found', async () => {
    const draft = await server.world.recipes.draft(bob, { title: 'Secret' })
    const { path = '' } = (await findSubject(deps().db, bob, { kind: 'RECIPE', id: draft })) ?? {}
    const { slug } = (
      await shop.ask('query ($id: ID!) { node(id: $id) { ... on Product { slug } } }', {
        id: encodeId('product', product.id),
      })
    ).data.node
    expect((await page(`${server.url}/shop/${slug}`)).status).toBe(200)
    await deps().db.query("update products set status = 'DRAFT' where id = $1::text::uuid", [product.id])
    for (const address of [
      path,
      `/shop/${slug}`,
      '/shop/none',
      '/movies/none',
      `/movies/${encodeId('movie', showtimeId)}`,
      `/showtimes/${encodeId('movie', showtimeId)}`,
      '/rooms/none',
      '/orders/none',
    ]) {
      expect([address, (await page(server.url + address)).status]).toEqual([address, 404])
    }
  })
})
