import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { importPosts } from '../support/import.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'

let opened: TestDatabase

beforeAll(async () => {
  opened = await createTestDatabase({ poolSize: 1, log: createLog('silent') })
  await opened.database.query(
    `insert into accounts (id, handle, email, password_hash, role, name) values (gen_random_uuid(), 'first', 'a@example.com', '', 'STAFF', 'First')`,
  )
})
afterAll(() => opened.close())

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url))

const state = () =>
  opened.database.query(`select id, slug, title, updated_at, published_at, body_html from posts order by id`)

test('hundreds of documents that nobody here wrote become posts, and the second time nothing changes', async () => {
  const first = await importPosts(opened.url, PACKAGES, '--json')
  expect(first.exitCode).toBe(0)
  const { totals, rows } = first.report ?? { totals: null, rows: [] }
  expect(rows.length).toBeGreaterThan(300)
  expect(totals?.imported).toBeGreaterThan(rows.length * 0.95)
  expect((totals?.imported ?? 0) + (totals?.refused ?? 0)).toBe(rows.length)
  // Each refusal says why.
  for (const { outcome, problems } of rows) expect(problems.length > 0).toBe(outcome === 'refused')

  const posts = await state()
  expect(posts).toHaveLength(totals?.imported ?? 0)
  for (const { body_html: html } of posts as { body_html: string }[]) {
    const tags = html.match(/<[^>]*>/g) ?? []
    for (const tag of tags) {
      expect(tag).not.toMatch(/^<\/?(?:script|iframe|style|form|object|embed|svg|base|meta|link)\b/i)
      expect(tag).not.toMatch(/(?:href|src|srcset|cite)="\s*(?!https?:)(?:javascript|data|vbscript|file)/i)
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\s(?:on\w+|style|formaction)=/i)
    }
  }

  const second = await importPosts(opened.url, PACKAGES, '--json')
  expect(second.report?.totals).toEqual({
    imported: 0,
    updated: 0,
    unchanged: totals?.imported,
    ready: 0,
    refused: totals?.refused,
  })
  expect(await state()).toEqual(posts)
}, 300_000)
