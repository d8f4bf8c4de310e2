import type { Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { checkOut, type Done, pay, productId, type ShopClient } from './shop.ts'

export const REVIEW = 'review { id stars text textHtml state helpfulCount editedAt author { handle } }'

export const REVIEWED = `query ($id: ID!) { node(id: $id) { id ... on Reviewable { averageRating reviewCount ratingCounts { stars count }
  viewerMayReview viewerReview { id stars text state } } } }`

/** Puts a piece into the cart, buys and pays it; the id of the order. */
export async function buy(shop: ShopClient, buyer: Viewer, variant: Uuid, quantity = 1): Promise<string> {
  await shop.add(buyer, variant, quantity)
  const { value } = await checkOut(shop, buyer)
  const paid = await pay(shop, buyer, value.id)
  if (paid.value === null) throw new Error(JSON.stringify(paid))
  return value.id
}

export const review = (
  shop: ShopClient,
  author: Viewer | null,
  product: Uuid,
  stars: number,
  text = 'Words.',
): Promise<Done> => shop.run('reviewSubject', author, { subjectId: productId(product), stars, text }, REVIEW)

export const deleteReview = (shop: ShopClient, author: Viewer | null, id: string): Promise<Done> =>
  shop.run('deleteReview', author, { id }, 'subject { id reviewCount averageRating }')

export const moderateReview = (shop: ShopClient, viewer: Viewer | null, id: string, state: string): Promise<Done> =>
  shop.run('moderateReview', viewer, { id, state }, REVIEW)

/** The code that refused it, or `done`. */
export const outcomeOf = ({ userErrors, refused }: Done): string => refused ?? userErrors[0]?.code ?? 'done'
