import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findPostFiles, type PlannedPost, planImport } from './post-files.ts'

let folder: string

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'atrium-posts-')))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(path: string, text: string | Uint8Array = '# T\n\nBody.'): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

const sources = async (below = ''): Promise<string[]> =>
  (await findPostFiles(join(folder, below))).map(({ source }) => source)

async function plan(maxBytes?: number): Promise<PlannedPost[]> {
  const rows: PlannedPost[] = []
  const options = { folder, now: new Date('2024-06-01T00:00:00Z'), ...(maxBytes === undefined ? {} : { maxBytes }) }
  for await (const row of planImport(await findPostFiles(folder), options)) rows.push(row)
  return rows
}

describe('looking for posts', () => {
  test('finds Markdown files at any depth, always in the same order', async () => {
    for (const path of ['b.md', 'a/z.MD', 'a/b/c.markdown', 'B.md', 'notes.txt', 'c.mdx', 'ä.md']) await write(path)
    expect(await sources()).toEqual(['B.md', 'a/b/c.markdown', 'a/z.MD', 'b.md', 'ä.md'])
  })

  test('leaves out dot-folders, and the packages of a project', async () => {
    for (const path of ['post.md', '.git/x.md', 'node_modules/p/README.md', 'sub/node_modules/p/README.md'])
      await write(path)
    expect(await sources()).toEqual(['post.md'])
  })

  test('looks into node_modules when it is asked to, and into the packages of packages', async () => {
    for (const path of ['node_modules/p/README.md', 'node_modules/p/node_modules/q/README.md']) await write(path)
    expect(await sources('node_modules')).toEqual(['p/README.md', 'p/node_modules/q/README.md'])
    expect(await sources('node_modules/p')).toEqual(['README.md', 'node_modules/q/README.md'])
  })

  test('does not follow a link out of the folder, nor in circles, and takes no file twice', async () => {
    await write('blog/post.md')
    await write('secret/passwords.md')
    await symlink('../secret', join(folder, 'blog/out'))
    await symlink('../secret/passwords.md', join(folder, 'blog/out.md'))
    await symlink('.', join(folder, 'blog/circle'))
    await symlink('post.md', join(folder, 'blog/again.md'))
    await symlink('nowhere.md', join(folder, 'blog/broken.md'))
    expect(await sources('blog')).toEqual(['again.md'])
  })

  test('does not take a neighbour whose name begins alike for the inside', async () => {
    await write('blog/post.md')
    await write('blog-private/passwords.md')
    await symlink('../blog-private', join(folder, 'blog/out'))
    expect(await sources('blog')).toEqual(['post.md'])
  })
})

describe('planning an import', () => {
  test('gives each file its post, and a hash that changes with its bytes only', async () => {
    await write('a.md')
    await write('copy/a.md')
    await write('other.md', '# T\n\nBody!')
    const hashes = (await plan()).map((row) => ('post' in row ? row.contentHash : row.problems))
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(hashes[1]).toBe(hashes[0])
    expect(hashes[2]).not.toBe(hashes[0])
    expect(await plan()).toEqual(await plan())
  })

  test('lists what cannot be imported and goes on', async () => {
    await write('1-broken.md', '---\ntitle: [\n---\nx')
    await write('2-large.md', 'x'.repeat(101))
    await write('3-binary.md', Buffer.from([0xff, 0xfe, 0x00]))
    await write('4-good.md')
    const rows = await plan(100)
    expect(rows.map((row) => ('problems' in row ? row.problems[0]?.message : row.post.title))).toEqual([
      expect.stringMatching(/^The YAML front matter cannot be read/),
      'The file has 101 bytes; a post may have at most 100.',
      'The file is not UTF-8 text.',
      'T',
    ])
  })

  test('names each file with its folder, so that one README is not taken for another', async () => {
    for (const path of ['README.md', 'docs/broken.md']) await write(path, path === 'README.md' ? 'Body.' : '')
    const name = folder.split('/').at(-1)
    expect((await plan()).map(({ source }) => source)).toEqual([`${name}/README.md`, `${name}/docs/broken.md`])
  })

  test('names a README at the top after the folder', async () => {
    await write('README.md', 'Body.')
    const [row] = await plan()
    expect(row !== undefined && 'post' in row && row.post.title).toBe(folder.split('/').at(-1))
  })
})
