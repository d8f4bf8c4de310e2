import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { publishDuePosts } from '../../src/domain/blog/publication.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let one: TestServer
let two: TestServer
let blog: BlogClient
let ada: Viewer

beforeAll(async () => {
  one = await startTestServer()
  two = await startTestServer({ databaseUrl: one.databaseUrl })
  blog = new BlogClient(one)
  ada = await one.world.person({ handle: 'ada' })
  // Counts what happens to the rows themselves: a second publication could not hide behind an equal result.
  await one.running.atrium.deps.db.script(`
    create table publications (post_id uuid not null);
    create function note_publication() returns trigger language plpgsql as
      $$ begin insert into publications values (new.id); return null; end $$;
    create trigger note_publication after update of status on posts for each row
      when (new.status = 'PUBLISHED') execute function note_publication();
  `)
})
afterAll(async () => {
  await two.close()
  await one.close()
})

const publicationsOf = async (post: string): Promise<number> => {
  const [row] = await one.running.atrium.deps.db.query<{ count: number }>(
    'select count(*)::int as count from publications where post_id = $1',
    [post],
  )
  return row?.count ?? 0
}

async function untilPublished(post: string, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs
  while ((await blog.see(null, post)) === 'NOT_FOUND') {
    if (Date.now() > deadline) throw new Error(`not published within ${withinMs} ms`)
    await pause(50)
  }
}

test('with two servers running, a due post appears once, on time, under the date it was meant for', async () => {
  const post = await one.world.draft(ada, { title: 'On time' })
  const publishAt = new Date(Date.now() + 1_500).toISOString()
  await blog.run('schedulePost', ada, { id: encodeId('post', post), publishAt })
  expect(await blog.see(null, post)).toBe('NOT_FOUND')
  await untilPublished(post, 15_000)
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(publishAt))
  const seen = await new BlogClient(two).see(null, post)
  expect(seen).toMatchObject({ status: 'PUBLISHED', publishAt: null })
  expect(Date.parse(seen.publishedAt)).toBe(Date.parse(publishAt))
  expect(await publicationsOf(post)).toBe(1)
})

test('fifty that publish what is due at the same time publish each post once between them', async () => {
  const posts = []
  for (let number = 0; number < 5; number++) posts.push(await one.world.draft(ada, { title: `Due ${number}` }))
  const own = one.running.atrium.deps
  await own.db.query(
    `update posts set status = 'SCHEDULED', publish_at = now() - interval '1 minute' where id = any($1::uuid[])`,
    [`{${posts.join(',')}}`],
  )
  const deps = [one, two].map((server) => server.running.atrium.deps)
  const published = await Promise.all(
    Array.from({ length: 50 }, (_, number) => publishDuePosts(deps[number % 2] ?? own)),
  )
  // The servers' own clocks may have been first with one; what nobody may do is publish it again.
  expect(published.flat()).toHaveLength(new Set(published.flat()).size)
  for (const post of posts) expect(await publicationsOf(post)).toBe(1)
})

test('a post that was moved to a later time does not appear at the earlier one', async () => {
  const post = await one.world.draft(ada, { title: 'Later' })
  const id = encodeId('post', post)
  await blog.run('schedulePost', ada, { id, publishAt: new Date(Date.now() + 1_000).toISOString() })
  await blog.run('schedulePost', ada, { id, publishAt: new Date(Date.now() + 3_600_000).toISOString() })
  await pause(3_500)
  expect(await blog.see(null, post)).toBe('NOT_FOUND')
  expect(await publicationsOf(post)).toBe(0)
})
