import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { createLog } from '../../src/core/log.ts'
import type { Database } from '../../src/db/database.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { folderOf, importPosts } from '../support/import.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let blog: BlogClient
let db: Database
let author: Viewer
let people = 0

beforeAll(async () => {
  server = await startTestServer()
  blog = new BlogClient(server)
  db = server.running.atrium.deps.db
})
afterAll(() => server.close())
beforeEach(async () => {
  people += 1
  author = await server.world.person({ handle: `author${people}` })
})

const run = (folder: string, ...options: string[]) =>
  importPosts(server.databaseUrl, folder, '--author', author.handle, '--json', ...options)

/** Every row of every table, times of writing included. */
async function contents(of: Database = db): Promise<Record<string, string>> {
  const tables = await of.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`)
  const found: Record<string, string> = {}
  for (const { name } of tables) {
    const rows = await of.query<{ row: string }>(`select t::text as row from "${name}" t order by 1`)
    found[name] = rows.map(({ row }) => row).join('\n')
  }
  return found
}

const postsOf = async () => {
  const query = `{ viewer { posts(first: 100) { nodes { id title slug status publishedAt publishAt coverUrl excerpt body tags { name } categories { name } } } } }`
  const { data } = await blog.ask(query, {}, author)
  type Row = Record<string, unknown> & { title: string; id: string; slug: string; status: string; body: string }
  return new Map((data.viewer.posts.nodes as Row[]).map((post) => [post.title, post]))
}

const outcomes = (rows: readonly { source: string; outcome: string }[] = []) =>
  Object.fromEntries(rows.map(({ source, outcome }) => [source, outcome]))

const inAYear = new Date(Date.now() + 366 * 86_400_000).toISOString()

const MIXED = {
  '_posts/2020-01-31-welcome-to-jekyll.md':
    '---\ntitle: "Welcome to Jekyll!"\ndate: 2020-01-31 09:05:07 +0100\ncategories: site news\ntags: [Ruby, Old times]\n---\nHello *there*.\n',
  'content/hugo.md':
    '+++\ntitle = "Hugo"\ndate = 2021-05-01\nslug = "from-hugo"\ntags = ["Go"]\nsummary = "In short."\n+++\nText.\n',
  'ghost.md': `---\ntitle: Ghost\nstatus: scheduled\npublished_at: ${inAYear}\nfeature_image: https://example.com/a.png\ntags: [{ name: News }]\n---\nText.\n`,
  '_drafts/idea.md': '---\ntitle: An idea\n---\nOne day.\n',
  'README.md': '# A project\n\nWhat it does.\n',
  'broken.md': '---\ntitle: [\n---\nx\n',
  'empty.md': '---\ntitle: Nothing\n---\n',
}

