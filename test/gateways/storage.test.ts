import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createStorage } from '../../src/gateways/storage/open.ts'
import { createS3Storage } from '../../src/gateways/storage/s3.ts'
import { type ByteRange, RangeNotSatisfiable, type Storage } from '../../src/gateways/storage/storage.ts'
import { type FakeS3, startFakeS3 } from '../support/s3.ts'

let s3: FakeS3
let dataDirectory: string

beforeAll(async () => {
  s3 = await startFakeS3()
  dataDirectory = await mkdtemp(join(tmpdir(), 'atrium-storage-'))
})
afterAll(async () => {
  await s3.close()
  await rm(dataDirectory, { recursive: true, force: true })
})

const put = async (storage: Storage, key: string, body: Buffer | string): Promise<string> => {
  const draft = await storage.draft()
  await writeFile(draft, body)
  await storage.put(key, draft, 'image/webp')
  return draft
}
const read = async (storage: Storage, key: string, range?: ByteRange): Promise<Buffer | null> => {
  const file = await storage.get(key, range)
  return file === null ? null : Buffer.concat(await file.stream.toArray())
}
const newKey = (name = 'small.webp'): string => `${randomUUID()}/${name}`

describe.each(['disk', 'bucket'] as const)('files on a %s', (kind) => {
  let storage: Storage
  beforeEach(() => {
    storage = createStorage({ s3: kind === 'disk' ? null : s3.settings, dataDirectory })
  })

  test('come back as they were put, and their drafts are gone', async () => {
    const body = randomBytes(1_500_000)
    const key = newKey()
    const draft = await put(storage, key, body)
    const file = await storage.get(key)
    expect([file?.first, file?.last, file?.totalBytes]).toEqual([0, body.length - 1, body.length])
    expect(Buffer.concat((await file?.stream.toArray()) ?? []).equals(body)).toBe(true)
    await expect(stat(draft)).rejects.toThrow('ENOENT')
  })

  test('may be empty, and may be put again', async () => {
    const key = newKey()
    await put(storage, key, '')
    expect((await read(storage, key))?.length).toBe(0)
    await put(storage, key, 'now with words')
    expect(String(await read(storage, key))).toBe('now with words')
  })

  test.each([
    [{ first: 0, last: 3 }, '0123'],
    [{ first: 4, last: null }, '456789'],
    [{ first: 8, last: 100 }, '89'],
    [{ lastBytes: 2 }, '89'],
    [{ lastBytes: 100 }, '0123456789'],
  ] as [ByteRange, string][])('are read in part: %j', async (range, part) => {
    const key = newKey()
    await put(storage, key, '0123456789')
    expect(String(await read(storage, key, range))).toBe(part)
    await expect(storage.get(key, { first: 10, last: null })).rejects.toEqual(new RangeNotSatisfiable(10))
  })

  test('are deleted once and again, one of several, and none that is not there', async () => {
    const id = randomUUID()
    const [one, two] = [`${id}/small.webp`, `${id}/large.webp`]
    await put(storage, one, '1')
    await put(storage, two, '2')
    await storage.delete([one, `${id}/original`])
    await storage.delete([one])
    expect([await read(storage, one), String(await read(storage, two))]).toEqual([null, '2'])
    await storage.delete([two])
    expect(await read(storage, two)).toBeNull()
  })

  test.each([
    '../../etc/passwd',
    `${randomUUID()}/../x`,
    `${randomUUID()}/..`,
    `${randomUUID()}/a/b`,
    `/${randomUUID()}/a`,
    `${randomUUID()}/`,
    `${randomUUID()}/a\0b`,
    `${randomUUID()}/a?x=1`,
    'x/y',
    '',
  ])('have no key like %j', async (key) => {
    for (const use of [() => storage.get(key), () => put(storage, key, 'x'), () => storage.delete([key])]) {
      await expect(use()).rejects.toThrow(RangeError)
    }
  })
})

test('on a disk, a folder goes with its last file, and a draft that was forgotten with the next start', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'atrium-disk-'))
  const storage = createStorage({ s3: null, dataDirectory: directory })
  const key = newKey()
  await put(storage, key, 'x')
  await storage.delete([key])
  const [id = ''] = key.split('/')
  expect(await readdir(join(directory, 'files', id.slice(-2)))).toEqual([])
  const [old, fresh] = [await storage.draft(), await storage.draft()]
  await writeFile(old, 'half')
  await writeFile(fresh, 'half')
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000)
  await utimes(old, yesterday, yesterday)
  await createStorage({ s3: null, dataDirectory: directory }).draft()
  const left = await readdir(join(directory, 'files', 'incoming'))
  expect(left.map((name) => join(directory, 'files', 'incoming', name))).toEqual([fresh])
  await rm(directory, { recursive: true })
})

describe('a bucket', () => {
  const drafts = () => join(dataDirectory, 'drafts')

  test.each([503, 500, 429, 'drop'] as const)('that answers %s is asked again', async (how) => {
    const storage = createS3Storage(s3.settings, drafts())
    const key = newKey()
    s3.fail(2, how)
    await put(storage, key, 'after all')
    expect(String(await read(storage, key))).toBe('after all')
  })

  test('that stays away is told, with the draft kept for another try, and nothing of the secret', async () => {
    const storage = createS3Storage(s3.settings, drafts())
    s3.fail(3, 503)
    const draft = await storage.draft()
    await writeFile(draft, 'x')
    const failed = await storage.put(newKey(), draft, 'text/plain').catch((error: unknown) => String(error))
    expect(failed).toBe('Error: the storage answered PUT with 503 SlowDown')
    expect((await stat(draft)).size).toBe(1)
  })

  test.each([
    ['secret', { secretAccessKey: 'another' }],
    ['name', { accessKeyId: 'another' }],
    ['region', { region: 'another' }],
  ])('takes nothing that is signed with another %s', async (_, changed) => {
    const storage = createS3Storage({ ...s3.settings, ...changed }, drafts())
    const before = s3.objects.size
    await expect(put(storage, newKey(), 'x')).rejects.toThrow('403 SignatureDoesNotMatch')
    await expect(storage.get(newKey())).rejects.toThrow('403')
    await expect(storage.delete([newKey()])).rejects.toThrow('403')
    expect(s3.objects.size).toBe(before)
  })

  test('is told the type and the size of what it gets', async () => {
    const storage = createS3Storage(s3.settings, drafts())
    const key = newKey()
    await put(storage, key, 'x'.repeat(70_000))
    expect(s3.objects.get(key)).toMatchObject({ type: 'image/webp', body: { length: 70_000 } })
  })
})
