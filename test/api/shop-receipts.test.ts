import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { type ParsedMail, parseMail, untilMailsSent } from '../support/mail.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { checkOut, eur, pay, ShopClient } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let shelf: Uuid

beforeAll(async () => {
  const seller = { name: 'Lamps & <i>Sons</i>', address: ['Wick Lane 9', '10115 Berlin'], taxId: 'DE123456789' }
  server = await startTestServer({ config: { seller } })
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  shelf = await server.world.productCategory(staff, { name: 'Shelf' })
  await server.world.coupon(staff, { code: 'TAKE-FIVE', amount: eur(500) })
})
afterAll(() => server.close())

const ADDRESS = {
  name: 'Ada <b>Lovelace</b>',
  street: 'Long Lane 1',
  postalCode: '1010',
  city: 'Wien',
  country: 'AT',
}

/** Two cups and a lamp, with a coupon, to Vienna. */
async function order(buyer: Viewer | null) {
  const cup = await shop.product(staff, shelf, [{ price: eur(1250) }], { name: 'Cup & <i>saucer</i>' })
  const lamp = await shop.product(staff, shelf, [{ price: eur(4000), name: 'Green' }], { name: 'Lamp' })
  const { value } = await shop.add(buyer, cup.variants[0] ?? '', 2)
  const token = value.cartToken
  const input = { variantId: encodeId('variant', lamp.variants[0] ?? ''), quantity: 1, cartToken: token }
  await shop.run('addToCart', buyer, input, undefined, 'CartItemInput')
  await shop.run('applyCoupon', buyer, { code: 'TAKE-FIVE', cartToken: token }, undefined, 'CouponCodeInput')
  // 25.00 + 40.00 - 5.00, shipping 9.90, 20 % of 69.90.
  const expectedTotal = { amount: '83.88', currency: 'EUR' }
  const { value: placed, userErrors } = await checkOut(shop, buyer, { address: ADDRESS, expectedTotal }, token)
  expect(userErrors).toEqual([])
  return { id: placed.id as string, token }
}

const URL_OF = 'query ($id: ID!, $token: String) { order(id: $id, cartToken: $token) { receiptUrl lines { id } } }'
const urlOf = async (id: string, viewer: Viewer | null, token: string | null = null): Promise<string | null> =>
  (await shop.ask(URL_OF, { id, token }, viewer)).data.order.receiptUrl
