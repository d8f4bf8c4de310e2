import type { Uuid } from '../core/ids.ts'
import { parseQuantity, toRatio } from '../core/quantity.ts'
import { foodVariants } from '../db/tables/meal.ts'
import { recogniseFoods } from '../domain/recipe/catalogue.ts'
import { findUnit } from '../domain/recipe/units.ts'
import type { Viewer } from '../domain/viewer.ts'
import { emptyStock, insertStock, putProduct } from './shop.ts'
import type { World } from './world.ts'

/**
 * Shelf, the motif of its pictures and its brand; then food | what it is sold as | packs with their prices in cents. What the
 * recipes of the demo are cooked with: what they count is sold by the piece, and what they weigh by weight.
 */
const SHELVES = `
Vegetables / plant / Acre & Sons
onion | Yellow Onion | 1 piece 35, 1 kg 190
shallot | Banana Shallot | 1 piece 45
garlic | Garlic Bulb | 10 cloves 85
ginger | Fresh Ginger | 100 g 120
carrot | Bunched Carrots | 1 piece 25, 1 kg 160
potato | Waxy Potatoes | 1 kg 220, 2.5 kg 440
leek | Leek | 1 piece 95
celery | Celery Head | 8 stalks 180
courgette | Courgette | 1 piece 75
aubergine | Aubergine | 1 piece 140
cucumber | Cucumber | 1 piece 110
tomato | Vine Tomatoes | 1 piece 45, 1 kg 350
red pepper | Red Pepper | 1 piece 115
green pepper | Green Pepper | 1 piece 105
chilli | Red Chilli | 1 piece 30
mushroom | Chestnut Mushrooms | 250 g 210
spinach | Leaf Spinach | 250 g 230
cabbage | White Cabbage | 1 kg 190
butternut squash | Butternut Squash | 1 kg 260
pea | Shelled Peas | 450 g 240
sweetcorn | Sweetcorn | 285 g 150
spring onion | Spring Onions | 6 pieces 110

Herbs / plant / Acre & Sons
basil | Potted Basil | 1 bunch 190
parsley | Flat Parsley | 1 bunch 130
fresh coriander | Fresh Coriander | 1 bunch 130
mint | Garden Mint | 1 bunch 130
dill | Dill | 1 bunch 130
chives | Chives | 1 bunch 130
thyme | Thyme | 12 sprigs 130
bay leaf | Dried Bay Leaves | 20 pieces 160

Fruit / ball / Acre & Sons
lemon | Unwaxed Lemon | 1 piece 55
lime | Lime | 1 piece 45
orange | Navel Orange | 1 piece 65
apple | Cooking Apples | 1 piece 45, 1 kg 240
pear | Conference Pear | 1 piece 60
banana | Banana | 1 piece 30
plum | Damson Plums | 500 g 280
avocado | Ripe Avocado | 1 piece 160

Dairy and Eggs / bottle / Low Meadow
egg | Free-Range Eggs | 6 pieces 280, 12 pieces 520
butter | Unsalted Butter | 250 g 290
milk | Whole Milk | 1 l 130
buttermilk | Buttermilk | 500 ml 120
cream | Whipping Cream | 200 ml 150, 500 ml 320
sour cream | Sour Cream | 200 g 110
cheddar | Mature Cheddar | 200 g 340
feta | Barrel-Aged Feta | 200 g 320
mozzarella | Buffalo Mozzarella | 125 g 230
parmesan | Grated Parmesan | 100 g 310
ricotta | Sheep’s Ricotta | 250 g 260
tofu | Firm Tofu | 200 g 220

Meat and Fish / product / Cutler
chicken thigh | Chicken Thighs | 4 pieces 620
minced beef | Minced Beef | 400 g 540
cod | Cod Loin | 500 g 1290
salmon | Salmon Fillets | 2 pieces 980
prawn | Peeled Prawns | 250 g 790

Baking / product / Millrace
flour | Plain Flour | 1 kg 140
bread flour | Strong Bread Flour | 1 kg 190
sugar | Caster Sugar | 500 g 150
brown sugar | Soft Brown Sugar | 500 g 210
yeast | Dried Yeast | 3 packets 120
baking powder | Baking Powder | 150 g 180
baking soda | Baking Soda | 150 g 140
dark chocolate | Dark Chocolate | 100 g 260
honey | Lime Blossom Honey | 500 g 690

Grains and Pulses / bag / Millrace
pasta | Durum Spaghetti | 500 g 170
risotto rice | Risotto Rice | 500 g 320
oats | Rolled Oats | 500 g 160
red lentils | Split Red Lentils | 500 g 240
chickpeas | Chickpeas | 1 can 110, 500 g 230
bread | Country Bread | 500 g 320

Tins and Jars / mug / Cellar
tinned tomatoes | Chopped Tomatoes | 1 can 120
kidney beans | Kidney Beans | 1 can 110
black beans | Black Beans | 1 can 120
white beans | White Beans | 1 can 110, 500 g 240
coconut milk | Coconut Milk | 400 ml 190
tomato paste | Double Tomato Paste | 200 g 140
olives | Kalamata Olives | 180 g 320
vegetable stock | Vegetable Stock | 500 ml 250, 1 l 420
white wine | Cooking White Wine | 750 ml 690

Condiments / bottle / Cellar
olive oil | Everyday Olive Oil | 500 ml 690
vegetable oil | Vegetable Oil | 1 l 320
sesame oil | Toasted Sesame Oil | 250 ml 450
coconut oil | Coconut Oil | 300 ml 520
soy sauce | Soy Sauce | 150 ml 260
balsamic vinegar | Balsamic Vinegar | 250 ml 480
mustard | Dijon Mustard | 200 g 210

Spices / product / Cellar
salt | Sea Salt | 500 g 120
black pepper | Black Pepper | 50 g 260
cumin | Ground Cumin | 40 g 210
paprika | Sweet Paprika | 40 g 210
turmeric | Ground Turmeric | 40 g 210
cinnamon | Ground Cinnamon | 40 g 230
nutmeg | Ground Nutmeg | 30 g 260
oregano | Dried Oregano | 15 g 180
ground coriander | Ground Coriander | 40 g 200
garam masala | Garam Masala | 40 g 240
curry powder | Mild Curry Powder | 40 g 220

Nuts / bag / Millrace
almond | Whole Almonds | 200 g 390
walnut | Walnut Halves | 200 g 420
`