describe('a folder of Jekyll, Hugo and Ghost files', () => {
  test('becomes posts with their dates, states, tags and categories; each row is reported', async () => {
    const folder = await folderOf(MIXED)
    const { exitCode, report } = await run(folder.path)
    expect(exitCode).toBe(0)
    expect(report).toMatchObject({ stopped: false, totals: { imported: 5, updated: 0, unchanged: 0, refused: 2 } })
    expect(outcomes(report?.rows)).toEqual({
      'blog/README.md': 'imported',
      'blog/_drafts/idea.md': 'imported',
      'blog/_posts/2020-01-31-welcome-to-jekyll.md': 'imported',
      'blog/broken.md': 'refused',
      'blog/content/hugo.md': 'imported',
      'blog/empty.md': 'refused',
      'blog/ghost.md': 'imported',
    })
    const posts = await postsOf()
    expect(posts.get('Welcome to Jekyll!')).toMatchObject({
      slug: 'welcome-to-jekyll',
      status: 'PUBLISHED',
      publishedAt: '2020-01-31T08:05:07.000Z',
      tags: [{ name: 'Old times' }, { name: 'Ruby' }],
      categories: [{ name: 'news' }, { name: 'site' }],
    })
    expect(posts.get('Hugo')).toMatchObject({
      slug: 'from-hugo',
      publishedAt: '2021-05-01T00:00:00.000Z',
      excerpt: 'In short.',
    })
    expect(posts.get('Ghost')).toMatchObject({
      status: 'SCHEDULED',
      coverUrl: 'https://example.com/a.png',
      publishedAt: null,
    })
    expect(Date.parse(String(posts.get('Ghost')?.publishAt))).toBe(Date.parse(inAYear))
    expect(posts.get('An idea')).toMatchObject({ status: 'DRAFT', publishedAt: null })
    expect(posts.get('A project')).toMatchObject({ status: 'PUBLISHED', body: 'What it does.' })
    expect(posts.size).toBe(5)
    await folder.remove()
  })

  test('changes nothing the second time, not even a time of writing', async () => {
    const folder = await folderOf(MIXED)
    await run(folder.path)
    const before = await contents()
    const { exitCode, report } = await run(folder.path)
    expect(exitCode).toBe(0)
    expect(report?.totals).toMatchObject({ imported: 0, updated: 0, unchanged: 5, refused: 2 })
    expect(await contents()).toEqual(before)
    await folder.remove()
  })

  test('updates the post of a file that changed, which keeps its id, its slug and its comments', async () => {
    const folder = await folderOf({ 'a.md': '---\ntitle: Before\ntags: [One]\n---\nOld.', 'b.md': '# Other\n\nText.' })
    await run(folder.path)
    const before = (await postsOf()).get('Before')
    const { data } = await blog.ask(
      `mutation { addComment(input: { subjectId: "${before?.id}", body: "Nice." }) { comment { id } } }`,
      {},
      author,
    )
    await folder.write('a.md', '---\ntitle: After\ntags: [Two]\nslug: another\n---\nNew.')
    const { report } = await run(folder.path)
    expect(outcomes(report?.rows)).toEqual({ 'blog/a.md': 'updated', 'blog/b.md': 'unchanged' })
    const after = (await postsOf()).get('After')
    expect(after).toMatchObject({ id: before?.id, slug: before?.slug, body: 'New.', tags: [{ name: 'Two' }] })
    const comments = await blog.ask(`{ node(id: "${after?.id}") { ... on Post { comments { nodes { id } } } } }`)
    expect(comments.data.node.comments.nodes).toEqual([{ id: data.addComment.comment.id }])
    await folder.remove()
  })

  test('leaves a post in the archive that was archived here', async () => {
    const folder = await folderOf({ 'a.md': '# Archived\n\nOld.' })
    await run(folder.path)
    const { id } = (await postsOf()).get('Archived') ?? { id: '' }
    await blog.run('archivePost', author, { id })
    await folder.write('a.md', '# Archived\n\nNew.')
    expect((await run(folder.path)).report?.totals).toMatchObject({ updated: 1 })
    expect((await postsOf()).get('Archived')).toMatchObject({ status: 'ARCHIVED', body: 'New.' })
    await folder.remove()
  })
})

test('two projects with a README each become two posts', async () => {
  const [one, two] = [
    await folderOf({ 'README.md': '# One\n\nText.' }, 'one'),
    await folderOf({ 'README.md': '# Two\n\nText.' }, 'two'),
  ]
  await run(one.path)
  const { report } = await run(two.path)
  expect(outcomes(report?.rows)).toEqual({ 'two/README.md': 'imported' })
  expect([...(await postsOf()).keys()].sort()).toEqual(['One', 'Two'])
  await Promise.all([one.remove(), two.remove()])
})

test('a file that cannot be written leaves nothing behind: no post, no tag, no slug', async () => {
  let body = ''
  for (let number = 0; body.length < 490_000; number++) body += `h${number}.com/${number}p `
  const folder = await folderOf({
    'list.md': `---\ntitle: List\ntags: [Never seen]\ncategories: [Nor this]\n---\n${body}`,
    'ok.md': '# Fine\n\nx',
  })
  const before = await contents()
  const { exitCode, report } = await run(folder.path)
  expect(exitCode).toBe(0)
  expect(report?.rows[0]).toMatchObject({ source: 'blog/list.md', outcome: 'refused', problems: [{ field: 'body' }] })
  expect(outcomes(report?.rows)).toMatchObject({ 'blog/ok.md': 'imported' })
  const after = await contents()
  for (const table of ['tags', 'categories', 'post_tags']) expect(after[table]).toBe(before[table])
  expect([...(await postsOf()).keys()]).toEqual(['Fine'])
  await folder.remove()
})

test('what is left out of a post is said: too many tags, and tags that have no spelling in an address', async () => {
  const tags = Array.from({ length: 12 }, (_, number) => `t${number}`)
  const folder = await folderOf({ 'a.md': `---\ntags: [${tags}, 日本]\ncategories: [a, b, c, d]\n---\n# T\n\nx` })
  const { report } = await run(folder.path)
  expect(report?.rows[0]?.outcome).toBe('imported')
  expect(report?.rows[0]?.warnings).toEqual([
    { field: 'tags', message: 'tags without 日本: a name needs Latin letters or digits.' },
    { field: 'tags', message: 'tags without t10, t11: a post may have at most 10.' },
    { field: 'categories', message: 'categories without d: a post may have at most 3.' },
  ])
  expect((await postsOf()).get('T')).toMatchObject({ tags: { length: 10 }, categories: { length: 3 } })
  await folder.remove()
})