const read = async (url: string) => {
  const response = await fetch(url)
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const words = (html: string): string =>
  html
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

describe('a receipt', () => {
  test('is there once the order is paid, for a member and for a guest', async () => {
    for (const buyer of [ada, null]) {
      const { id, token } = await order(buyer)
      expect(await urlOf(id, buyer, token)).toBeNull()
      await pay(shop, buyer, id, 'pm_card_visa', token)
      const { status, text } = await read((await urlOf(id, buyer, token)) ?? '')
      expect(status).toBe(200)
      expect(text).toContain(id)
    }
  })

  test('tells lines, discounts, shipping, tax by rate and total, and refunds with their dates', async () => {
    const { id } = await order(ada)
    await pay(shop, ada, id)
    const url = (await urlOf(id, ada)) ?? ''
    const paid = words((await read(url)).text)
    for (const part of [
      'Cup &amp; &lt;i&gt;saucer&lt;/i&gt; 2 €12.50 €25.00',
      'Lamp Green 1 €40.00 €40.00',
      'Subtotal €65.00 Coupon TAKE-FIVE -€5.00 Shipping €9.90 Tax 20 % €13.98 Total €83.88',
      '20 % €69.90 €13.98',
      'Ada &lt;b&gt;Lovelace&lt;/b&gt; Long Lane 1 1010 Wien Austria',
      'Sold by Lamps &amp; &lt;i&gt;Sons&lt;/i&gt; Wick Lane 9 10115 Berlin Tax ID DE123456789',
    ]) {
      expect(paid).toContain(part)
    }
    expect(paid).not.toContain('Refunds')
    const { data } = await shop.ask(URL_OF, { id }, ada)
    await shop.run(
      'refundOrder',
      staff,
      {
        id,
        lines: [{ lineId: data.order.lines[1].id, quantity: 1 }],
        reason: 'It came in pieces.',
        idempotencyKey: `receipt-${id}`,
      },
      'order { status }',
    )
    const today = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/Berlin' }).format(new Date())
    // 40.00 less its part of the coupon, with its tax.
    expect(words((await read(url)).text)).toMatch(
      new RegExp(`Refunds On Why Amount ${today} It came in pieces\\. -€44\\.3\\d Paid after refunds €39\\.5\\d`),
    )
  })

  test('tells of tickets, which no tax is added to, in a row of their own beside taxed goods', async () => {
    const cinema = new CinemaClient(server)
    const world = server.world.cinema
    const movieId = await world.movie(staff, { title: 'The <i>movie</i>' })
    const theatreId = await world.theatre(staff, { name: 'The house' })
    const screenId = await world.screen(staff, theatreId, { name: 'Hall 1', rows: world.rows('SSSS') })
    const prices = { currency: 'EUR', standard: '9.00', premium: '12.50' }
    const showtimeId = await world.showtime(staff, movieId, screenId, { prices })
    const { A1, A2 } = await world.seats(screenId)
    const { value: held } = await cinema.hold(ada, showtimeId, [A1, A2])
    await shop.run('addHoldToCart', ada, { holdId: held.id })
    const cup = await shop.product(staff, shelf, [{ price: eur(1250) }], { name: 'Mug' })
    await shop.add(ada, cup.variants[0] ?? '', 2)
    const { value: placed } = await checkOut(shop, ada, {
      address: ADDRESS,
      expectedTotal: { amount: '59.88', currency: 'EUR' },
    })
    await pay(shop, ada, placed.id)
    const receipt = words((await read((await urlOf(placed.id, ada)) ?? '')).text)
    expect(receipt.match(/The &lt;i&gt;movie&lt;\/i&gt; [^€]+ 1 €9\.00 €9\.00/g)).toHaveLength(2)
    // Tax of goods and shipping, and none of the tickets: 20 % of 25.00 and 9.90.
    for (const part of [
      'Subtotal €43.00 Shipping €9.90 Tax 20 % €6.98 Total €59.88',
      'Tax Rate On Tax 20 % €34.90 €6.98 0 % €18.00 €0.00',
    ]) {
      expect(receipt).toContain(part)
    }
    // Of tickets alone nothing is sent, and nothing is taxed.
    const { value: more } = await cinema.hold(ada, showtimeId, [(await world.seats(screenId)).A3])
    await shop.run('addHoldToCart', ada, { holdId: more.id })
    const { value: ticket } = await checkOut(shop, ada, {
      address: ADDRESS,
      expectedTotal: { amount: '9.00', currency: 'EUR' },
    })
    await pay(shop, ada, ticket.id)
    const plain = words((await read((await urlOf(ticket.id, ada)) ?? '')).text)
    expect(plain).toContain('Subtotal €9.00 Tax 20 % €0.00 Total €9.00')
    expect(plain).toContain('Tax Rate On Tax 0 % €9.00 €0.00')
  })

  test('runs and loads nothing, and is kept by nobody', async () => {
    const { id } = await order(ada)
    await pay(shop, ada, id)
    const { headers, text } = await read((await urlOf(id, ada)) ?? '')
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
    expect(headers.get('cache-control')).toContain('no-store')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text).not.toMatch(/<script|<img|<link|url\(|@import/)
  })

  test('is opened by its own key only', async () => {
    const [one, other] = [await order(ada), await order(ada)]
    for (const { id } of [one, other]) await pay(shop, ada, id)
    const unpaid = await order(ada)
    const url = new URL((await urlOf(one.id, ada)) ?? '')
    const theirs = new URL((await urlOf(other.id, ada)) ?? '')
    const key = url.searchParams.get('key') ?? ''
    const forged = (change: (forged: URL) => void): string => {
      const copy = new URL(url)
      change(copy)
      return copy.href
    }
    const last = key.at(-2) === 'A' ? 'B' : 'A'
    const addresses = [
      forged(({ searchParams }) => searchParams.delete('key')),
      forged(({ searchParams }) => searchParams.set('key', '')),
      forged(({ searchParams }) => searchParams.append('key', key)),
      forged(({ searchParams }) => searchParams.set('key', `${key.slice(0, -2)}${last}${key.at(-1)}`)),
      forged(({ searchParams }) => searchParams.set('key', key.slice(0, -1))),
      forged(({ searchParams }) => searchParams.set('key', theirs.searchParams.get('key') ?? '')),
      forged((copy) => {
        copy.pathname = `/orders/${unpaid.id}/receipt`
      }),
      forged((copy) => {
        copy.pathname = `/orders/${one.id.replace('order_', 'ticket_')}/receipt`
      }),
      forged((copy) => {
        copy.pathname = '/orders/nonsense/receipt'
      }),
    ]
    for (const address of addresses) expect([address, (await read(address)).status]).toEqual([address, 404])
    expect((await read(url.href)).status).toBe(200)
  })
})

describe('a mail', () => {
  /** The mails about one order, found by the address of its receipt. */
  async function mailsOf(id: string): Promise<ParsedMail[]> {
    await untilMailsSent(server)
    const folder = join(server.dataDirectory, 'mail')
    const names = (await readdir(folder)).toSorted()
    const mails = await Promise.all(names.map(async (name) => parseMail(await readFile(join(folder, name), 'utf8'))))
    return mails.filter(({ parts }) => parts['text/plain']?.includes(id))
  }

  test('brings the receipt once the order is paid, and once only, however often that is told', async () => {
    const { id, token } = await order(null)
    expect(await mailsOf(id)).toEqual([])
    await pay(shop, null, id, 'pm_card_visa', token)
    const url = (await urlOf(id, null, token)) ?? ''
    // The gateway tells of it as well, and the buyer presses the button again.
    await Promise.all(Array.from({ length: 5 }, () => pay(shop, null, id, 'pm_card_visa', token)))
    const [mail, ...more] = await mailsOf(id)
    expect(more).toEqual([])
    expect(mail?.headers).toMatchObject({
      subject: 'Your receipt: €83.88',
      to: expect.stringContaining('guest@example.com'),
    })
    for (const part of ['text/plain', 'text/html']) expect(mail?.parts[part]).toContain('Coupon TAKE-FIVE: -€5.00')
    expect(mail?.parts['text/plain']).toContain('2 × Cup & <i>saucer</i>: €25.00')
    expect(mail?.parts['text/plain']).toContain(url)
    expect(mail?.parts['text/plain']).toMatch(
      /Sold by\s+> Lamps & <i>Sons<\/i>\s+> Wick Lane 9\s+> 10115 Berlin\s+> Tax ID DE123456789\n/,
    )
    expect(mail?.parts['text/html']).not.toContain('<i>')
    expect(mail?.parts['text/html']).toContain(`href="${url}"`)
    // What guests call whoever has the address is not said in the shop's name.
    for (const part of ['text/plain', 'text/html']) {
      expect(mail?.parts[part]).toContain('Hello,')
      expect(mail?.parts[part]).not.toContain('Lovelace')
    }
    expect(mail?.headers.to).not.toContain('Lovelace')
    const own = await order(ada)
    await pay(shop, ada, own.id)
    expect((await mailsOf(own.id))[0]?.parts['text/plain']).toContain('Hello Ada <b>Lovelace</b>,')
  })

  test('tells of money that goes back, each time', async () => {
    const { id } = await order(ada)
    await pay(shop, ada, id)
    const { data } = await shop.ask(URL_OF, { id }, ada)
    const [cups, lamp] = data.order.lines
    const refund = (lineId: string, idempotencyKey: string) =>
      shop.run(
        'refundOrder',
        staff,
        { id, lines: [{ lineId, quantity: 1 }], reason: 'A crack.', idempotencyKey },
        'order { status }',
      )
    await refund(cups.id, `mail-1-${id}`)
    await refund(cups.id, `mail-1-${id}`)
    await refund(lamp.id, `mail-2-${id}`)
    const refunds = (await mailsOf(id)).filter(({ headers }) => headers.subject?.includes('goes back'))
    expect(refunds.map(({ headers }) => headers.subject).toSorted()).toEqual([
      expect.stringMatching(/^1\d\.\d\d EUR goes back to you$/),
      expect.stringMatching(/^44\.3\d EUR goes back to you$/),
    ])
    for (const { parts } of refunds) expect(parts['text/plain']).toContain('> A crack.')
  })
})

test.each([
  ['beside demo data a made-up address', {}, ['Demonstration Street 1', '10115 Berlin', 'Germany'], null],
  ['without demo data none', { ATRIUM_DEMO: 'false' }, [], null],
  ['in production none', { NODE_ENV: 'production' }, [], null],
  [
    'what the settings say',
    { SELLER_ADDRESS: ' Wick Lane 9, , 10115 Berlin', SELLER_TAX_ID: 'DE1' },
    ['Wick Lane 9', '10115 Berlin'],
    'DE1',
  ],
])('the seller is the house’s: %s', (_, environment, address, taxId) => {
  const given = { ATRIUM_DATA: tmpdir(), JWT_SECRET: 'x'.repeat(32), ...environment }
  expect(readConfig(given).seller).toEqual({ name: 'Atrium', address, taxId })
  expect(() => readConfig({ ...given, SELLER_NAME: 'a\nb' })).toThrow('SELLER_NAME must be one line')
})