/** What lies on one shelf. */
interface PantryShelf {
  readonly name: string
  readonly motif: string
  readonly brand: string
  readonly goods: readonly (readonly [food: string, name: string, packs: string])[]
}

const shelves: readonly PantryShelf[] = SHELVES.trim()
  .split('\n\n')
  .map((block) => {
    const [head = '', ...lines] = block.split('\n')
    const [name = '', motif = '', brand = ''] = head.split(' / ')
    const goods = lines.map((line) => {
      const [food = '', sold = '', packs = ''] = line.split(' | ')
      return [food, sold, packs] as const
    })
    return { name, motif, brand, goods }
  })

const DAY_MS = 86_400_000
const PACK = /^(\S+) (\S+) (\d+)$/

/**
 * Puts the common foods of the demo's recipes below `root`, each known as the food that it is, so that `addIngredientsToCart`
 * finds most of what is cooked. They are older than the rest of the shop: its window is not full of onions.
 */
export async function stockPantry(world: World, staff: Viewer, root: Uuid): Promise<void> {
  const { db, clock } = world.deps
  const foods = await recogniseFoods(
    db,
    shelves.flatMap(({ goods }) => goods.map(([food]) => food)),
  )
  const stock = emptyStock()
  const links: (typeof foodVariants.$inferInsert)[] = []
  const createdAt = new Date(clock.now().getTime() - DAY_MS).toISOString()
  for (const [place, { name, motif, brand, goods }] of shelves.entries()) {
    const categoryId = await world.productCategory(staff, { name, parentId: root, position: place + 3 })
    for (const [at, [food, title, packs]] of goods.entries()) {
      const sizes = packs.split(', ').flatMap((text) => {
        const [, amount = '', unit = '', price] = PACK.exec(text) ?? []
        const known = findUnit(unit)
        const quantity = parseQuantity(amount)
        return known === null || quantity === null
          ? []
          : [{ name: `${amount} ${unit}`, priceMinor: Number(price), known, quantity: 120, holds: toRatio(quantity) }]
      })
      const variantIds = putProduct(stock, staff, {
        title,
        brand,
        motif,
        categoryId,
        createdAt,
        code: `PAN-${place + 1}${String(at + 1).padStart(2, '0')}`,
        attribute: 'pack',
        versions: sizes,
      })
      const foodId = foods.get(food)
      for (const [version, { known, holds }] of sizes.entries()) {
        const variantId = variantIds[version]
        if (foodId === undefined || variantId === undefined) continue
        const packUnit = known.code === 'piece' ? null : known.code
        links.push({ foodId, variantId, packNumerator: holds.numerator, packDenominator: holds.denominator, packUnit })
      }
    }
  }
  await insertStock(world.deps, stock)
  if (links.length > 0) await db.orm.insert(foodVariants).values(links)
}

/** The foods that are sold, as the catalogue calls them. */
export const PANTRY_FOODS: readonly string[] = shelves.flatMap(({ goods }) => goods.map(([food]) => food))
