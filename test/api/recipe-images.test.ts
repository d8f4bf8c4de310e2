import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeId, encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { RecipeClient } from '../support/recipe.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { photograph, ready, send, sent, storedFiles, uploadOf } from '../support/upload.ts'

let server: TestServer
let client: RecipeClient
let chef: Viewer
let token: string

beforeAll(async () => {
  server = await startTestServer()
  client = new RecipeClient(server)
  chef = await server.world.person({ handle: 'chef', role: 'CHEF' })
  token = await client.tokenOf(chef)
})
afterAll(() => server.close())

const SIZES = ['THUMBNAIL', 'SMALL', 'MEDIUM', 'LARGE']
const FORMATS = ['AVIF', 'WEBP', 'JPEG']
const addresses = SIZES.flatMap((size) =>
  FORMATS.map((format) => `${size}_${format}: url(size: ${size}, format: ${format})`),
).join(' ')
const SHOWN = `query ($id: ID!) { node(id: $id) { ... on Recipe { cover { status alt ${addresses} } } } }`
const write = async (uploadId: string) => {
  const { recipe, userErrors } = await client.run('createRecipe', chef, {
    title: 'Plum cake',
    servings: 8,
    ingredients: [{ food: 'plums' }],
    steps: [{ body: 'Bake.' }],
    images: [{ uploadId, alt: 'A slice on a plate' }],
  })
  expect(userErrors).toEqual([])
  await client.run('publishRecipe', chef, { id: recipe.id })
  return recipe.id as string
}

describe('a picture of a recipe', () => {
  test('is shown to everybody in every size and format, upright, without where and with what it was taken', async () => {
    const exif = {
      IFD0: { Make: 'SecretCamera' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 0/1' },
    }
    const content = await sharp(await photograph(1500, 1000))
      .withMetadata({ orientation: 6, exif })
      .jpeg()
      .toBuffer()
    expect(content.includes('SecretCamera')).toBe(true)
    const uploadId = await ready(server, token, { use: 'RECIPE_IMAGE', content })
    const id = await write(uploadId)
    const { cover } = (await client.ask(SHOWN, { id })).data.node
    expect(cover).toMatchObject({ status: 'READY', alt: 'A slice on a plate' })
    const widths: Record<string, number> = { THUMBNAIL: 133, SMALL: 320, MEDIUM: 683, LARGE: 1000 }
    for (const size of SIZES) {
      for (const format of FORMATS) {
        const response = await fetch(cover[`${size}_${format}`])
        expect([response.status, response.headers.get('content-type')]).toEqual([200, `image/${format.toLowerCase()}`])
        const file = Buffer.from(await response.arrayBuffer())
        const { width, exif: left, orientation } = await sharp(file).metadata()
        expect({ width, left, orientation }).toEqual({ width: widths[size], left: undefined, orientation: undefined })
        expect(file.includes('SecretCamera')).toBe(false)
      }
    }
  }, 60_000)

  test('is never served, and not even kept, as it was sent', async () => {
    const content = await photograph(900, 600)
    const uploadId = await ready(server, token, { use: 'RECIPE_IMAGE', content })
    const id = await write(uploadId)
    const { cover } = (await client.ask(SHOWN, { id })).data.node
    for (const name of ['original', 'original.jpeg', 'source', 'file', '']) {
      const address = cover.LARGE_JPEG.replace('large.jpeg', name)
      expect([name, (await fetch(address)).status]).toEqual([name, 404])
    }
    const large = Buffer.from(await (await fetch(cover.LARGE_JPEG)).arrayBuffer())
    expect(large.equals(content)).toBe(false)
    const kept = (await storedFiles(server)).filter((file) => file.includes(decodeId('upload', uploadId)))
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.filter((file) => !/\.(?:avif|webp|jpeg)$/.test(file))).toEqual([])
  })

  test('has no address any more once the recipe is gone', async () => {
    const id = await write(await ready(server, token, { use: 'RECIPE_IMAGE', content: await photograph(64, 48) }))
    const { cover } = (await client.ask(SHOWN, { id })).data.node
    expect((await fetch(cover.SMALL_WEBP)).status).toBe(200)
    await client.run('deleteRecipe', chef, { id })
    expect((await fetch(cover.SMALL_WEBP)).status).toBe(404)
  })
})

