import type { Uuid } from '../core/ids.ts'
import { money } from '../core/money.ts'
import { SHOP_CURRENCY } from '../domain/shop/rules.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { World } from './world.ts'

interface Shelf {
  /** From the root down. */
  path: readonly [string, string]
  /** Of `core/art`. */
  motif: string
  brand: string
  /** Before the first half of the names and before the second: each name is there twice, as two different things. */
  makes: readonly [string, string]
  names: readonly string[]
  fromMinor: number
  attribute: string
  values: readonly string[]
}

const COLOURS = ['Chalk', 'Moss', 'Ink']
const SIZES = ['S', 'M', 'L', 'XL']

/** Eighteen shelves of twelve: 216 products. */
const SHELVES: readonly Shelf[] = [
  {
    path: ['Kitchen', 'Cups'],
    motif: 'mug',
    brand: 'Lindqvist',
    makes: ['Stoneware', 'Enamel'],
    names: ['Morning Mug', 'Espresso Cup', 'Soup Cup', 'Tea Bowl', 'Camp Mug', 'Milk Jug'],
    fromMinor: 890,
    attribute: 'colour',
    values: COLOURS,
  },
  {
    path: ['Kitchen', 'Knives'],
    motif: 'knife',
    brand: 'Ferro',
    makes: ['Carbon Steel', 'Stainless'],
    names: ['Paring Knife', 'Chef’s Knife', 'Bread Knife', 'Santoku', 'Fillet Knife', 'Cleaver'],
    fromMinor: 3_490,
    attribute: 'handle',
    values: ['Ash', 'Walnut'],
  },
  {
    path: ['Kitchen', 'Bottles'],
    motif: 'bottle',
    brand: 'Klar',
    makes: ['Glass', 'Steel'],
    names: ['Water Bottle', 'Oil Bottle', 'Carafe', 'Flask', 'Vinegar Bottle', 'Swing-Top Bottle'],
    fromMinor: 1_290,
    attribute: 'volume',
    values: ['500 ml', '750 ml', '1 l'],
  },
  {
    path: ['Pantry', 'Bread'],
    motif: 'bread',
    brand: 'Oyelaran',
    makes: ['Rye', 'Wheat'],
    names: ['Sourdough Loaf', 'Crispbread', 'Bread Mix', 'Rusks', 'Flatbread', 'Breadcrumbs'],
    fromMinor: 320,
    attribute: 'weight',
    values: ['500 g', '1 kg'],
  },
  {
    path: ['Pantry', 'Oils'],
    motif: 'bottle',
    brand: 'Marchetti',
    makes: ['Cold-Pressed', 'Roasted'],
    names: ['Olive Oil', 'Rapeseed Oil', 'Walnut Oil', 'Sesame Oil', 'Sunflower Oil', 'Pumpkin Seed Oil'],
    fromMinor: 790,
    attribute: 'volume',
    values: ['250 ml', '500 ml'],
  },
  {
    path: ['Pantry', 'Tea'],
    motif: 'bag',
    brand: 'Ridge',
    makes: ['Loose', 'Bagged'],
    names: ['Assam', 'Sencha', 'Peppermint', 'Oolong', 'Rooibos', 'Earl Grey'],
    fromMinor: 450,
    attribute: 'weight',
    values: ['100 g', '250 g'],
  },
  {
    path: ['Living', 'Lamps'],
    motif: 'lamp',
    brand: 'Halo',
    makes: ['Linen', 'Brass'],
    names: ['Desk Lamp', 'Bedside Lamp', 'Floor Lamp', 'Clip Lamp', 'Pendant', 'Reading Lamp'],
    fromMinor: 4_900,
    attribute: 'colour',
    values: COLOURS,
  },
  {
    path: ['Living', 'Plants'],
    motif: 'plant',
    brand: 'Greenhouse',
    makes: ['Potted', 'Hanging'],
    names: ['Monstera', 'Fern', 'Jade Plant', 'Ivy', 'Aloe', 'Spider Plant'],
    fromMinor: 1_190,
    attribute: 'pot',
    values: ['Clay', 'Zinc'],
  },
  {
    path: ['Living', 'Storage'],
    motif: 'product',
    brand: 'Box & Co',
    makes: ['Oak', 'Birch'],
    names: ['Bread Box', 'Tool Box', 'Tray', 'Crate', 'Drawer Insert', 'Keepsake Box'],
    fromMinor: 2_250,
    attribute: 'size',
    values: ['S', 'M', 'L'],
  },
  {
    path: ['Clothing', 'Shirts'],
    motif: 'shirt',
    brand: 'Plain',
    makes: ['Cotton', 'Linen'],
    names: ['T-Shirt', 'Work Shirt', 'Polo', 'Overshirt', 'Henley', 'Undershirt'],
    fromMinor: 1_990,
    attribute: 'size',
    values: SIZES,
  },
  {
    path: ['Clothing', 'Bags'],
    motif: 'bag',
    brand: 'Carry',
    makes: ['Canvas', 'Leather'],
    names: ['Tote', 'Rucksack', 'Messenger Bag', 'Weekender', 'Pouch', 'Shopper'],
    fromMinor: 3_900,
    attribute: 'colour',
    values: COLOURS,
  },
  {
    path: ['Clothing', 'Sleepwear'],
    motif: 'shirt',
    brand: 'Plain',
    makes: ['Flannel', 'Jersey'],
    names: ['Nightshirt', 'Pyjama Top', 'Dressing Gown', 'Pyjama Set', 'Lounge Shirt', 'Robe'],
    fromMinor: 2_990,
    attribute: 'size',
    values: SIZES,
  },
  {
    path: ['Books', 'Cooking'],
    motif: 'book',
    brand: 'Table Press',
    makes: ['The Little', 'The Complete'],
    names: ['Book of Bread', 'Book of Stock', 'Book of Salt', 'Book of Pickles', 'Book of Greens', 'Book of Fire'],
    fromMinor: 1_450,
    attribute: 'cover',
    values: ['Paperback', 'Hardcover'],
  },
  {
    path: ['Books', 'Walking'],
    motif: 'book',
    brand: 'Path Press',
    makes: ['Short', 'Long'],
    names: [
      'Walks by Rivers',
      'Walks in Fog',
      'Walks in Cities',
      'Walks by the Sea',
      'Walks in Winter',
      'Walks with Maps',
    ],
    fromMinor: 1_250,
    attribute: 'cover',
    values: ['Paperback', 'Hardcover'],
  },
  {
    path: ['Books', 'Computing'],
    motif: 'book',
    brand: 'Page Press',
    makes: ['Practical', 'Patient'],
    names: ['Databases', 'Types', 'Queues', 'Indexes', 'Protocols', 'Tests'],
    fromMinor: 2_400,
    attribute: 'cover',
    values: ['Paperback', 'Hardcover'],
  },
  {
    path: ['Outdoors', 'Balls'],
    motif: 'ball',
    brand: 'Bounce',
    makes: ['Match', 'Training'],
    names: ['Football', 'Basketball', 'Volleyball', 'Handball', 'Rugby Ball', 'Medicine Ball'],
    fromMinor: 1_690,
    attribute: 'size',
    values: ['S', 'M', 'L'],
  },
  {
    path: ['Outdoors', 'Camping'],
    motif: 'product',
    brand: 'Pole & Peg',
    makes: ['Light', 'Sturdy'],
    names: ['Tent', 'Stove', 'Cool Box', 'Ground Sheet', 'Cooking Set', 'First Aid Kit'],
    fromMinor: 5_900,
    attribute: 'colour',
    values: COLOURS,
  },
  {
    path: ['Outdoors', 'Garden'],
    motif: 'plant',
    brand: 'Greenhouse',
    makes: ['Spring', 'Autumn'],
    names: ['Seed Box', 'Bulb Mix', 'Herb Set', 'Meadow Mix', 'Berry Bush', 'Rose'],
    fromMinor: 690,
    attribute: 'pot',
    values: ['Clay', 'Zinc'],
  },
]

