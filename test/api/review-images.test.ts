import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decodeId, parseId, type Uuid } from '../../src/core/ids.ts'
import { hashPassword } from '../../src/domain/account/password.ts'
import { clearDiscardedUploads } from '../../src/domain/upload/upkeep.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { buy, deleteReview, moderateReview } from '../support/review.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { productId, ShopClient } from '../support/shop.ts'
import { Statements } from '../support/statements.ts'
import { photograph, ready, sent, storedFiles, uploadOf } from '../support/upload.ts'

const statements = new Statements()
const SHOWN = 'review { id editedAt state images { id alt status url(size: SMALL) } }'
const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''
const REVIEWS = `query ($id: ID!) { node(id: $id) { ... on Product { reviews(first: 50) { nodes { id images { id alt url(size: SMALL) } } } } } }`

let server: TestServer
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let token: string
let photo: Buffer
let product: { id: Uuid; variants: Uuid[] }
let shelf: Uuid
let made = 0

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  shop = new ShopClient(server)
  photo = await photograph(64, 48)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  shelf = await server.world.productCategory(staff, { name: 'Shelf' })
})
beforeEach(async () => {
  made += 1
  ada = await server.world.person({ handle: `ada-${made}` })
  token = await shop.tokenOf(ada)
  product = await shop.product(staff, shelf, [{ quantity: 100 }])
  await buy(shop, ada, product.variants[0] ?? '')
})
afterAll(() => server.close())

type Shown = { uploadId: string; alt?: string }
const review = (images: Shown[] | null | undefined, more: Record<string, unknown> = {}, viewer = ada) =>
  shop.run('reviewSubject', viewer, { subjectId: productId(product.id), stars: 5, images, ...more }, SHOWN)
const picture = (content: Uint8Array = photo) => ready(server, token, { use: 'REVIEW_IMAGE', content })
const shownTo = async (viewer: Viewer | null) =>
  (await shop.ask(REVIEWS, { id: productId(product.id) }, viewer)).data.node.reviews.nodes
const status = async (url: string): Promise<number> => (await fetch(url)).status
const isStored = async (upload: string): Promise<boolean> =>
  (await storedFiles(server)).some((file) => file.includes(decodeId('upload', upload)))
const clear = () => clearDiscardedUploads(server.running.atrium.deps)
const idsOf = (images: { id: string }[]): string[] => images.map(({ id }) => id)

describe('what an author shows in a review', () => {
  test('is seen by everybody, in the author’s order and words', async () => {
    const [first, second] = [await picture(), await picture()]
    const { value, userErrors } = await review([{ uploadId: second, alt: 'The handle' }, { uploadId: first }])
    expect(userErrors).toEqual([])
    expect(value.images).toMatchObject([
      { id: second, alt: 'The handle', status: 'READY' },
      { id: first, alt: '', status: 'READY' },
    ])
    const [seen] = await shownTo(null)
    expect(idsOf(seen.images)).toEqual([second, first])
    expect(await status(seen.images[0].url)).toBe(200)
  })

  test('stays where the review is changed without a word about it, and is replaced as a whole', async () => {
    const [first, second, third] = [await picture(), await picture(), await picture()]
    await review([{ uploadId: first }, { uploadId: second }])
    const reworded = await review(undefined, { text: 'Second thoughts.' })
    expect(idsOf(reworded.value.images)).toEqual([first, second])
    const changed = await review([{ uploadId: third }, { uploadId: second }], { text: 'Second thoughts.' })
    expect(idsOf(changed.value.images)).toEqual([third, second])
    await clear()
    expect([await isStored(first), await isStored(second), await isStored(third)]).toEqual([false, true, true])
    // The same again changes nothing, the time of the last change included.
    const again = await review([{ uploadId: third }, { uploadId: second }], { text: 'Second thoughts.' })
    expect(again.value.editedAt).toBe(changed.value.editedAt)
    expect((await review([], { text: 'Second thoughts.' })).value.images).toEqual([])
    await clear()
    expect([await isStored(second), await isStored(third)]).toEqual([false, false])
  })

  test('goes with the review that its author deletes', async () => {
    const upload = await picture()
    const { value } = await review([{ uploadId: upload }])
    const { url } = value.images[0]
    expect((await deleteReview(shop, ada, value.id)).userErrors).toEqual([])
    expect(await status(url)).toBe(404)
    expect(await uploadOf(server, token, upload)).toBeNull()
    await clear()
    expect(await isStored(upload)).toBe(false)
  })

  test('goes as well with one that a moderator had taken away before, whose place stays', async () => {
    const upload = await picture()
    const { value } = await review([{ uploadId: upload }])
    await moderateReview(shop, staff, value.id, 'REMOVED')
    await deleteReview(shop, ada, value.id)
    await clear()
    expect(await isStored(upload)).toBe(false)
  })

  test('is hidden from everybody but its author and staff while the review is, and comes back with it', async () => {
    const upload = await picture()
    const { value } = await review([{ uploadId: upload }])
    const before = value.images[0].url as string
    // Whoever kept the address has it for half an hour at most.
    expect(new URL(before).searchParams.get('expires')).toMatch(/^\d+$/)
    expect(await status(before.split('?')[0] ?? '')).toBe(404)
    await moderateReview(shop, staff, value.id, 'REMOVED')
    const bob = await server.world.person({ handle: `bob-${made}` })
    expect(await shownTo(bob)).toEqual([])
    const node = 'query ($id: ID!) { node(id: $id) { ... on Review { images { id } } } }'
    for (const [viewer, sees] of [
      [null, null],
      [bob, null],
      [ada, { images: [{ id: upload }] }],
      [staff, { images: [{ id: upload }] }],
    ] as const) {
      expect((await shop.ask(node, { id: value.id }, viewer)).data.node).toEqual(sees)
    }
    await moderateReview(shop, staff, value.id, 'VISIBLE')
    expect(idsOf((await shownTo(bob))[0].images)).toEqual([upload])
  })

  test('is in what a member takes along, and is gone with the account', async () => {
    const upload = await picture()
    await review([{ uploadId: upload, alt: 'The handle' }])
    const { data } = await shop.ask('{ viewer { export } }', {}, ada)
    expect(data.viewer.export.reviews).toMatchObject([{ stars: 5, images: [{ upload, alt: 'The handle' }] }])
    const password = 'open the door to the garden'
    const { deps } = server.running.atrium
    await deps.db.query('update accounts set password_hash = $1::text where id = $2::text::uuid', [
      await hashPassword(password),
      ada.accountId,
    ])
    const gone = await shop.ask(
      'mutation ($password: String!) { deleteAccount(input: { password: $password }) { userErrors { code } } }',
      { password },
      ada,
    )
    expect(gone.data.deleteAccount.userErrors).toEqual([])
    await clear()
    expect(await isStored(upload)).toBe(false)
  })
})