describe('what is no picture for a recipe is refused before anything is kept of it', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  const bomb = () =>
    sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
  test.each<[string, () => Promise<Uint8Array | string>, number, string]>([
    ['a text', async () => 'Two eggs, and a spoon of flour.', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a page', async () => '<!doctype html><title>Cake</title>', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a drawing with a script', async () => svg, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['the beginning of a JPEG and no more', async () => Buffer.from('ffd8ffe0aaaa', 'hex'), 400, 'BAD_USER_INPUT'],
    ['more pixels than a picture may have', bomb, 413, 'PAYLOAD_TOO_LARGE'],
    [
      'more bytes than a picture may have',
      async () => Buffer.concat([await photograph(), Buffer.alloc(25_000_000)]),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('%s', async (_, content, status, code) => {
    expect(await send(server, { token, use: 'RECIPE_IMAGE', content: await content() })).toMatchObject({ status, code })
  })

  test('more pictures than a recipe has', async () => {
    const uploadId = await sent(server, { token, use: 'RECIPE_IMAGE', content: await photograph(64, 48) })
    const images = Array.from({ length: 11 }, () => ({ uploadId, alt: 'A plate' }))
    const { userErrors } = await client.run('createRecipe', chef, { title: 'Eleven', servings: 1, images })
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'images'] }])
  })
})

describe('a photo of what was cooked', () => {
  const LOG = `mutation ($input: LogCookedMealInput!) { done: logCookedMeal(input: $input) { cookedMeal { id photo { id } } userErrors { code path } } }`
  const UPDATE = `mutation ($input: UpdateCookedMealInput!) { done: updateCookedMeal(input: $input) { cookedMeal { id photo { id } } userErrors { code path } } }`
  const upload = (as: string) =>
    photograph(64, 48).then((content) => sent(server, { token: as, use: 'RECIPE_IMAGE', content }))

  test('is the member’s own upload, used once; it is changed, taken away, and goes with the entry', async () => {
    const cook = await server.world.person({ handle: 'cook' })
    const cooks = await client.tokenOf(cook)
    const recipeId = encodeId('recipe', await server.world.recipes.published(chef))
    const ask = async (query: string, input: Record<string, unknown>) =>
      (await client.ask(query, { input }, cook)).data.done
    const [first, second] = [await upload(cooks), await upload(cooks)]
    const log = { recipeId, cookedOn: '2026-03-01' }
    const { cookedMeal } = await ask(LOG, { ...log, photoId: first })
    expect(cookedMeal.photo).toEqual({ id: first })
    for (const [photoId, code] of [
      [first, 'TAKEN'],
      [await upload(token), 'NOT_FOUND'],
      ['upload_nonsense', 'NOT_FOUND'],
    ]) {
      const refused = await ask(LOG, { ...log, photoId })
      expect(refused).toEqual({ cookedMeal: null, userErrors: [{ code, path: ['input', 'photoId'] }] })
    }
    const { id } = cookedMeal
    expect((await ask(UPDATE, { id, note: 'Good.' })).cookedMeal.photo).toEqual({ id: first })
    expect((await ask(UPDATE, { id, photoId: first })).cookedMeal.photo).toEqual({ id: first })
    expect((await ask(UPDATE, { id, photoId: second })).cookedMeal.photo).toEqual({ id: second })
    expect((await ask(UPDATE, { id, photoId: null })).cookedMeal.photo).toBeNull()
    const third = await upload(cooks)
    await ask(UPDATE, { id, photoId: third })
    await client.ask(`mutation { deleteCookedMeal(input: { id: "${id}" }) { deletedId } }`, {}, cook)
    for (const gone of [first, second, third]) expect(await uploadOf(server, cooks, gone)).toBeNull()
  })
})
