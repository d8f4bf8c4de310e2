import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasChromium, type LaunchedBrowser, launchBrowser } from '../support/browser.ts'
import { everythingKept } from '../support/everything-kept.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const configFile = fileURLToPath(new URL('../../examples/encrypted-chat/page/vite.config.ts', import.meta.url))

describe.runIf(hasChromium)('the encrypted chat in two browsers', () => {
  let server: TestServer
  let pages: PreviewServer
  let outDir: string
  let url: string
  let ada: LaunchedBrowser
  let bram: LaunchedBrowser
  const problems: string[] = []

  beforeAll(async () => {
    server = await startTestServer({ config: { demo: true } })
    outDir = await mkdtemp(join(tmpdir(), 'atrium-encrypted-chat-'))
    const options = { configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } } as const
    await build(options)
    const proxy = { '/graphql': { target: server.url, ws: true } }
    pages = await preview({ ...options, preview: { port: 0, host: 'localhost', proxy } })
    url = pages.resolvedUrls?.local[0] ?? ''
  }, 120_000)
  afterAll(async () => {
    await pages.close()
    await server.close()
    await rm(outDir, { recursive: true })
  })
  beforeEach(async () => {
    ada = await launchBrowser()
    bram = await launchBrowser()
    problems.length = 0
  })
  afterEach(async () => {
    await ada.close()
    await bram.close()
  })

  async function open({ context }: LaunchedBrowser, as: string, other: string): Promise<Page> {
    const page = await context.newPage()
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text())
    })
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(`${url}?as=${as}&with=${other}`)
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    return page
  }

  async function write(page: Page, words: string): Promise<void> {
    await page.getByRole('textbox', { name: 'Message' }).fill(words)
    await page.getByRole('button', { name: 'Send' }).click()
  }

  const bubbles = (page: Page) =>
    page.locator('.bubble').evaluateAll((all) => all.map((each) => each.firstChild?.nodeValue))

  test('lets two people read each other, also after a reload, while the database holds no word of it', async () => {
    const atAda = await open(ada, 'ada', 'bram')
    const atBram = await open(bram, 'bram', 'ada')
    const words = ['The key is under the third flowerpot.', 'Thank you! I water the snapdragons. 🍅']
    await write(atAda, words[0] ?? '')
    await atBram.getByText(words[0] ?? '').waitFor()
    await write(atBram, words[1] ?? '')
    await atAda.getByText(words[1] ?? '').waitFor()
    expect(await bubbles(atAda)).toEqual(words)
    expect(await bubbles(atBram)).toEqual(words)

    await atBram.reload()
    await atBram.getByText(words[1] ?? '').waitFor()
    expect(await bubbles(atBram)).toEqual(words)
    await write(atBram, 'Still the same device.')
    await atAda.getByText('Still the same device.').waitFor()

    const kept = await everythingKept(server.running.atrium.deps.db)
    expect(kept.columns).toContain('messages.ciphertext')
    expect(kept.text).toContain('bram@example.com')
    for (const each of ['flowerpot', 'snapdragons', '🍅', 'the same device'])
      expect([each, kept.finds(each)]).toEqual([each, false])
    expect(problems).toEqual([])
  })

  test('shows both the same safety number, and keeps keys whose bytes no script gets', async () => {
    const atAda = await open(ada, 'ada', 'chiyo')
    const atChiyo = await open(bram, 'chiyo', 'ada')
    // Chiyo's device is there now; Ada looks from here on.
    const numberAt = async (page: Page) => {
      await page.getByRole('button', { name: 'Safety number' }).click()
      await page.locator('.number output').waitFor()
      return page.locator('.number output').innerText()
    }
    const number = await numberAt(atAda)
    expect(number.replace(/\s+/g, ' ')).toMatch(/^(\d{5} ?){12}$/)
    expect(await numberAt(atChiyo)).toBe(number)
    const readable = await atAda.evaluate(`(async () => {
      const [{ name }] = await indexedDB.databases()
      const database = await new Promise((resolve) => { indexedDB.open(name).onsuccess = (event) => resolve(event.target.result) })
      const values = await new Promise((resolve) => {
        database.transaction('values').objectStore('values').getAll().onsuccess = (event) => resolve(event.target.result)
      })
      const keys = []
      const look = (value) => {
        if (value instanceof CryptoKey) keys.push(value)
        else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look)
      }
      values.forEach(look)
      return { keys: keys.length, extractable: keys.filter((key) => key.extractable).length }
    })()`)
    expect(readable).toMatchObject({ extractable: 0 })
    expect((readable as { keys: number }).keys).toBeGreaterThan(50)
    expect(problems).toEqual([])
  })

  test('shows both side by side, and what the server keeps of what they say', async () => {
    const page = await ada.context.newPage()
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(url)
    const [left, right] = [page.frameLocator('iframe').first(), page.frameLocator('iframe').last()]
    await left.getByRole('textbox').fill('Can they read us?')
    await left.getByRole('button', { name: 'Send' }).click()
    await right.getByText('Can they read us?').waitFor()
    await right.getByRole('textbox').fill('They see this below, and no more.')
    await right.getByRole('button', { name: 'Send' }).click()
    await left.getByText('They see this below').waitFor()
    await page.locator('.kept li').nth(3).waitFor()
    expect(await page.locator('.kept').innerText()).not.toContain('read us')
    if (process.env.SCREENSHOT !== undefined) await page.screenshot({ path: process.env.SCREENSHOT })
    expect(problems).toEqual([])
  })
})