const letters = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '').toUpperCase()

/** The shop window: shelves, products with two to four variants, and something to save money with. */
export async function stockShop(world: World, staff: Viewer): Promise<void> {
  const roots = new Map<string, Uuid>()
  for (const [place, shelf] of SHELVES.entries()) {
    const [rootName, leafName] = shelf.path
    const root = roots.get(rootName) ?? (await world.productCategory(staff, { name: rootName, position: roots.size }))
    roots.set(rootName, root)
    const categoryId = await world.productCategory(staff, { name: leafName, parentId: root, position: place % 3 })
    for (const [half, make] of shelf.makes.entries()) {
      for (const [at, name] of shelf.names.entries())
        await putOnShelf(world, staff, shelf, categoryId, make, name, half, at)
    }
  }
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

async function putOnShelf(
  world: World,
  staff: Viewer,
  shelf: Shelf,
  categoryId: Uuid,
  make: string,
  name: string,
  half: number,
  at: number,
): Promise<void> {
  const title = `${make} ${name}`
  const code = `${letters(shelf.path[1]).slice(0, 4)}-${half + 1}${at + 1}`
  const priceMinor = shelf.fromMinor + at * Math.ceil(shelf.fromMinor / 40) * 10 + half * 200
  await world.product(staff, {
    name: title,
    brand: shelf.brand,
    categoryId,
    description: `${title} by ${shelf.brand}. Comes in ${shelf.values.length} versions: ${shelf.values.join(', ')}.`,
    images: [{ url: `/art/${shelf.motif}/${letters(title).toLowerCase().slice(0, 40)}.svg`, alt: title }],
    variants: shelf.values.map((value, version) => ({
      sku: `${code}-${letters(value).slice(0, 8)}`,
      name: value,
      price: money(priceMinor + version * 150, SHOP_CURRENCY),
      attributes: [{ name: shelf.attribute, value }],
      lowStockAt: 3,
      // Now and then something is sold out, as in any shop.
      quantity: (at + version + half) % 7 === 6 ? 0 : 5 + ((at * 7 + version * 11) % 40),
    })),
  })
}
