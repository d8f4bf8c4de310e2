import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEMO_PEOPLE } from '../../src/demo/demo.ts'
import { hasChromium, type LaunchedBrowser, launchBrowser } from '../support/browser.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const POST = '/posts/ada/a-cursor-is-a-promise'

describe.runIf(hasChromium)('the blog in a browser', () => {
  let server: TestServer
  let browser: LaunchedBrowser
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    // Browsers keep Secure cookies without https on `localhost` alone.
    server = await startTestServer({ config: { demo: true, host: 'localhost' } })
    await importReadme('dataloader')
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    browser = await launchBrowser()
    page = await open(browser.context)
  })
  afterEach(() => browser.close())

  /** A document that was written for others, read in by the command that people use. */
  async function importReadme(name: string): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'atrium-readmes-'))
    await mkdir(join(folder, name))
    await cp(join(root, 'node_modules', name, 'README.md'), join(folder, name, 'README.md'))
    await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'src/import-posts.ts', folder, '--author', 'chiyo'],
      { cwd: root, env: { ...process.env, DATABASE_URL: server.databaseUrl, ATRIUM_DATA: server.dataDirectory } },
    )
    await rm(folder, { recursive: true })
  }

  /** A page that notes everything that may not happen. Pictures of posts come from elsewhere, and are not let out. */
  async function open(context: BrowserContext): Promise<Page> {
    const opened = await context.newPage()
    problems = []
    const { host } = new URL(server.url)
    await context.route(
      (url) => url.host !== host,
      (route) => {
        if (route.request().resourceType() !== 'image') problems.push(`another host: ${route.request().url()}`)
        return route.fulfill({ status: 204 })
      },
    )
    opened.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`)
    })
    opened.on('pageerror', (error) => problems.push(`exception: ${error.message}`))
    await opened.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
      console.error('CSP:', event.violatedDirective, event.blockedURI))`)
    return opened
  }

  const go = (path: string) => page.goto(server.url + path)
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name })

  async function signIn(handle: string): Promise<void> {
    const { email, password } = DEMO_PEOPLE.find((person) => person.handle === handle) ?? { email: '', password: '' }
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in' })
    await dialog.getByLabel('E-mail address').fill(email)
    await dialog.getByLabel('Password').fill(password)
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
  }

  test('lists the newest posts, and the older ones behind a link and back', async () => {
    for (let number = 1; number <= 12; number++) {
      await server.world.published(await viewerOf('bram'), { title: `Walk ${number}`, publishedAt: new Date(number) })
    }
    await go('/')
    expect(await page.title()).toBe('Atrium')
    const titles = () => page.getByRole('article').getByRole('heading').allTextContents()
    await page.getByRole('article').first().waitFor()
    const first = await titles()
    expect(first).toContain('A cursor is a promise')
    expect(first).toHaveLength(10)
    await page.getByRole('link', { name: 'Older posts' }).click()
    await page.getByRole('link', { name: 'Newer posts' }).waitFor()
    const second = await titles()
    expect(second.filter((title) => first.includes(title))).toEqual([])
    await page.getByRole('link', { name: 'Newer posts' }).click()
    await page.getByRole('navigation', { name: 'Pages' }).waitFor()
    await expect.poll(titles).toEqual(first)
    expect(problems).toEqual([])
  })

  test('shows a post that came from somebody else’s Markdown file, with its places, tables and code', async () => {
    await go('/?q=dataloader')
    await page.getByRole('article').getByRole('link', { name: 'DataLoader', exact: true }).click()
    await heading('DataLoader').waitFor()
    expect(page.url()).toBe(`${server.url}/posts/chiyo/dataloader`)
    expect(await page.title()).toBe('DataLoader · Atrium')
    const article = page.getByRole('article', { name: 'DataLoader' })
    await article.getByText('new DataLoader(keys => myBatchGetUsers(keys))').first().waitFor()
    expect(await article.locator('script, style, iframe').count()).toBe(0)
    // Links within a document written for elsewhere lead to their place.
    await go('/posts/chiyo/dataloader#getting-started')
    const place = article.getByRole('heading', { name: 'Getting Started' })
    await expect.poll(async () => (await place.boundingBox())?.y).toBeLessThan(200)
    expect(problems).toEqual([])
  })

  test('leads from a post to its tag, and from there to the others and the feed', async () => {
    await go(POST)
    await heading('A cursor is a promise').waitFor()
    await page.getByRole('link', { name: 'Postgres', exact: true }).click()
    await heading('Postgres').waitFor()
    expect(await page.title()).toBe('Postgres · Atrium')
    await page.getByRole('link', { name: 'Let the database say no' }).waitFor()
    expect(await page.locator('link[rel=alternate]').getAttribute('href')).toBe('/feeds/tags/postgres.atom')
    expect(await page.getByRole('article').getByRole('link', { name: 'Rye, slowly' }).count()).toBe(0)
    expect(problems).toEqual([])
  })

  test('finds posts by their words and marks them, and says when there are none', async () => {
    await go('/')
    await page.getByRole('searchbox').fill('keyset')
    await page.getByRole('searchbox').press('Enter')
    await page.getByRole('link', { name: 'A cursor is a promise' }).waitFor()
    expect(await page.locator('mark').first().textContent()).toBe('keyset')
    expect(await page.getByRole('searchbox').inputValue()).toBe('keyset')
    await page.getByRole('searchbox').fill('nobodywrotethis')
    await page.getByRole('searchbox').press('Enter')
    await page.getByText('Nothing matches all of that.').waitFor()
    expect(problems).toEqual([])
  })

  test('lets a member sign in, comment, answer and like; a wrong password is said in place', async () => {
    await go(POST)
    await heading('A cursor is a promise').waitFor()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByLabel('E-mail address').fill('bram@example.com')
    await page.getByLabel('Password').fill('not my password at all')
    await page.keyboard.press('Enter')
    await page.getByText('The e-mail address or the password is wrong.').waitFor()
    await page.keyboard.press('Escape')
    await signIn('bram')
    // Scripts cannot read what the session travels in.
    expect(await page.evaluate('document.cookie')).toBe('')

    await page.getByLabel('Your comment').fill('Read in a *browser*.')
    await page.getByRole('button', { name: 'Comment', exact: true }).click()
    const comment = page.getByRole('article', { name: 'Comment by Bram Oyelaran' }).filter({ hasText: 'browser' })
    await comment.locator('em').waitFor()
    await expect.poll(() => page.getByRole('heading', { name: '4 comments' }).count()).toBe(1)
    await comment.getByRole('button', { name: 'Reply' }).click()
    await page.getByLabel('Your reply').fill('And answered there.')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('listitem').filter({ has: comment }).getByText('And answered there.').waitFor()
    await expect.poll(() => page.getByRole('heading', { name: '5 comments' }).count()).toBe(1)

    const like = page.getByRole('button', { name: /^Like/ })
    expect(await like.getAttribute('aria-pressed')).toBe('true')
    await like.click()
    await expect.poll(() => like.textContent()).toBe('Like 2')
    await like.click()
    await expect.poll(() => like.textContent()).toBe('Like 3')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in to comment' }).waitFor()
    // The wrong password was answered with 200: user errors are part of the answer.
    expect(problems).toEqual([])
  })

  test('shows a comment of somebody else while it is read, once, in its place and said aloud', async () => {
    const bram = await viewerOf('bram')
    const id = await server.world.published(bram, { title: 'Heard live' })
    let letListen = () => {}
    const mayListen = new Promise<void>((resolve) => {
      letListen = resolve
    })
    await page.routeWebSocket('**/graphql', async (socket) => {
      await mayListen
      socket.connectToServer()
    })
    await go('/posts/bram/heard-live')
    await heading('Heard live').waitFor()
    // Written when the page had read that there is no comment, and did not listen yet.
    const first = await server.world.comment(await viewerOf('chiyo'), id, 'Is anybody reading?')
    letListen()
    await page.getByText('Is anybody reading?').waitFor()
    await server.world.comment(await viewerOf('dara'), id, 'I am.', first)
    const asked = page.getByRole('listitem').filter({ hasText: 'Is anybody reading?' })
    await asked.getByText('I am.').waitFor()
    expect(await page.getByText('Is anybody reading?').count()).toBe(1)
    expect(await page.getByRole('status').textContent()).toBe('New comment by Dara Novák')
    expect(problems).toEqual([])
  })

  test('misses no comment that was written while there was no connection', async () => {
    const bram = await viewerOf('bram')
    const id = await server.world.published(bram, { title: 'Through a tunnel' })
    await server.world.comment(bram, id, 'Before the tunnel.')
    let acknowledged = 0
    let cut = async () => {}
    await page.routeWebSocket('**/graphql', (socket) => {
      // A socket that is cut before it is open would be a complaint of the browser's own.
      socket.connectToServer().onMessage((message) => {
        if (String(message).includes('"connection_ack"')) acknowledged += 1
        socket.send(message)
      })
      cut = () => socket.close({ code: 4403, reason: 'The token has expired.' })
    })
    await go('/posts/bram/through-a-tunnel')
    await page.getByText('Before the tunnel.').waitFor()
    await expect.poll(() => acknowledged).toBe(1)
    await cut()
    await server.world.comment(bram, id, 'Inside the tunnel.')
    await page.getByText('Inside the tunnel.').waitFor()
    await page.getByRole('heading', { name: '2 comments' }).waitFor()
    expect(await page.getByText('Before the tunnel.').count()).toBe(1)
    expect(problems).toEqual([])
  })

  test('keeps a member signed in when the access token has ended, with one refresh for all that the page asks', async () => {
    await go('/')
    await signIn('chiyo')
    await browser.context.clearCookies({ name: '__Host-atrium-access' })
    await page.evaluate("localStorage.setItem('atrium:session-until', new Date(0).toISOString())")
    const refreshes: string[] = []
    page.on('request', (request) => {
      if (request.postData()?.includes('ReaderRefreshSession')) refreshes.push(request.url())
    })
    await go(POST)
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    await page.getByLabel('Your comment').waitFor()
    expect(refreshes).toHaveLength(1)
    expect(problems).toEqual([])
  })

  test('keeps a member signed in whose clock is slow', async () => {
    await go('/')
    await signIn('chiyo')
    await browser.context.clearCookies({ name: '__Host-atrium-access' })
    await go('/')
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    expect(problems).toEqual([])
  })

  test('goes on as nobody when the session was ended elsewhere, and can sign in again', async () => {
    await go('/')
    await signIn('chiyo')
    await server.running.atrium.deps.db.query('update sessions set revoked_at = now()')
    await go(POST)
    await heading('A cursor is a promise').waitFor()
    await page.getByRole('button', { name: 'Sign in to comment' }).waitFor()
    await signIn('chiyo')
    // A cookie that is refused with 401, and taken back, is noted in the console by the browser itself.
    expect(problems.filter((problem) => !problem.includes('401'))).toEqual([])
  })

  test('a former slug leads to the present address', async () => {
    const id = await server.world.published(await viewerOf('bram'), { title: 'First thoughts' })
    const token = await server.tokenOf(await viewerOf('bram'))
    await server.ask(
      'mutation ($id: ID!) { updatePost(input: { id: $id, slug: "second-thoughts" }) { userErrors { message } } }',
      { id: (await server.ask('{ post(author: "bram", slug: "first-thoughts") { id } }')).data.post.id },
      token,
    )
    expect(id).not.toBe('')
    await go('/posts/bram/first-thoughts')
    await heading('First thoughts').waitFor()
    expect(page.url()).toBe(`${server.url}/posts/bram/second-thoughts`)
    expect(problems).toEqual([])
  })

  test.each(['/posts/ada/never-written', '/posts/nobody/at-all', '/tags/never-used', '/authors/nobody', '/posts/ada'])(
    '%s says that there is nothing, with status 404 and a way on',
    async (path) => {
      const response = await go(path)
      expect(response?.status()).toBe(404)
      await heading('There is nothing here').waitFor()
      await page.getByRole('link', { name: 'The newest posts' }).click()
      await page.getByRole('article').first().waitFor()
    },
  )

  test('says so when the server cannot be asked, and asks again when told', async () => {
    await page.route('**/graphql', (route) => route.abort())
    await go(POST)
    await page.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/graphql')
    await page.getByRole('button', { name: 'Try again' }).click()
    await heading('A cursor is a promise').waitFor()
  })

  test('can be read with the keyboard alone, and fits a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 700 })
    for (const path of ['/', POST, '/posts/chiyo/dataloader', '/tags/postgres']) {
      await go(path)
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), path).toBeLessThanOrEqual(0)
    }
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true)
  })

  async function viewerOf(handle: string) {
    const [row] = await server.running.atrium.deps.db.query<{ id: string }>(
      'select id from accounts where handle = $1',
      [handle],
    )
    const accountId = row?.id ?? ''
    return { accountId, sessionId: accountId, handle, role: 'MEMBER' as const, expiresAt: new Date(8.64e15) }
  }
})