test('two imports of one folder at the same time write each post once', async () => {
  const files = Array.from({ length: 40 }, (_, at) => [
    `${at}.md`,
    `---\ntags: [Race ${at % 7}, Race ${at % 5}]\n---\n# Race\n\nNo. ${at}.`,
  ])
  const folder = await folderOf(Object.fromEntries(files))
  const [one, two] = await Promise.all([run(folder.path), run(folder.path)])
  expect([one.exitCode, two.exitCode]).toEqual([0, 0])
  const total = (name: 'imported' | 'unchanged') => (one.report?.totals[name] ?? 0) + (two.report?.totals[name] ?? 0)
  expect([total('imported'), total('unchanged')]).toEqual([40, 40])
  const [{ count } = { count: 0 }] = await db.query<{ count: number }>(
    'select count(*)::int as count from posts where author_id = $1',
    [author.accountId],
  )
  expect(count).toBe(40)
  await folder.remove()
})

describe('the command', () => {
  test('works on a database where no server has run yet, scheduled posts included', async () => {
    const own = await createTestDatabase({ poolSize: 1, log: createLog('silent') })
    const folder = await folderOf(MIXED)
    await own.database.query(
      `insert into accounts (id, handle, email, password_hash, role, name) values (gen_random_uuid(), 'first', 'a@example.com', '', 'STAFF', 'First')`,
    )
    const { exitCode, report } = await importPosts(own.url, folder.path, '--json')
    expect(exitCode).toBe(0)
    expect(report?.totals).toMatchObject({ imported: 5, refused: 2 })
    await Promise.all([own.close(), folder.remove()])
  })

  test('prints a line for each file and one for all of them', async () => {
    const folder = await folderOf({ 'a.md': '# A\n\nx', 'b.md': '' })
    const { stdout, exitCode } = await importPosts(server.databaseUrl, folder.path, '--author', author.handle)
    expect(stdout).toBe(
      'imported   blog/a.md\nrefused    blog/b.md  (body: The post has no text.)\n1 imported, 1 refused\n',
    )
    expect(exitCode).toBe(0)
    const strict = await importPosts(server.databaseUrl, folder.path, '--author', author.handle, '--strict')
    expect([strict.exitCode, strict.stdout.split('\n').at(-2)]).toEqual([1, '1 unchanged, 1 refused'])
    await folder.remove()
  })

  test('tries without writing, and without a database', async () => {
    const folder = await folderOf(MIXED)
    const { exitCode, report } = await importPosts(null, folder.path, '--dry-run', '--json')
    expect(exitCode).toBe(0)
    expect(report?.totals).toMatchObject({ ready: 5, imported: 0, refused: 2 })
    await folder.remove()
  })

  test.each([
    ['a folder that is not there', ['/nowhere/at/all'], /There is no folder \/nowhere\/at\/all/],
    ['an author who is not there', ['FOLDER', '--author', 'nobody-at-all'], /Nobody has this handle/],
    ['several who could be the author', ['FOLDER'], /--author <handle>/],
    ['a folder without posts', ['EMPTY', '--author', 'author1'], /^$/],
    ['no folder', [], /missing required argument/],
  ])('fails with one line for %s', async (_, parameters, message) => {
    const folder = await folderOf({ 'a.md': '# A\n\nx' })
    const empty = await folderOf({ 'notes.txt': 'x' })
    const named = parameters.map((each) => (each === 'FOLDER' ? folder.path : each === 'EMPTY' ? empty.path : each))
    const { exitCode, stderr } = await importPosts(server.databaseUrl, ...named)
    expect(exitCode).toBe(1)
    expect(stderr.trim()).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    await Promise.all([folder.remove(), empty.remove()])
  })
})

test('an imported post is a post like every other: in the lists, searchable, with safe HTML', async () => {
  const folder = await folderOf({ 'a.md': '# Quokka\n\nSmiling quokkas. <script>alert(1)</script>' })
  await run(folder.path)
  const { data } = await blog.ask('{ posts(filter: { text: "quokka" }) { nodes { id title bodyHtml } } }')
  expect(data.posts.nodes).toMatchObject([{ title: 'Quokka' }])
  expect(data.posts.nodes[0].bodyHtml).not.toContain('script')
  const { id } = (await postsOf()).get('Quokka') ?? { id: '' }
  expect(id).toBe(data.posts.nodes[0].id)
  expect(id).not.toBe(encodeId('post', author.accountId))
  await folder.remove()
})
