import type { Client } from './client.ts'
import { sideBySide, type Verdict } from './measure.ts'
import type { BenchServer } from './server.ts'

const POSTS = 20_000
const PAGE_SIZE = 20
const PAGE = 1_000
const ROUNDS = 300

const PAGE_QUERY = `query ($first: Int!, $after: String) {
  posts(first: $first, after: $after) {
    nodes { id title excerpt publishedAt author { id handle } }
    pageInfo { hasNextPage endCursor }
  }
}`

/** Copies of the world's posts, one minute apart, until there are as many as wanted. */
async function fillUp({ running }: BenchServer): Promise<void> {
  const { db } = running.atrium.deps
  await db.script(`
    create temporary table fresh as
      select gen_random_uuid() as id, n from generate_series(1, ${POSTS} - (select count(*) from posts)) n;
    insert into subjects (id, kind) select id, 'POST' from fresh;
    insert into posts (id, author_id, title, slug, status, body, body_html, body_text, excerpt, reading_time_minutes, published_at)
      select fresh.id, model.author_id, model.title || ' ' || n, 'copy-' || n, 'PUBLISHED', model.body, model.body_html,
        model.body_text, model.excerpt, 1, now() - make_interval(mins => n::int)
      from fresh, (select * from posts where status = 'PUBLISHED' limit 1) model;
    drop table fresh;
    analyze posts, subjects`)
}

/** Page 1,000 of a list of 20,000 costs what page 1 costs. */
export async function measurePaging(server: BenchServer, client: Client): Promise<Verdict> {
  await fillUp(server)
  let after: string | null = null
  let passed = 0
  while (passed < (PAGE - 1) * PAGE_SIZE) {
    const first = Math.min(100, (PAGE - 1) * PAGE_SIZE - passed)
    const { data } = JSON.parse(await client.ask(PAGE_QUERY, { first, after })) as {
      data: { posts: { nodes: unknown[]; pageInfo: { endCursor: string } } }
    }
    if (data.posts.nodes.length !== first) throw new Error(`the list ends after ${passed + data.posts.nodes.length}`)
    after = data.posts.pageInfo.endCursor
    passed += first
  }
  const { aMs, bMs, ratio } = await sideBySide(
    () => client.ask(PAGE_QUERY, { first: PAGE_SIZE, after }),
    () => client.ask(PAGE_QUERY, { first: PAGE_SIZE, after: null }),
    ROUNDS,
  )
  return {
    what: `Page ${PAGE} of ${POSTS} posts, beside page 1`,
    value: ratio,
    limit: 1.3,
    unit: 'times',
    detail: `${aMs.toFixed(2)} ms, ${bMs.toFixed(2)} ms`,
  }
}
