import { mkdir } from 'node:fs/promises'
import { create } from 'qrcode'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { hasChromium, type LaunchedBrowser, launchBrowser } from '../support/browser.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ShopClient } from '../support/shop.ts'
import { buyTickets, type Purchase } from '../support/tickets.ts'

let server: TestServer
let cinema: CinemaClient
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let showtimeId: Uuid
let seats: Record<string, Uuid>
let halls = 0

beforeAll(async () => {
  server = await startTestServer()
  cinema = new CinemaClient(server)
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
})
afterAll(() => server.close())

/** Two tickets of a movie whose title would like to be markup. */
async function bought(viewer: Viewer | null = ada): Promise<Purchase> {
  const world = server.world.cinema
  halls += 1
  const movieId = await world.movie(staff, { title: 'Tea & <b>Bread</b>' })
  const theatreId = await world.theatre(staff, { name: `The house ${halls}` })
  const screenId = await world.screen(staff, theatreId, { name: 'Grand', rows: world.rows('SSSS') })
  showtimeId = await world.showtime(staff, movieId, screenId, { prices: { currency: 'EUR', standard: '9.00' } })
  seats = await world.seats(screenId)
  return buyTickets(cinema, shop, viewer, showtimeId, [seats.A1, seats.A2])
}

const get = async (url: string) => {
  const response = await fetch(url)
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const codeOf = (url: string): string => url.split('/').at(-1) ?? ''

/** Dark modules of a code, row by row, with the light margin around it. */
function modulesOf(text: string): string[] {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const blank = '0'.repeat(modules.size + 8)
  const rows = Array.from({ length: modules.size }, (_, row) =>
    Array.from({ length: modules.size }, (_, column) => (modules.get(row, column) ? '1' : '0')).join(''),
  )
  return [...Array(4).fill(blank), ...rows.map((row) => `0000${row}0000`), ...Array(4).fill(blank)]
}

/** Reads a code from a picture of it: the middle of each module, dark or light. */
async function readModules(png: Buffer, size: number): Promise<string[]> {
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true })
  const isDark = (row: number, column: number): boolean => {
    const x = Math.floor(((column + 0.5) * info.width) / size)
    const y = Math.floor(((row + 0.5) * info.height) / size)
    return (data[(y * info.width + x) * info.channels] ?? 255) < 128
  }
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => (isDark(row, column) ? '1' : '0')).join(''),
  )
}

describe.each(['member', 'guest'] as const)('the tickets of a %s', (who) => {
  test('have a page each, and one together, that are in nobody’s cache and run nothing', async () => {
    const { tickets, ticketsUrl } = await bought(who === 'member' ? ada : null)
    const single = await get(tickets[0]?.url ?? '')
    expect(single.status).toBe(200)
    expect(single.text).toContain('Tea &amp; &lt;b&gt;Bread&lt;/b&gt;')
    expect(single.text).not.toContain('<b>Bread')
    expect(single.text).toContain('Row A, seat 1')
    expect(single.text).not.toContain('Row A, seat 2')
    expect(single.text).toContain(tickets[0]?.qrCode)
    const all = await get(ticketsUrl)
    for (const part of ['Row A, seat 1', 'Row A, seat 2', tickets[0]?.qrCode, tickets[1]?.qrCode]) {
      expect(all.text).toContain(part)
    }
    for (const { headers } of [single, all]) {
      expect(headers.get('cache-control')).toBe('private, no-store')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-robots-tag')).toContain('noindex')
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
      expect(headers.get('content-security-policy')).not.toContain('unsafe')
    }
  })
})

test('neither an id, nor a changed code, nor the code of something else opens a page', async () => {
  const { tickets, ticketsUrl, orderId } = await bought()
  const [first, second] = tickets
  const code = first?.code ?? ''
  const orderCode = codeOf(ticketsUrl)
  const others = [
    first?.id ?? '',
    orderId,
    `${code.startsWith('A') ? 'B' : 'A'}${code.slice(1)}`,
    // The seal of one behind the id of the other.
    `${orderCode.slice(0, 21)}${code.slice(21)}`,
    `${(second?.code ?? '').slice(0, 21)}${code.slice(21)}`,
    '..%2F..%2Fetc%2Fpasswd',
    'x'.repeat(43),
  ]
  for (const each of others) expect((await get(`${server.url}/tickets/${each}`)).status).toBe(404)
  const inBrowser = await fetch(`${server.url}/tickets/cut-off`, { headers: { accept: 'text/html' } })
  expect([inBrowser.status, await inBrowser.text()]).toEqual([404, expect.stringContaining('There is no such ticket.')])
  // Nor does the page of an order let anybody in.
  const query = 'mutation ($code: String!) { done: checkInTicket(input: { code: $code }) { userErrors { code } } }'
  const { data } = await cinema.ask(query, { code: orderCode }, staff)
  expect(data.done.userErrors).toEqual([{ code: 'NOT_FOUND' }])
})

test('a ticket that lets nobody in has no code on its page, and says why', async () => {
  const { tickets, ticketsUrl, orderId } = await bought()
  const cancel =
    'mutation ($id: ID!) { cancelTickets(input: { ticketIds: [$id] }) { tickets { code url qrCode } userErrors { code } } }'
  const { data } = await cinema.ask(cancel, { id: tickets[0]?.id }, ada)
  expect(data.cancelTickets.tickets).toEqual([{ code: null, url: null, qrCode: null }])
  const page = await get(tickets[0]?.url ?? '')
  expect(page.text).toContain('Paid back')
  expect(page.text).not.toContain('<svg')
  expect((await get(ticketsUrl)).text.match(/<svg/g)).toHaveLength(1)
  await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', showtimeId) })
  const gone = await get(tickets[1]?.url ?? '')
  expect(gone.text).toContain('does not take place')
  expect(gone.text).not.toContain('<svg')
  const unseen = await cinema.ask('query ($id: ID!) { order(id: $id) { ticketsUrl } }', { id: orderId }, staff)
  expect(unseen.data.order.ticketsUrl).toBeNull()
})

describe.skipIf(!hasChromium)('in a browser', () => {
  let browser: LaunchedBrowser
  beforeAll(async () => {
    browser = await launchBrowser({ viewport: { width: 900, height: 800 } })
  })
  afterAll(() => browser.close())

  test('the QR code on the screen, and the one that is printed, carry the ticket’s code module by module', async () => {
    const { tickets, ticketsUrl } = await bought()
    const page = await browser.context.newPage()
    const problems: string[] = []
    page.on('console', (message) => problems.push(message.text()))
    for (const media of ['screen', 'print'] as const) {
      await page.emulateMedia({ media })
      await page.goto(ticketsUrl)
      const codes = page.locator('.ticket svg')
      expect(await codes.count()).toBe(2)
      for (const [n, ticket] of tickets.entries()) {
        const wanted = modulesOf(ticket.code)
        expect(await readModules(await codes.nth(n).screenshot(), wanted.length)).toEqual(wanted)
      }
      const folder = process.env.SCREENSHOTS
      if (folder !== undefined) {
        await mkdir(folder, { recursive: true })
        await page.screenshot({ path: `${folder}/tickets-${media}.png`, fullPage: true })
      }
    }
    expect(problems).toEqual([])
    await page.close()
  })
})
