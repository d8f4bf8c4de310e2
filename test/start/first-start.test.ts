import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Checkout, makeCheckout, postgresOf } from '../support/checkout.ts'
import { type RunningAtrium, startAtrium, stopAll, stopAtrium } from '../support/process.ts'

// Whole servers start and stop here, beside everything else that the machine does.
vi.setConfig({ testTimeout: 120_000 })

let checkout: Checkout
let data = ''
beforeAll(async () => {
  checkout = await makeCheckout()
  data = await checkout.dataDirectory()
})
afterEach(stopAll)
afterAll(() => checkout.remove())

const SIGN_UP = `mutation { signUp(input: { email: "new@example.com", handle: "newcomer", password: "a long passphrase for the start" }) {
  session { accessToken } userErrors { message } } }`
const POSTS = '{ posts(first: 100) { totalCount nodes { title author { handle } } } }'
const BUILD_MS = 180_000

const start = (command?: readonly string[]): Promise<RunningAtrium> =>
  startAtrium(checkout, {
    environment: { ATRIUM_DATA: data },
    ...(command === undefined ? {} : { command }),
  })
/** The server itself, without the script that looks after it. */
const startBare = (): Promise<RunningAtrium> => start([process.execPath, 'dist/main.js'])

let token = ''
let demoPosts = 0

describe('a newcomer', () => {
  test(
    'types `npm start` once and has a server with demo data, and every address that it prints answers',
    async () => {
      const server = await start(['npm', 'start'])
      expect(server.stderr).toMatch(/✓ Building the server \(\d+\.\d s\)/)
      expect(server.stderr).toMatch(/✓ Creating the database \(\d+\.\d s\)/)
      expect(server.stdout + server.stderr).not.toMatch(/^\{/m)
      expect(server.stdout).not.toContain(':0/')
      const addresses = server.stdout.match(/http:\S+/g) ?? []
      expect(addresses.length).toBeGreaterThanOrEqual(6)
      for (const address of addresses) {
        const { status } = await fetch(address, { headers: { accept: 'text/html,*/*' } })
        expect({ address, status }).toEqual({ address, status: 200 })
      }
      const { data } = await server.ask(POSTS)
      demoPosts = data.posts.totalCount
      expect(demoPosts).toBeGreaterThan(5)
      expect(new Set(data.posts.nodes.map((post: { author: { handle: string } }) => post.author.handle))).toContain(
        'ada',
      )

      const signedUp = await server.ask(SIGN_UP)
      expect(signedUp.data.signUp.userErrors).toEqual([])
      token = signedUp.data.signUp.session.accessToken
      const written = await server.ask(
        'mutation { createPost(input: { title: "Written between two starts", body: "Kept?" }) { post { id } userErrors { message } } }',
        {},
        token,
      )
      expect(written.data.createPost.userErrors).toEqual([])
      const published = await server.ask(
        'mutation ($id: ID!) { publishPost(input: { id: $id }) { post { status } } }',
        { id: written.data.createPost.post.id },
        token,
      )
      expect(published.data.publishPost.post.status).toBe('PUBLISHED')
      // npm itself does not wait for its child; what holds the terminal is the server.
      const postgres = await postgresOf(checkoutData())
      server.child.kill('SIGTERM')
      await expect.poll(postgres.isServing, { timeout: 10_000 }).toBe(false)
    },
    BUILD_MS,
  )

  test('sees no line of JSON and no warning at a start', async () => {
    const server = await start()
    expect(server.stdout + server.stderr).not.toMatch(/^\{|warn/m)
    await stopAtrium(server)
  })

  test('starts a second time: what was written is there, the demo data is there once, and nothing is built', async () => {
    const server = await start()
    const { data } = await server.ask(POSTS)
    expect(data.posts.totalCount).toBe(demoPosts + 1)
    expect(data.posts.nodes[0].title).toBe('Written between two starts')
    expect(server.stderr).not.toMatch(/Building|Creating|demo/)
    await stopAtrium(server)
  })

  test('is still signed in after a restart: the signing secret is kept, for the eyes of its owner only', async () => {
    const server = await start()
    expect((await server.ask('{ viewer { account { handle } } }', {}, token)).data.viewer.account.handle).toBe(
      'newcomer',
    )
    await stopAtrium(server)
    const { mode } = await stat(join(data, 'jwt-secret'))
    expect(mode & 0o777).toBe(0o600)
    expect((await readFile(join(data, 'jwt-secret'), 'utf8')).length).toBeGreaterThanOrEqual(43)
  })
})

const checkoutData = (): string => data

describe('after kill -9', () => {
  test('of the server, PostgreSQL ends by itself and the next start has everything', async () => {
    const killed = await startBare()
    const postgres = await postgresOf(data)
    killed.child.kill('SIGKILL')
    await killed.ended
    await expect.poll(postgres.isServing, { timeout: 10_000 }).toBe(false)
    const next = await start()
    expect((await next.ask(POSTS)).data.posts.totalCount).toBe(demoPosts + 1)
    await stopAtrium(next)
  })

  test('of the server and PostgreSQL together, the next start has everything', async () => {
    const killed = await startBare()
    const postgres = await postgresOf(data)
    killed.child.kill('SIGKILL')
    process.kill(postgres.pid, 'SIGKILL')
    const next = await start()
    expect((await next.ask(POSTS)).data.posts.totalCount).toBe(demoPosts + 1)
    await stopAtrium(next)
  })

  test('of PostgreSQL under the running server, it heals: no restart, nothing lost, and nobody sees internals', async () => {
    const server = await start()
    const before = await postgresOf(data)
    process.kill(before.pid, 'SIGKILL')
    await expect.poll(before.isServing).toBe(false)
    await expect
      .poll(async () => (await server.ask(POSTS)).data?.posts?.totalCount, { timeout: 20_000, interval: 100 })
      .toBe(demoPosts + 1)
    expect((await postgresOf(data)).pid).not.toBe(before.pid)
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    expect((await stopAtrium(server)).code).toBe(0)
  })
})
