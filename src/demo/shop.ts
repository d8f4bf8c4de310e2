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

/** The shop window: shelves, products with two to four variants, and something to save money with. */
export async function stockShop(world: World, staff: Viewer): Promise<void> {
  const roots = new Map<string, Uuid>()
  const stock: Stock = { products: [], images: [], variants: [], attributes: [], movements: [] }
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
}

/** Rows of the whole shop: product by product, they would be the greater part of the first start. */
interface Stock {
  readonly products: (typeof products.$inferInsert & { id: Uuid })[]
  readonly images: (typeof productImages.$inferInsert)[]
  readonly variants: (typeof variants.$inferInsert)[]
  readonly attributes: (typeof variantAttributes.$inferInsert)[]
  readonly movements: (typeof stockMovements.$inferInsert)[]
}

async function insertStock({ db: { orm } }: Deps, stock: Stock): Promise<void> {
  await orm.insert(subjects).values(stock.products.map(({ id }) => ({ id, kind: 'PRODUCT' as const })))
  await orm.insert(products).values(stock.products)
  await orm.insert(productImages).values(stock.images)
  await orm.insert(variants).values(stock.variants)
  await orm.insert(variantAttributes).values(stock.attributes)
  await orm.insert(stockMovements).values(stock.movements)
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
  const id = newId()
  const title = `${make} ${name}`
  const code = `${letters(shelf.path[1]).slice(0, 4)}-${half + 1}${at + 1}`
  const priceMinor = shelf.fromMinor + at * Math.ceil(shelf.fromMinor / 40) * 10 + half * 200
  stock.products.push({
    id,
    name: title,
    slug: `${slugOf(title, 'product').slice(0, 80)}-${id.slice(-6)}`,
    brand: shelf.brand,
    categoryId,
    description: `${title} by ${shelf.brand}. Comes in ${shelf.values.length} versions: ${shelf.values.join(', ')}.`,
    status: 'ACTIVE',
    fromPriceMinor: priceMinor,
  })
  const url = `/art/${shelf.motif}/${letters(title).toLowerCase().slice(0, 40)}.svg`
  stock.images.push({ id: newId(), productId: id, url, alt: title, position: 0 })
  for (const [version, value] of shelf.values.entries()) {
    const variantId = newId()
    stock.variants.push({
      id: variantId,
      productId: id,
      sku: `${code}-${letters(value).slice(0, 8)}`.toUpperCase(),
      name: value,
      priceMinor: priceMinor + version * 150,
      currency: SHOP_CURRENCY,
      lowStockAt: 3,
      position: version,
    })
    stock.attributes.push({ variantId, name: shelf.attribute, value })
    // Now and then something is sold out, as in any shop.
    const quantity = (at + version + half) % 7 === 6 ? 0 : 5 + ((at * 7 + version * 11) % 40)
    if (quantity > 0) stock.movements.push({ id: newId(), variantId, kind: 'IN', quantity, actorId: staff.accountId })
  }
}
