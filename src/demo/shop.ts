import { newId, type Uuid } from '../core/ids.ts'
import { money } from '../core/money.ts'
import { productImages, products, variantAttributes, variants } from '../db/tables/shop/catalogue.ts'
import { stockMovements } from '../db/tables/shop/stock.ts'
import { subjects } from '../db/tables/subject.ts'
import type { Deps } from '../domain/deps.ts'
import { SHOP_CURRENCY } from '../domain/shop/rules.ts'
import { slugOf } from '../domain/slug.ts'
import type { Viewer } from '../domain/viewer.ts'
import { SHELVES, type Shelf } from './products.ts'
import type { World } from './world.ts'

const letters = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '').toUpperCase()

/**
 * The shop window: shelves, products with two to four variants, and something to save money with. Answers the root
 * categories by their names.
 */
export async function stockShop(world: World, staff: Viewer): Promise<ReadonlyMap<string, Uuid>> {
  const roots = new Map<string, Uuid>()
  const stock = emptyStock()
  for (const [place, shelf] of SHELVES.entries()) {
    const [rootName, leafName] = shelf.path
    const root = roots.get(rootName) ?? (await world.productCategory(staff, { name: rootName, position: roots.size }))
    roots.set(rootName, root)
    const categoryId = await world.productCategory(staff, { name: leafName, parentId: root, position: place % 3 })
    for (const [half, make] of shelf.makes.entries()) {
      for (const [at, name] of shelf.names.entries()) put(stock, shelf, staff, categoryId, make, name, half, at)
    }
  }
  await insertStock(world.deps, stock)
  await world.coupon(staff, {
    code: 'WELCOME10',
    description: '10 % off a first order.',
    percentBasisPoints: 1_000,
    maxUsesPerMember: 1,
  })
  await world.coupon(staff, {
    code: 'FIVE',
    description: '5 off from 30.',
    amount: money(500, SHOP_CURRENCY),
    minSubtotal: money(3_000, SHOP_CURRENCY),
    isStackable: true,
  })
  return roots
}

/** Rows of the whole shop: product by product, they would be the greater part of the first start. */
interface Stock {
  readonly products: (typeof products.$inferInsert & { id: Uuid })[]
  readonly images: (typeof productImages.$inferInsert)[]
  readonly variants: (typeof variants.$inferInsert)[]
  readonly attributes: (typeof variantAttributes.$inferInsert)[]
  readonly movements: (typeof stockMovements.$inferInsert)[]
}

export const emptyStock = (): Stock => ({ products: [], images: [], variants: [], attributes: [], movements: [] })

export async function insertStock({ db: { orm } }: Deps, stock: Stock): Promise<void> {
  await orm.insert(subjects).values(stock.products.map(({ id }) => ({ id, kind: 'PRODUCT' as const })))
  await orm.insert(products).values(stock.products)
  await orm.insert(productImages).values(stock.images)
  await orm.insert(variants).values(stock.variants)
  await orm.insert(variantAttributes).values(stock.attributes)
  await orm.insert(stockMovements).values(stock.movements)
}

/** One product to be put on the shelf. */
interface Shown {
  readonly title: string
  readonly brand: string
  readonly motif: string
  readonly categoryId: Uuid
  /** Of its SKUs. */
  readonly code: string
  /** What tells its versions apart: `colour`. */
  readonly attribute: string
  readonly versions: readonly { readonly name: string; readonly priceMinor: number; readonly quantity: number }[]
  /** ISO 8601; now unless told. */
  readonly createdAt?: string
}

/** The ids of its variants, in the order of the versions. */
export function putProduct(stock: Stock, staff: Viewer, shown: Shown): readonly Uuid[] {
  const { title, brand, motif, categoryId, code, attribute, versions, createdAt } = shown
  const id = newId()
  const names = versions.map(({ name }) => name)
  stock.products.push({
    id,
    name: title,
    slug: `${slugOf(title, 'product').slice(0, 80)}-${id.slice(-6)}`,
    brand,
    categoryId,
    description: `${title} by ${brand}. Comes in ${names.length === 1 ? 'one version' : `${names.length} versions`}: ${names.join(', ')}.`,
    status: 'ACTIVE',
    fromPriceMinor: Math.min(...versions.map(({ priceMinor }) => priceMinor)),
    ...(createdAt === undefined ? {} : { createdAt }),
  })
  const url = `/art/${motif}/${letters(title).toLowerCase().slice(0, 40)}.svg`
  stock.images.push({ id: newId(), productId: id, url, alt: title, position: 0 })
  return versions.map(({ name, priceMinor, quantity }, position) => {
    const variantId = newId()
    stock.variants.push({
      id: variantId,
      productId: id,
      sku: `${code}-${letters(name).slice(0, 8)}`.toUpperCase(),
      name,
      priceMinor,
      currency: SHOP_CURRENCY,
      lowStockAt: 3,
      position,
    })
    stock.attributes.push({ variantId, name: attribute, value: name })
    if (quantity > 0) stock.movements.push({ id: newId(), variantId, kind: 'IN', quantity, actorId: staff.accountId })
    return variantId
  })
}

function put(
  stock: Stock,
  shelf: Shelf,
  staff: Viewer,
  categoryId: Uuid,
  make: string,
  name: string,
  half: number,
  at: number,
): void {
  const priceMinor = shelf.fromMinor + at * Math.ceil(shelf.fromMinor / 40) * 10 + half * 200
  putProduct(stock, staff, {
    title: `${make} ${name}`,
    brand: shelf.brand,
    motif: shelf.motif,
    categoryId,
    code: `${letters(shelf.path[1]).slice(0, 4)}-${half + 1}${at + 1}`,
    attribute: shelf.attribute,
    versions: shelf.values.map((value, version) => ({
      name: value,
      priceMinor: priceMinor + version * 150,
      // Now and then something is sold out, as in any shop.
      quantity: (at + version + half) % 7 === 6 ? 0 : 5 + ((at * 7 + version * 11) % 40),
    })),
  })
}
