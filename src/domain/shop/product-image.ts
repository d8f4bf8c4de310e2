import { and, eq, isNotNull } from 'drizzle-orm'
import { z } from 'zod'
import { invalidInput } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { productImages } from '../../db/tables/shop/catalogue.ts'
import type { Deps } from '../deps.ts'
import { line, webAddress } from '../input.ts'
import { claimUploads } from '../upload/claim.ts'
import type { Viewer } from '../viewer.ts'
import { MAX_IMAGES } from './rules.ts'

/** A picture that the server draws itself, see `core/art`. */
const ownArt = z.string().regex(/^\/art\/[a-z]{1,20}\/[a-z0-9-]{1,60}\.svg$/)

/** What a product shows that nobody has given a picture, or whose picture is not ready. */
export const drawnImage = (productId: Uuid): string => `/art/product/${productId}.svg`

/** Either an address or an upload. */
export interface NewImage {
  url?: string | null | undefined
  uploadId?: Uuid | null | undefined
  alt: string
}

export const images = z
  .array(
    z.object({
      url: z
        .union([ownArt, webAddress('An image')], 'An image is an http or https address, or one of `/art/…`.')
        .nullish(),
      uploadId: z.string().nullish(),
      alt: line('What an image shows', 1, 200),
    }),
  )
  .max(MAX_IMAGES, `A product has at most ${MAX_IMAGES} images.`)

/** All of a locked product's images, in order; uploads that it has already stay. @throws as `claimUploads` */
export async function setImages(
  deps: Deps,
  tx: Transaction,
  viewer: Viewer,
  productId: Uuid,
  list: readonly NewImage[],
): Promise<void> {
  const at = (position: number): string[] => ['input', 'images', String(position)]
  for (const [position, { url, uploadId }] of list.entries()) {
    if ((url == null) === (uploadId == null)) throw invalidInput(at(position), 'An image is an address or an upload.')
  }
  const present = await tx.orm
    .select({ id: productImages.uploadId })
    .from(productImages)
    .where(and(eq(productImages.productId, productId), isNotNull(productImages.uploadId)))
  await claimUploads(deps, tx, viewer, {
    ids: list.flatMap(({ uploadId }) => uploadId ?? []),
    use: 'PRODUCT_IMAGE',
    kept: present.flatMap(({ id }) => id ?? []),
    pathOf: (id) => [...at(list.findLastIndex(({ uploadId }) => uploadId === id)), 'uploadId'],
  })
  await tx.orm.delete(productImages).where(eq(productImages.productId, productId))
  if (list.length === 0) return
  await tx.orm.insert(productImages).values(
    list.map(({ url = null, uploadId = null, alt }, position) => ({
      id: newId(),
      productId,
      position,
      url,
      uploadId,
      alt,
    })),
  )
}
