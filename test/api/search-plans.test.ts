import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { fillKitchen } from '../support/kitchen.ts'
import { planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let ada: Viewer
const MANY = 5_000

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  // The clock would be heard among the statements that are explained.
  await server.running.atrium.queue.stop(1_000)
  ada = await server.world.person({ handle: 'ada', role: 'CHEF' })
  const { db } = server.running.atrium.deps
  await fillKitchen(db, ada.accountId, MANY)
  const [me, rare] = [`'${ada.accountId}'::uuid`, `case when n % 1000 = 1 then 'quokka' else 'thing' end`]
  const numbers = `generate_series(1, ${MANY}) n`
  const made = (table: string, kind: string, columns: string, values: string) =>
    `with made as (insert into subjects (id, kind) select gen_random_uuid(), '${kind}' from ${numbers} returning id),
       numbered as (select id, row_number() over () as n from made)
     insert into ${table} (id, ${columns}) select id, ${values} from numbered`
  await db.script(`
    insert into accounts (id, handle, email, password_hash, name)
      select gen_random_uuid(), 'member-' || n, 'member-' || n || '@example.com', 'x', ${rare} || ' ' || n from ${numbers};
    insert into expenses (id, account_id, category_id, amount_minor, currency, spent_on, description)
      select gen_random_uuid(), ${me}, '01940000-0000-7000-8000-000000000001', 100, 'EUR', '2026-01-01', ${rare} from ${numbers};
    insert into workout_plans (id, owner_id, name, visibility)
      select gen_random_uuid(), ${me}, ${rare}, case when n % 2 = 0 then 'PUBLIC' else 'PRIVATE' end::workout_visibility from ${numbers}`)
  await db.script(
    made(
      'posts',
      'POST',
      'author_id, title, slug, status, body, body_html, body_text, excerpt, reading_time_minutes, published_at',
      `${me}, ${rare}, 'post-' || n, 'PUBLISHED', 'x', 'x', 'x', 'x', 1, now()`,
    ),
  )
  await db.script(
    made(
      'polls',
      'POLL',
      'owner_id, question, choice, is_anonymous, results_shown, may_change_vote, state, opened_at',
      `${me}, ${rare}, 'SINGLE', true, 'ALWAYS', false, 'OPEN', now()`,
    ),
  )
  await db.script(
    made(
      'workouts',
      'WORKOUT',
      'owner_id, name, visibility, status, local_day, time_zone, starts_at, day_ends_at, started_at, ended_at',
      `${me}, ${rare}, 'PUBLIC', 'DONE', '2026-01-01', 'UTC', '2026-01-01', '2026-01-02', '2026-01-01', '2026-01-01'`,
    ),
  )
  await db.script('vacuum analyze')
}, 120_000)
afterAll(() => server.close())

const FILLED = ['accounts', 'expenses', 'workout_plans', 'posts', 'polls', 'workouts', 'recipe_search', 'exercises']

test.each(['a visitor', 'a member'])(
  'a search of %s looks into indexes, and reads hardly more than it finds',
  async (who) => {
    const token = who === 'a member' ? await server.tokenOf(ada) : null
    const sent = await statements.during(async () => {
      const { data, errors } = await server.ask('{ search(query: "quokka", first: 10) { nodes { id } } }', {}, token)
      expect(errors).toBeUndefined()
      expect(data.search.nodes).toHaveLength(10)
    })
    const statement = sent.find(({ text }) => text.includes('union all'))
    const plan = (await planOfStatement(server.running.atrium.deps.db, statement)).filter((node) =>
      FILLED.includes(node['Relation Name'] ?? ''),
    )
    expect(plan.length).toBeGreaterThan(4)
    for (const node of plan) {
      const read = node['Actual Rows'] * node['Actual Loops'] + (node['Rows Removed by Filter'] ?? 0)
      expect([node['Relation Name'], node['Node Type'], read]).not.toContain('Seq Scan')
      expect([node['Relation Name'], read <= MANY / 100]).toEqual([node['Relation Name'], true])
    }
  },
)
