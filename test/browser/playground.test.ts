import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, type LaunchedBrowser, launchBrowser } from '../support/browser.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { playgroundClient } from './playground-client.ts'

const ADD_COMMENT = `mutation ($subjectId: ID!, $body: String!) {
  addComment(input: { subjectId: $subjectId, body: $body }) { comment { id } userErrors { message } }
}`

describe.runIf(hasChromium)('the playground in a browser', () => {
  let server: TestServer
  let client: ReturnType<typeof playgroundClient>
  let browser: LaunchedBrowser
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    // Browsers take `localhost` for a secure place, as cookies and more need it.
    server = await startTestServer({ config: { demo: true, host: 'localhost' } })
    client = playgroundClient(server)
  })
  afterAll(() => server.close())

  /** Opens the playground in a browser that was never here, and notes everything that may not happen. */
  async function open(): Promise<void> {
    browser = await launchBrowser()
    page = await browser.context.newPage()
    problems = []
    const { host } = new URL(server.url)
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`)
    })
    page.on('pageerror', (error) => problems.push(`exception: ${error.message}`))
    page.on('requestfailed', (request) => {
      // A reload aborts what was still on its way.
      const reason = request.failure()?.errorText
      if (reason !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} ${reason}`)
    })
    browser.context.on('request', (request) => {
      const url = new URL(request.url())
      if (url.protocol.startsWith('http') && url.host !== host) problems.push(`another host: ${url.href}`)
    })
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).host !== host) problems.push(`another host: ${socket.url()}`)
    })
    await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
      console.error('CSP:', event.violatedDirective, event.blockedURI))`)
    await page.goto(`${server.url}/graphql`)
    await page.locator('.graphiql-query-editor .view-line').first().waitFor()
  }

  afterEach(() => browser.close())

  // Monaco draws spaces as no-break spaces.
  const textOf = async (place: Locator) => (await place.allTextContents()).join('').replaceAll('\u00a0', ' ')
  const response = () => textOf(page.locator('.graphiql-response .view-lines'))
  const variables = () => textOf(page.locator('.graphiql-editor-tool .graphiql-editor:nth-child(1) .view-lines'))
  const headers = () => textOf(page.locator('.graphiql-editor-tool .graphiql-editor:nth-child(2) .view-lines'))
  const actAs = (handle: string) => page.getByLabel('Act as').selectOption(handle)

  /** Tokens of one session are alike when they begin in the same second. */
  const nextSecond = () => page.waitForTimeout(1_000)

  async function showHeaders() {
    await page.getByRole('button', { name: 'Headers', exact: true }).click()
  }

  async function run(operation: string) {
    await page.getByRole('button', { name: /^Execute query/ }).click()
    await page.getByRole('menuitem', { name: operation, exact: true }).click()
  }

  test('opens with examples, their variables filled in, and without an error, a policy violation or a word to another host', async () => {
    await open()
    expect(await page.title()).toBe('Atrium')
    expect(await textOf(page.locator('.graphiql-query-editor .view-lines'))).toContain('# Welcome to Atrium.')
    const { post } = await client.things()
    await expect.poll(variables).toContain(`"slug": "${post?.slug}"`)
    // The workers have started and have read the schema once a field has its description.
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    await page.getByRole('link', { name: 'Subscription', exact: true }).click()
    await page.getByRole('link', { name: 'commentAdded' }).waitFor()
    await expect.poll(() => page.workers().length).toBeGreaterThanOrEqual(3)
    // What the examples ask is right: nothing in the editors is underlined.
    await page.waitForTimeout(1_000)
    expect(await page.locator('.squiggly-error, .squiggly-warning').count()).toBe(0)
    // And they stay.
    await page.reload()
    await expect.poll(variables).toContain(`"slug": "${post?.slug}"`)
    expect(await page.getByRole('tab').count()).toBe(1)
    expect(problems).toEqual([])
  })

  test('runs a query', async () => {
    await open()
    await run('NewestPosts')
    await expect.poll(response).toContain('"nodes"')
    expect(await response()).not.toContain('"errors"')
    expect(problems).toEqual([])
  })

  test('completes and prettifies what is typed', async () => {
    await open()
    await page.getByRole('button', { name: 'New tab' }).click()
    await page.locator('.graphiql-query-editor .view-lines').click()
    await page.keyboard.type('{viewer{ema')
    const suggestion = page.locator('.suggest-widget .monaco-list-row', { hasText: 'email' }).first()
    // The worker suggests nothing until it has the schema, so the key is pressed again.
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Control+Space')
          return suggestion.isVisible()
        },
        { interval: 500, timeout: 10_000 },
      )
      .toBe(true)
    await suggestion.click()
    await page.getByRole('button', { name: /^Prettify query/ }).click()
    await expect
      .poll(() => textOf(page.locator('.graphiql-query-editor .view-lines')))
      .toMatch(/^\{\s*viewer \{\s*email\s*\}\s*\}/)
    expect(problems).toEqual([])
  })

  test('acts as a demo member in this tab, in new tabs and after a reload, until told to be anonymous', async () => {
    await open()
    await showHeaders()
    await actAs(client.person(1).handle)
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    await run('Viewer')
    await expect.poll(response).toContain(`"email": "${client.person(1).email}"`)

    await page.getByRole('button', { name: 'Examples' }).click()
    await expect.poll(() => page.getByRole('tab').count()).toBe(2)
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    await run('Viewer')
    await expect.poll(response).toContain(`"email": "${client.person(1).email}"`)

    await page.reload()
    await expect.poll(() => page.getByLabel('Act as').inputValue()).toBe(client.person(1).handle)
    await showHeaders()
    await expect.poll(headers).toContain('"Authorization": "Bearer ')

    await actAs('')
    await expect.poll(headers).not.toContain('Authorization')
    await run('Viewer')
    await expect.poll(response).toContain('"viewer": null')
    expect(problems).toEqual([])
  })

  test('renews the session before its token ends', async () => {
    await open()
    await page.clock.install()
    await page.reload()
    await showHeaders()
    await actAs(client.person(0).handle)
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    const first = await headers()
    await nextSecond()
    await page.clock.fastForward('14:30')
    await expect.poll(headers).not.toBe(first)
    expect(await headers()).toContain('"Authorization": "Bearer ')
    expect(await page.getByLabel('Act as').inputValue()).toBe(client.person(0).handle)
    expect(problems).toEqual([])
  })

  test('says so when a session cannot be renewed, and is anonymous again', async () => {
    await open()
    await page.clock.install()
    await page.reload()
    await showHeaders()
    await actAs(client.person(0).handle)
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('PlaygroundRefresh')
        ? route.fulfill({
            json: { data: { refreshSession: { session: null, userErrors: [{ message: 'Too late.' }] } } },
          })
        : route.continue(),
    )
    await page.clock.fastForward('14:30')
    await page.getByText(`The session of ${client.person(0).handle} ended. Too late.`).waitFor()
    expect(await page.getByLabel('Act as').inputValue()).toBe('')
    await expect.poll(headers).not.toContain('Authorization')
  })

  test('receives an event of a subscription with the token of the person it acts as', async () => {
    await open()
    await actAs(client.person(0).handle)
    await showHeaders()
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    const sent: string[] = []
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))))
    await run('CommentAdded')
    await expect.poll(() => sent.map((frame) => JSON.parse(frame).type)).toEqual(['connection_init', 'subscribe'])
    expect(JSON.parse(sent[0] ?? '{}').payload.Authorization).toMatch(/^Bearer ./)

    const comment = { subjectId: (await client.things()).post?.id, body: 'Seen while it was written.' }
    const token = await client.tokenOf(client.person(1))
    // The server has the frame when it has opened the subscription, which nothing tells the client.
    await expect
      .poll(
        async () => {
          await client.ask(ADD_COMMENT, comment, token)
          return response()
        },
        { interval: 500, timeout: 10_000 },
      )
      .toContain('Seen while it was written.')
    await page.getByRole('button', { name: /^Stop query/ }).click()
    await expect.poll(() => sent.map((frame) => JSON.parse(frame).type)).toContain('complete')
    expect(problems).toEqual([])
  })

  test('goes on with the renewed token when the server ends the socket of the old one', async () => {
    await open()
    await page.clock.install()
    const inits: string[] = []
    let connections = 0
    let end = () => {}
    await page.routeWebSocket('**/graphql', (socket) => {
      connections += 1
      const upstream = socket.connectToServer()
      end = () => void socket.close({ code: 4403, reason: 'Forbidden' })
      socket.onMessage((frame) => {
        const { type, payload } = JSON.parse(String(frame))
        if (type === 'connection_init') inits.push(payload.Authorization)
        upstream.send(frame)
      })
    })
    await page.reload()
    await actAs(client.person(0).handle)
    await showHeaders()
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    await run('CommentAdded')
    await expect.poll(() => inits.length).toBe(1)

    const first = await headers()
    await nextSecond()
    await page.clock.fastForward('14:30')
    await expect.poll(headers).not.toBe(first)
    end()
    await expect.poll(() => inits.length, { timeout: 10_000 }).toBe(2)
    expect(inits[1]).not.toBe(inits[0])
    expect(await headers()).toContain(inits[1])

    // The same token again would be refused again: the message comes at once instead.
    end()
    await expect.poll(response).toContain('4403')
    expect(connections).toBe(2)
  })
})
