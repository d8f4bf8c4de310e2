import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decodeId, encodeId, type Uuid } from '../../src/core/ids.ts'
import { clearDiscardedUploads } from '../../src/domain/upload/upkeep.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ChatClient } from '../support/chat.ts'
import { atOnce } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ShopClient } from '../support/shop.ts'
import { photograph, ready, send, sent, storedFiles, uploadOf, usedBytes } from '../support/upload.ts'

let server: TestServer
let chat: ChatClient
let ada: Viewer
let token: string
let bob: Viewer
let bobs: string
let photo: Buffer
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  chat = new ChatClient(server)
  photo = await photograph(64, 48)
})
afterAll(() => server.close())

beforeEach(async () => {
  made += 1
  ada = await server.world.person({ handle: `ada-${made}` })
  bob = await server.world.person({ handle: `bob-${made}` })
  token = await chat.tokenOf(ada)
  bobs = await chat.tokenOf(bob)
})

const idOf = (upload: string): Uuid => decodeId('upload', upload)
const status = async (url: string): Promise<number> => (await fetch(url)).status
const clear = () => clearDiscardedUploads(server.running.atrium.deps)
const isStored = async (upload: string): Promise<boolean> =>
  (await storedFiles(server)).some((file) => file.includes(idOf(upload)))

/** The file has gone from where it was shown at once, and from where it was kept with the next upkeep. */
async function expectGone(upload: string, url: string): Promise<void> {
  expect(await status(url)).toBe(404)
  expect(await uploadOf(server, token, upload)).toBeNull()
  expect(await isStored(upload)).toBe(true)
  await clear()
  expect(await isStored(upload)).toBe(false)
}

