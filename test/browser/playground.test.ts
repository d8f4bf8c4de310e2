import { readdirSync, readFileSync } from 'node:fs'
import { buildSchema, type OperationDefinitionNode, parse, validate } from 'graphql'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EXAMPLE_POST, type ExamplePost, exampleVariables } from '../../web/playground/example-variables.ts'
import { withAuthorization } from '../../web/playground/request-headers.ts'
import { hasChromium, type LaunchedBrowser, launchBrowser } from '../support/browser.ts'
import { type PlaygroundServer, startPlaygroundServer } from './playground-server.ts'

const SIGN_IN = `mutation ($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { session { accessToken } }
}`
const ADD_COMMENT = `mutation ($subjectId: ID!, $body: String!) {
  addComment(input: { subjectId: $subjectId, body: $body }) { comment { id } userErrors { message } }
}`

const root = new URL('../../', import.meta.url)
const EXAMPLES = new URL('web/playground/examples/', root)
const examples = readdirSync(EXAMPLES).map((name) => ({ name, text: readFileSync(new URL(name, EXAMPLES), 'utf8') }))

let server: PlaygroundServer
beforeAll(async () => {
  server = await startPlaygroundServer()
})
afterAll(() => server.close())

function person(index: number) {
  const found = server.people[index]
  if (!found) throw new Error('The server has too few demo people.')
  return found
}

/** Asks the server without a browser. */
async function ask<Data>(query: string, variables: object, token?: string): Promise<Data> {
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

async function examplePost(): Promise<ExamplePost> {
  const { posts } = await ask<{ posts: { nodes: ExamplePost[] } }>(EXAMPLE_POST, {})
  const [post] = posts.nodes
  if (!post) throw new Error('The server has no post.')
  return post
}

async function tokenOf({ email, password }: { email: string; password: string }): Promise<string> {
  const { signIn } = await ask<{ signIn: { session: { accessToken: string } } }>(SIGN_IN, { email, password })
  return signIn.session.accessToken
}

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

  test.each(operations.filter(({ operation }) => operation.operation !== 'subscription'))(
    '$name runs with the variables that the page fills in',
    async ({ text }) => {
      const variables = exampleVariables(await examplePost(), person(0))
      const data = await ask<Record<string, { userErrors?: unknown[] } | null>>(
        text,
        variables,
        await tokenOf(person(0)),
      )
      for (const answer of Object.values(data)) {
        expect(answer).not.toBeNull()
        expect(answer?.userErrors ?? []).toEqual([])
      }
    },
  )
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

describe.runIf(hasChromium)('the playground in a browser', () => {
  let browser: LaunchedBrowser
  let page: Page
  let problems: string[]

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
    await page.goto(server.url)
    await page.locator('.graphiql-query-editor .view-line').first().waitFor()
  }

  afterEach(() => browser.close())

  // Monaco draws spaces as no-break spaces.
  const textOf = async (place: Locator) => (await place.allTextContents()).join('').replaceAll('\u00a0', ' ')
  const response = () => textOf(page.locator('.graphiql-response .view-lines'))
  const variables = () => textOf(page.locator('.graphiql-editor-tool .graphiql-editor:nth-child(1) .view-lines'))
  const headers = () => textOf(page.locator('.graphiql-editor-tool .graphiql-editor:nth-child(2) .view-lines'))
  const actAs = (handle: string) => page.getByLabel('Act as').selectOption(handle)

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
    const { slug } = await examplePost()
    await expect.poll(variables).toContain(`"slug": "${slug}"`)
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
    await expect.poll(variables).toContain(`"slug": "${slug}"`)
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
    await actAs(person(1).handle)
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    await run('Viewer')
    await expect.poll(response).toContain(`"email": "${person(1).email}"`)

    await page.getByRole('button', { name: 'Examples' }).click()
    await expect.poll(() => page.getByRole('tab').count()).toBe(2)
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    await run('Viewer')
    await expect.poll(response).toContain(`"email": "${person(1).email}"`)

    await page.reload()
    await expect.poll(() => page.getByLabel('Act as').inputValue()).toBe(person(1).handle)
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
    await actAs(person(0).handle)
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    const first = await headers()
    await page.clock.fastForward('14:30')
    await expect.poll(headers).not.toBe(first)
    expect(await headers()).toContain('"Authorization": "Bearer ')
    expect(await page.getByLabel('Act as').inputValue()).toBe(person(0).handle)
    expect(problems).toEqual([])
  })

  test('says so when a session cannot be renewed, and is anonymous again', async () => {
    await open()
    await page.clock.install()
    await page.reload()
    await showHeaders()
    await actAs(person(0).handle)
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('PlaygroundRefresh')
        ? route.fulfill({
            json: { data: { refreshSession: { session: null, userErrors: [{ message: 'Too late.' }] } } },
          })
        : route.continue(),
    )
    await page.clock.fastForward('14:30')
    await page.getByText(`The session of ${person(0).handle} ended. Too late.`).waitFor()
    expect(await page.getByLabel('Act as').inputValue()).toBe('')
    await expect.poll(headers).not.toContain('Authorization')
  })

  test('receives an event of a subscription with the token of the person it acts as', async () => {
    await open()
    await actAs(person(0).handle)
    await showHeaders()
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    const sent: string[] = []
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))))
    await run('CommentAdded')
    await expect.poll(() => sent.map((frame) => JSON.parse(frame).type)).toEqual(['connection_init', 'subscribe'])
    expect(JSON.parse(sent[0] ?? '{}').payload.Authorization).toMatch(/^Bearer ./)

    const comment = { subjectId: (await examplePost()).id, body: 'Seen while it was written.' }
    const token = await tokenOf(person(1))
    // The server has the frame when it has opened the subscription, which nothing tells the client.
    await expect
      .poll(
        async () => {
          await ask(ADD_COMMENT, comment, token)
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
    await actAs(person(0).handle)
    await showHeaders()
    await expect.poll(headers).toContain('"Authorization": "Bearer ')
    await run('CommentAdded')
    await expect.poll(() => inits.length).toBe(1)

    const first = await headers()
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
