import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decodeId, type Uuid } from '../../src/core/ids.ts'
import type { Deps } from '../../src/domain/deps.ts'
import { processUploadedImage } from '../../src/domain/upload/process-image.ts'
import { clearDiscardedUploads } from '../../src/domain/upload/upkeep.ts'
import { ImageRefused, type ImageWorker } from '../../src/gateways/image/image.ts'
import type { Storage } from '../../src/gateways/storage/storage.ts'
import { type GraphError, startTestServer, type TestServer } from '../support/server.ts'
import { photograph, ready, sent, storedFiles, uploadOf } from '../support/upload.ts'

let server: TestServer
let deps: Deps
let token: string
let photo: Buffer
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  deps = server.running.atrium.deps
  photo = await photograph(64, 48)
})
afterAll(() => server.close())
beforeEach(async () => {
  made += 1
  token = await server.tokenOf(await server.world.person({ handle: `ada-${made}` }))
})

const idOf = (upload: string): Uuid => decodeId('upload', upload)
const filesOf = async (upload: string) => (await storedFiles(server)).filter((file) => file.includes(idOf(upload)))
const age = (upload: string, interval: string) =>
  deps.db.query(`update uploads set created_at = now() - interval '${interval}' where id = $1::text::uuid`, [
    idOf(upload),
  ])
const avatar = (id: string) =>
  server.ask(`mutation { updateProfile(input: { avatarUploadId: "${id}" }) { account { id } } }`, {}, token)

/** A picture as it is before its job has run, with the job out of the way. */
async function unprocessed(): Promise<string> {
  const id = await ready(server, token, { content: photo })
  await deps.db.query(`update uploads set status = 'PROCESSING' where id = $1::text::uuid`, [idOf(id)])
  const draft = await deps.storage.draft()
  const { writeFile } = await import('node:fs/promises')
  await writeFile(draft, photo)
  await deps.storage.put(`${idOf(id)}/original`, draft, 'image/jpeg')
  return id
}
const process = (id: string, changed: Partial<Deps> = {}, attempt = 1) =>
  processUploadedImage(
    { ...deps, ...changed },
    { id: idOf(id), data: { uploadId: idOf(id) }, attempt, signal: new AbortController().signal },
  )

describe('what nobody uses', () => {
  test('goes after a day, and not before', async () => {
    const [old, young, used] = [
      await ready(server, token, { content: photo }),
      await ready(server, token, { content: photo }),
      await ready(server, token, { content: photo }),
    ]
    await avatar(used)
    await age(old, '25 hours')
    await age(young, '23 hours')
    await age(used, '25 hours')
    await clearDiscardedUploads(deps)
    expect([await uploadOf(server, token, old), await filesOf(old)]).toEqual([null, []])
    expect([(await filesOf(young)).length, (await filesOf(used)).length]).toEqual([12, 12])
    const rows = await deps.db.query('select 1 from uploads where id = $1::text::uuid', [idOf(old)])
    expect(rows).toEqual([])
  })

  test('says when it will go', async () => {
    const id = await sent(server, { token, content: photo })
    const { expiresAt } = await uploadOf(server, token, id)
    const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(23.9)
    expect(hours).toBeLessThanOrEqual(24)
  })

  test('is left alone while it is being received, and cleared when its server died meanwhile', async () => {
    const id = await ready(server, token, { content: photo })
    const set = (interval: string) =>
      deps.db.query(
        `update uploads set received_at = null, discarded_at = now() - interval '${interval}' where id = $1::text::uuid`,
        [idOf(id)],
      )
    await set('10 minutes')
    await clearDiscardedUploads(deps)
    expect(await filesOf(id)).toHaveLength(12)
    await set('2 hours')
    await clearDiscardedUploads(deps)
    expect(await filesOf(id)).toEqual([])
  })

  test('keeps its row while the storage is away, and goes with the next try', async () => {
    const id = await ready(server, token, { content: photo })
    await server.ask(`mutation { discardUpload(input: { id: "${id}" }) { discardedId } }`, {}, token)
    const storage: Storage = { ...deps.storage, delete: () => Promise.reject(new Error('away')) }
    await expect(clearDiscardedUploads({ ...deps, storage })).rejects.toThrow('away')
    expect(await filesOf(id)).toHaveLength(12)
    await clearDiscardedUploads(deps)
    expect(await filesOf(id)).toEqual([])
  })
})