describe('an avatar', () => {
  const PROFILE = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
    account { avatarUrl avatar { id status alt url(size: THUMBNAIL) width(size: THUMBNAIL) } } userErrors { code path } } }`
  const update = async (input: Record<string, unknown>) =>
    (await server.ask(PROFILE, { input }, token)).data.updateProfile
  const shown = async () =>
    (await server.ask(`{ account(handle: "ada-${made}") { avatarUrl avatar { url(size: SMALL) } } }`)).data.account

  test('is a picture that was uploaded for it; everybody sees it, and it has an address that stays', async () => {
    const id = await ready(server, token, { content: photo })
    const { account } = await update({ avatarUploadId: id })
    expect(account.avatar).toMatchObject({ id, status: 'READY', alt: `ada-${made}`, width: 64 })
    const { avatarUrl, avatar } = await shown()
    expect(avatarUrl).toBe(`${server.url}/files/${id}/small.webp`)
    expect(avatar.url).toBe(avatarUrl)
    expect(await status(avatarUrl)).toBe(200)
    expect(await uploadOf(server, token, id)).toMatchObject({ isUsed: true, expiresAt: null })
  })

  test('may be taken before it is processed, and has no address until then', async () => {
    const id = await sent(server, { token, content: await photograph(3000, 2000) })
    const { account } = await update({ avatarUploadId: id })
    if (account.avatar.status === 'PROCESSING') expect([account.avatarUrl, account.avatar.url]).toEqual([null, null])
    await expect.poll(async () => (await shown()).avatarUrl, { timeout: 25_000 }).toContain('/small.webp')
  })

  test.each([
    ['another picture', async () => ({ avatarUploadId: await sent(server, { token, content: photo }) })],
    ['an address', async () => ({ avatarUrl: 'https://example.com/a.png' })],
    ['nothing', async () => ({ avatarUploadId: null })],
  ])('makes room for %s: its file goes, and its bytes are free', async (_, next) => {
    const id = await ready(server, token, { content: photo })
    await update({ avatarUploadId: id })
    const { avatarUrl } = await shown()
    const before = await usedBytes(server, token)
    expect(before).toBeGreaterThan(0)
    const change = await next()
    const other = 'avatarUploadId' in change && change.avatarUploadId !== null
    expect((await update(change)).userErrors).toEqual([])
    if (!other) expect(await usedBytes(server, token)).toBe(0)
    await expectGone(id, avatarUrl)
  })

  test('stays when it is set to what it is, and when something else is changed', async () => {
    const id = await ready(server, token, { content: photo })
    await update({ avatarUploadId: id })
    expect((await update({ avatarUploadId: id, name: 'Ada' })).userErrors).toEqual([])
    await update({ bio: 'Hello.' })
    await clear()
    expect(await status((await shown()).avatarUrl)).toBe(200)
  })

  test('takes the place of an address, and is not both', async () => {
    await update({ avatarUrl: 'https://example.com/a.png' })
    const id = await ready(server, token, { content: photo })
    const both = await update({ avatarUrl: 'https://example.com/b.png', avatarUploadId: id })
    expect(both.userErrors).toEqual([{ code: 'INVALID_INPUT', path: ['input', 'avatarUploadId'] }])
    await update({ avatarUploadId: id })
    expect((await shown()).avatarUrl).toContain(id)
  })

  test('goes with the account', async () => {
    const id = await ready(server, token, { content: photo })
    const spare = await ready(server, token, { content: photo })
    await update({ avatarUploadId: id })
    const { avatarUrl } = await shown()
    const password = 'open the door to the garden'
    const { deps } = server.running.atrium
    const { hashPassword } = await import('../../src/domain/account/password.ts')
    await deps.db.query('update accounts set password_hash = $1::text where id = $2::text::uuid', [
      await hashPassword(password),
      ada.accountId,
    ])
    const query = `mutation ($password: String!) { deleteAccount(input: { password: $password }) { deletedId userErrors { code } } }`
    const { data } = await server.ask(query, { password }, token)
    expect(data.deleteAccount.userErrors).toEqual([])
    expect(await status(avatarUrl)).toBe(404)
    await clear()
    expect([await isStored(id), await isStored(spare)]).toEqual([false, false])
  })
})

describe('a cover', () => {
  const SHOWN = 'post { id coverUrl cover { id alt url(size: LARGE, format: AVIF) } } userErrors { code path }'
  const create = async (input: Record<string, unknown>, as = token) =>
    (
      await server.ask(
        `mutation ($input: CreatePostInput!) { done: createPost(input: $input) { ${SHOWN} } }`,
        { input: { title: 'Hills', body: 'Words.', ...input } },
        as,
      )
    ).data.done
  const update = async (input: Record<string, unknown>) =>
    (
      await server.ask(
        `mutation ($input: UpdatePostInput!) { done: updatePost(input: $input) { ${SHOWN} } }`,
        { input },
        token,
      )
    ).data.done

  test('is shown by the post, by its page for those who only preview it, and by feeds', async () => {
    const id = await ready(server, token, { use: 'COVER', content: photo })
    const { post } = await create({ coverUploadId: id })
    expect(post.cover).toMatchObject({ id, alt: 'Hills' })
    expect(post.coverUrl).toBe(`${server.url}/files/${id}/large.jpeg`)
    expect(await status(post.cover.url)).toBe(200)
    await server.ask(`mutation { publishPost(input: { id: "${post.id}" }) { userErrors { code } } }`, {}, token)
    const feed = await (await fetch(`${server.url}/feeds/authors/ada-${made}.atom`)).text()
    expect(feed).toContain(`/files/${id}/large.jpeg`)
  })

  test('stays through an edit, is replaced, and goes with its post', async () => {
    const first = await ready(server, token, { use: 'COVER', content: photo })
    const { post } = await create({ coverUploadId: first })
    const edited = await update({ id: post.id, title: 'Dales' })
    expect(edited.post.cover.id).toBe(first)
    const second = await ready(server, token, { use: 'COVER', content: photo })
    const replaced = await update({ id: post.id, coverUploadId: second })
    expect(replaced.post.cover.id).toBe(second)
    await expectGone(first, post.coverUrl)
    await server.ask(`mutation { deletePost(input: { id: "${post.id}" }) { userErrors { code } } }`, {}, token)
    await expectGone(second, replaced.post.coverUrl)
  })

  test('asked for again under the same key is the same post, and not a second use', async () => {
    const id = await sent(server, { token, use: 'COVER', content: photo })
    const answers = await atOnce(5, () => create({ coverUploadId: id, idempotencyKey: `cover-${made}-once` }))
    expect(new Set(answers.map(({ post }) => post.id)).size).toBe(1)
  })

  test('is used by one of twenty posts that want it at once', async () => {
    const id = await sent(server, { token, use: 'COVER', content: photo })
    const answers = await atOnce(20, () => create({ coverUploadId: id }))
    const won = answers.filter(({ post }) => post !== null)
    expect(won).toHaveLength(1)
    const lost = answers.filter(({ post }) => post === null).map(({ userErrors }) => userErrors)
    expect(lost).toEqual(Array(19).fill([{ code: 'TAKEN', path: ['input', 'coverUploadId'] }]))
  })
})

describe('pictures of a product', () => {
  const IMAGES = 'product { id images { url alt image { id status } } }'
  let shop: ShopClient
  let staff: Viewer
  let staffToken: string
  let categoryId: string

  beforeEach(async () => {
    shop = new ShopClient(server)
    staff = await server.world.person({ handle: `staff-${made}`, role: 'STAFF' })
    staffToken = await shop.tokenOf(staff)
    categoryId = encodeId('productcategory', await server.world.productCategory(staff, { name: `Pots ${made}` }))
  })
  const picture = () => ready(server, staffToken, { use: 'PRODUCT_IMAGE', content: photo })
  const create = (images: object[]) =>
    shop.run(
      'createProduct',
      staff,
      {
        name: 'A pot',
        categoryId,
        images,
        variants: [
          {
            sku: `POT-${made}-${Math.random()}`.toUpperCase().slice(0, 30),
            price: { amount: '3.00', currency: 'EUR' },
          },
        ],
      },
      IMAGES,
    )

  test('stand beside drawn ones, in their order, and go when they are left out', async () => {
    const [front, back] = [await picture(), await picture()]
    const { value, userErrors } = await create([
      { uploadId: front, alt: 'From the front' },
      { url: '/art/mug/pot.svg', alt: 'Drawn' },
      { uploadId: back, alt: 'From behind' },
    ])
    expect(userErrors).toEqual([])
    expect(value.images.map((image: { alt: string }) => image.alt)).toEqual(['From the front', 'Drawn', 'From behind'])
    expect(value.images[0].url).toBe(`${server.url}/files/${front}/medium.webp`)
    const images = [
      { uploadId: back, alt: 'Now in front' },
      { uploadId: await picture(), alt: 'New' },
    ]
    const changed = await shop.run('updateProduct', staff, { id: value.id, images }, IMAGES)
    expect(changed.userErrors).toEqual([])
    expect(changed.value.images[0]).toMatchObject({ alt: 'Now in front', image: { id: back } })
    await clear()
    expect([await isStored(front), await isStored(back)]).toEqual([false, true])
  })

  test.each([
    ['both', (id: string) => ({ uploadId: id, url: 'https://example.com/a.png', alt: 'x' }), ['0']],
    ['neither', () => ({ alt: 'x' }), ['0']],
    ['no description', (id: string) => ({ uploadId: id, alt: '' }), ['0', 'alt']],
  ])('are an address or an upload: %s is refused, and takes nothing', async (_, image, path) => {
    const id = await picture()
    const { userErrors } = await create([image(id)])
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'images', ...path] }])
    expect(await uploadOf(server, staffToken, id)).toMatchObject({ isUsed: false })
  })

  test('are sent by staff only', async () => {
    expect(await send(server, { token, use: 'PRODUCT_IMAGE', content: photo })).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
    })
  })
})

describe('files in a room', () => {
  const LAST = 'lastMessage { id attachments { image { url alt } file { url filename bytes } } }'
  const lastOf = async (viewer: Viewer, room: string) =>
    (await chat.ask(`query ($id: ID!) { node(id: $id) { ... on Room { ${LAST} } } }`, { id: room }, viewer)).data?.node
      ?.lastMessage
  const image = () => ready(server, token, { use: 'ATTACHMENT', content: photo })
  const pdf = () => sent(server, { token, use: 'ATTACHMENT', content: '%PDF-1.7\n%…', filename: 'plan é.pdf' })

  test('are for its members, through links that end', async () => {
    const room = encodeId('room', await server.world.room(ada, {}, [bob]))
    const attachments = [{ uploadId: await image(), alt: 'A hill' }, { uploadId: await pdf() }]
    const said = await chat.run('sendMessage', ada, { roomId: room, attachments })
    expect(said.outcome).toBe('done')
    const { attachments: shown } = await lastOf(bob, room)
    expect(shown[0].image.alt).toBe('A hill')
    expect(shown[1].file).toMatchObject({ filename: 'plan é.pdf' })
    expect([await status(shown[0].image.url), await status(shown[1].file.url)]).toEqual([200, 200])
    const [plain = ''] = shown[0].image.url.split('?')
    expect(await status(plain)).toBe(404)
    const outsider = await server.world.person({ handle: `cleo-${made}` })
    expect(await lastOf(outsider, room)).toBeUndefined()
  })

  test('go with their message, and with their room', async () => {
    const room = encodeId('room', await server.world.room(ada, {}, [bob]))
    const [first, second] = [await image(), await image()]
    const said = await chat.run('sendMessage', ada, { roomId: room, attachments: [{ uploadId: first }] })
    const url = (await lastOf(bob, room)).attachments[0].image.url
    await chat.run('deleteMessage', ada, { id: said.value.id })
    await expectGone(first, url)
    await chat.run('sendMessage', ada, { roomId: room, attachments: [{ uploadId: second }] })
    const { attachments } = await lastOf(bob, room)
    await chat.run('deleteRoom', ada, { roomId: room })
    await expectGone(second, attachments[0].image.url)
  })

  test('are sent once under one client id, however often it is tried', async () => {
    const room = encodeId('room', await server.world.room(ada, {}, [bob]))
    const message = { roomId: room, clientId: 'one', attachments: [{ uploadId: await pdf() }] }
    const sentOnes = await atOnce(10, () => chat.run('sendMessage', ada, message))
    expect(sentOnes.map(({ outcome }) => outcome)).toEqual(Array(10).fill('done'))
    expect(new Set(sentOnes.map(({ value }) => value.id)).size).toBe(1)
  })

  test('of an encrypted room are bytes that nobody looks into; others are not for it', async () => {
    const sealed = encodeId('room', await server.world.room(ada, { encryption: 'END_TO_END' }, [bob]))
    const open = encodeId('room', await server.world.room(ada, {}, [bob]))
    // It begins like a page, and is kept as it came.
    const content = '<html><script>alert(1)</script>'
    const blob = await sent(server, { token, use: 'SEALED_ATTACHMENT', content, filename: 'blob' })
    const say = (roomId: string, message: object) => chat.run('sendMessage', ada, { roomId, ...message })
    const readable = { uploadId: await pdf() }
    expect((await say(sealed, { ciphertext: 'AAAA', attachments: [readable] })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'attachments', '0', 'uploadId'] },
    ])
    expect((await say(open, { body: 'x', attachments: [{ uploadId: blob }] })).outcome).toBe('INVALID_INPUT')
    const described = [{ uploadId: blob, alt: 'told to the server' }]
    expect((await say(sealed, { ciphertext: 'AAAA', attachments: described })).outcome).toBe('INVALID_INPUT')
    expect((await say(sealed, { ciphertext: 'AAAA', attachments: [{ uploadId: blob }] })).outcome).toBe('done')
    const { attachments } = await lastOf(bob, sealed)
    const response = await fetch(attachments[0].file.url)
    expect(await response.text()).toBe(content)
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;/)
  })
})

describe('an upload that is claimed', () => {
  const CLAIM = `mutation ($id: ID!) { done: updateProfile(input: { avatarUploadId: $id }) { userErrors { code path message } } }`
  const claim = async (id: string) =>
    (await server.ask(CLAIM, { id }, token)).data.done.userErrors.map((error: { code: string }) => error.code)
  const discard = (id: string) =>
    server.ask(`mutation { discardUpload(input: { id: "${id}" }) { discardedId userErrors { code } } }`, {}, token)

  const VERDICTS: [string, string[], () => Promise<string>][] = [
    ['one’s own', [], () => sent(server, { token, content: photo })],
    ['another member’s', ['NOT_FOUND'], () => sent(server, { token: bobs, content: photo })],
    ['for something else', ['INVALID_INPUT'], () => sent(server, { token, use: 'COVER', content: photo })],
    [
      'discarded',
      ['NOT_FOUND'],
      async () => {
        const id = await sent(server, { token, content: photo })
        expect((await discard(id)).data.discardUpload).toEqual({ discardedId: id, userErrors: [] })
        return id
      },
    ],
    [
      'used already',
      ['TAKEN'],
      async () => {
        const id = await ready(server, token, { use: 'ATTACHMENT', content: photo })
        const room = encodeId('room', await server.world.room(ada, {}, [bob]))
        await chat.run('sendMessage', ada, { roomId: room, attachments: [{ uploadId: id }] })
        return id
      },
    ],
    ['no upload', ['NOT_FOUND'], async () => encodeId('upload', ada.accountId)],
    ['something else', ['NOT_FOUND'], async () => encodeId('account', ada.accountId)],
  ]
  test.each(VERDICTS)('%s: %j', async (_, verdict, make) => {
    expect(await claim(await make())).toEqual(verdict)
  })

  test('cannot be discarded by hand, nor by anybody else', async () => {
    const id = await sent(server, { token, content: photo })
    const foreign = await server.ask(
      `mutation { discardUpload(input: { id: "${id}" }) { userErrors { code } } }`,
      {},
      bobs,
    )
    expect(foreign.data.discardUpload.userErrors).toEqual([{ code: 'NOT_FOUND' }])
    expect(await claim(id)).toEqual([])
    expect((await discard(id)).data.discardUpload.userErrors).toEqual([{ code: 'NOT_FOUND' }])
  })
})