describe('refused is', () => {
  test.each([
    ['a picture that was sent for something else', () => ready(server, token, { content: photo }), 'INVALID_INPUT'],
    [
      'another’s',
      async () => {
        const bob = await shop.tokenOf(await server.world.person({ handle: `other-${made}` }))
        return sent(server, { token: bob, use: 'REVIEW_IMAGE', content: photo })
      },
      'NOT_FOUND',
    ],
    [
      'one that another review shows',
      async () => {
        const upload = await picture()
        await review([{ uploadId: upload }])
        product = await shop.product(staff, shelf, [{ quantity: 10 }])
        await buy(shop, ada, product.variants[0] ?? '')
        return upload
      },
      'TAKEN',
    ],
    ['what is no upload', async () => productId(product.id), 'NOT_FOUND'],
  ])('%s', async (_, make, code) => {
    const { userErrors } = await review([{ uploadId: await make() }])
    expect(userErrors).toMatchObject([{ code, path: ['input', 'images', '0', 'uploadId'] }])
    expect(await shownTo(null)).toEqual([])
  })

  test('a sixth picture, one named twice, and a review of what was not bought: nothing of it is kept', async () => {
    const ids = await Promise.all(
      Array.from({ length: 6 }, () => sent(server, { token, use: 'REVIEW_IMAGE', content: photo })),
    )
    const list = ids.map((uploadId) => ({ uploadId }))
    expect((await review(list)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'images'] }])
    expect((await review([...list.slice(0, 1), ...list.slice(0, 1)])).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'images', '1', 'uploadId'] },
    ])
    product = await shop.product(staff, shelf, [{ quantity: 10 }])
    expect((await review(list.slice(0, 1))).userErrors).toMatchObject([{ code: 'NOT_ELIGIBLE' }])
    expect(await uploadOf(server, token, ids[0] ?? '')).toMatchObject({ isUsed: false })
  })

  test('of many who claim one picture at once all but the one review of its owner', async () => {
    const upload = await picture()
    const done = await Promise.all(
      Array.from({ length: 10 }, (_, at) => review([{ uploadId: upload }], { text: `${at}` })),
    )
    expect(done.flatMap(({ userErrors }) => userErrors)).toEqual([])
    const rows = await server.running.atrium.deps.db.query('select 1 from review_images where upload_id = $1', [
      uuidOf(upload),
    ])
    expect(rows).toHaveLength(1)
  })
})

test('fifty reviews with their pictures cost as many statements as five', async () => {
  const buyers = await Promise.all(
    Array.from({ length: 50 }, (_, at) => server.world.person({ handle: `reader-${at}` })),
  )
  const { db } = server.running.atrium.deps
  for (const { accountId } of buyers) {
    const [{ id } = { id: '' }] = await db.query<{ id: Uuid }>(
      `with s as (insert into subjects (id, kind) values (gen_random_uuid(), 'REVIEW') returning id)
       insert into reviews (id, subject_id, author_id, stars) select id, $1::text::uuid, $2::text::uuid, 4 from s returning id`,
      [product.id, accountId],
    )
    await db.query(
      `with u as (insert into uploads (id, owner_id, use, is_image, status, filename, media_type, bytes, content_hash, width, height, claimed_at, received_at)
         values (gen_random_uuid(), $2::text::uuid, 'REVIEW_IMAGE', true, 'READY', 'a.jpg', 'image/jpeg', 10, '', 64, 48, now(), now()) returning id)
       insert into review_images (review_id, position, upload_id, alt) select $1::text::uuid, 0, id, '' from u`,
      [id, accountId],
    )
  }
  const costOf = async (first: number) =>
    (
      await statements.during(async () => {
        const query = REVIEWS.replace('first: 50', `first: ${first}`)
        const { data } = await shop.ask(query, { id: productId(product.id) })
        expect(data.node.reviews.nodes).toHaveLength(first)
        expect(data.node.reviews.nodes.every(({ images }: { images: unknown[] }) => images.length === 1)).toBe(true)
      })
    ).length
  await costOf(5)
  expect(await costOf(50)).toBe(await costOf(5))
}, 60_000)