describe('the job of a picture', () => {
  test('does the same when it runs again, and once more when all is done', async () => {
    const id = await unprocessed()
    const storage: Storage = {
      ...deps.storage,
      put: (key, ...rest) =>
        key.endsWith('large.jpeg') ? Promise.reject(new Error('disk full')) : deps.storage.put(key, ...rest),
    }
    await expect(process(id, { storage })).rejects.toThrow('disk full')
    expect(await uploadOf(server, token, id)).toMatchObject({ status: 'PROCESSING' })
    await process(id, {}, 2)
    expect(await uploadOf(server, token, id)).toMatchObject({ status: 'READY' })
    await process(id, {}, 3)
    expect(await filesOf(id)).toHaveLength(12)
    expect((await storedFiles(server)).filter((file) => file.startsWith('incoming/'))).toEqual([])
  })

  test('that fails for the last time leaves a reason and nothing else', async () => {
    const id = await unprocessed()
    const images: ImageWorker = { ...deps.images, render: () => Promise.reject(new Error('killed')) }
    for (const attempt of [1, 2, 3]) await expect(process(id, { images }, attempt)).rejects.toThrow('killed')
    expect(await uploadOf(server, token, id)).toMatchObject({ status: 'PROCESSING' })
    await expect(process(id, { images }, 4)).rejects.toThrow('killed')
    expect(await uploadOf(server, token, id)).toMatchObject({ status: 'FAILED', bytes: 0, problem: expect.any(String) })
    expect(await filesOf(id)).toEqual([])
  })

  test('does not try again what is no picture', async () => {
    const id = await unprocessed()
    const images: ImageWorker = { ...deps.images, render: () => Promise.reject(new ImageRefused('This is a potato.')) }
    await process(id, { images })
    expect(await uploadOf(server, token, id)).toMatchObject({ status: 'FAILED', problem: 'This is a potato.' })
  })

  test('leaves nothing where the upload was discarded while it ran', async () => {
    const id = await unprocessed()
    const images: ImageWorker = {
      ...deps.images,
      async render(...task) {
        const made = await deps.images.render(...task)
        await server.ask(`mutation { discardUpload(input: { id: "${id}" }) { discardedId } }`, {}, token)
        await clearDiscardedUploads(deps)
        return made
      },
    }
    await process(id, { images })
    expect(await filesOf(id)).toEqual([])
  })

  test('whose original is lost has failed', async () => {
    const id = await unprocessed()
    const [original] = (await filesOf(id)).filter((file) => file.endsWith('original'))
    await rm(`${server.dataDirectory}/files/${original}`)
    await process(id)
    expect(await uploadOf(server, token, id)).toMatchObject({ status: 'FAILED' })
  })

  test('that is gone for good is told as failed after a day', async () => {
    const id = await unprocessed()
    await avatar(id)
    await age(id, '25 hours')
    await clearDiscardedUploads(deps)
    expect(await uploadOf(server, token, id)).toMatchObject({ status: 'FAILED' })
  })
})

describe('uploadUpdated', () => {
  const LIVE = 'subscription ($id: ID!) { uploadUpdated(id: $id) { id status isUsed problem } }'

  test('tells the state first, then each change, and ends when the upload goes', async () => {
    const id = await unprocessed()
    const heard: unknown[] = []
    const socket = server.socket(token)
    const listen = async () => {
      for await (const { data, errors } of socket.iterate({ query: LIVE, variables: { id } })) {
        heard.push(errors?.[0]?.extensions?.code ?? (data as { uploadUpdated: unknown }).uploadUpdated)
      }
    }
    const over = listen().catch(([error]: GraphError[]) => heard.push(error?.extensions.code))
    await expect.poll(() => heard).toEqual([{ id, status: 'PROCESSING', isUsed: false, problem: null }])
    await process(id)
    await expect.poll(() => heard.at(-1)).toMatchObject({ status: 'READY', isUsed: false })
    await avatar(id)
    await expect.poll(() => heard.at(-1)).toMatchObject({ status: 'READY', isUsed: true })
    await server.ask('mutation { updateProfile(input: { avatarUploadId: null }) { account { id } } }', {}, token)
    await clearDiscardedUploads(deps)
    await expect.poll(() => heard.at(-1)).toBe('NOT_FOUND')
    await over
  })

  test('is for its owner alone', async () => {
    const id = await sent(server, { token, content: photo })
    const other = server.socket(await server.tokenOf(await server.world.person({ handle: `eve-${made}` })))
    const codes: unknown[] = []
    for await (const { errors } of other.iterate({ query: LIVE, variables: { id } })) {
      codes.push(errors?.[0]?.extensions?.code)
    }
    expect(codes).toEqual(['NOT_FOUND'])
  })
})
