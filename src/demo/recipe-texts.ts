import type { NewRecipe } from '../domain/recipe/content.ts'
import { readIngredientLine } from '../domain/recipe/import/ingredient-line.ts'
import type { RecipeDiet } from '../domain/recipe/rules.ts'

export interface DemoRecipe {
  chef: string
  daysAgo: number
  recipe: NewRecipe
}

/**
 * Title | servings | minutes of preparation, of cooking | cuisine | diets | labels | summary, then ingredients, then steps: what
 * stands on a card in a box. `Of:` begins a group of ingredients.
 */
const CARDS = `
Courgette Pasta with Lemon | 2 | 10 15 | Italian | VEGETARIAN | Quick dinner, Summer | Ribbons of courgette that melt into the pasta, sharpened with lemon.
200 g spaghetti; 2 courgettes, in ribbons; 2 tbsp olive oil; 2 cloves garlic, sliced; 1 lemon; 40 g parmesan, grated; black pepper
Cook the pasta in plenty of salted water. / Soften **courgettes and garlic** in the oil over a low flame. / Toss with the pasta, a ladle of its water, lemon zest and cheese.

Red Lentil Soup | 4 | 10 25 | Turkish | VEGAN GLUTEN_FREE | Quick dinner, Soup, One pot | The soup for the evening on which nobody went shopping.
250 g red lentils; 1 onion, chopped; 2 tbsp olive oil; 2 tbsp tomato paste; 1 tsp cumin; 1 tsp paprika; 1.2 l vegetable stock; 1 lemon
Soften the onion in the oil, then fry tomato paste and spices until they smell. / Add lentils and stock; simmer for twenty minutes. / Blend half of it, and serve with lemon.

Overnight Sourdough-Free Loaf | 8 | 15 45 | German | VEGAN | Bread, Weekend | A crusty loaf for people without a starter and with patience.
500 g bread flour; 380 ml water; ½ packet yeast; 10 g salt
Stir everything together; it will be sticky. / Cover and leave for twelve hours. / Fold, let it rest for half an hour while the oven heats with a lidded pot in it. / Bake with the lid on for thirty minutes and fifteen without.

Chickpea Curry with Spinach | 4 | 15 25 | Indian | VEGAN GLUTEN_FREE | One pot, Weeknight | Creamy without cream, and better on the second day.
1 tbsp coconut oil; 1 onion, diced; 3 cloves garlic, grated; 20 g ginger, grated; 2 tsp garam masala; 1 tsp turmeric; 2 cans chickpeas, drained; 400 ml coconut milk; 200 g spinach; salt
Fry onion, garlic and ginger until golden. / Add spices for a minute, then chickpeas and coconut milk. / Simmer for a quarter of an hour; let the spinach wilt in it.

Roast Salmon with Dill Potatoes | 4 | 15 35 | Swedish | GLUTEN_FREE | Sunday | Everything on one tray, in the right order.
800 g potatoes, halved; 4 salmon fillets; 3 tbsp olive oil; 1 handful dill; 200 g sour cream; 1 lemon; salt
Roast the potatoes at 200 °C for twenty minutes. / Lay the salmon among them for twelve more. / Stir dill, lemon and cream together.

Apple Crumble | 6 | 20 35 | British | VEGETARIAN | Dessert, Autumn | More crumble than apple, as it should be.
Of: Fruit; 1 kg apples, sliced; 2 tbsp sugar; ½ tsp cinnamon; Of: Crumble; 200 g flour; 120 g butter, cold; 100 g brown sugar; 60 g oats; 1 pinch salt
Put the fruit into a dish with sugar and cinnamon. / Rub flour and butter into crumbs, add the rest. / Bake at 190 °C until it bubbles at the edge.

Bean Stew from the Oven | 6 | 20 120 | Greek | VEGAN GLUTEN_FREE | Weekend, One pot | Two hours in which the oven does the work.
500 g white beans, soaked overnight; 2 onions, sliced; 4 cloves garlic; 2 carrots, diced; 2 stalks celery; 1 can chopped tomatoes; 100 ml olive oil; 2 bay leaves; salt
Boil the beans for forty minutes. / Soften the vegetables in half of the oil. / Bake everything with water to cover at 170 °C until the top is dark in places.

Buttermilk Pancakes | 4 | 10 20 | American | VEGETARIAN | Breakfast | Thick, and browned in butter.
1 ½ cups flour; 2 tbsp sugar; 1 ½ tsp baking powder; ½ tsp baking soda; 1 pinch salt; 1 ½ cups buttermilk; 2 eggs; 3 tbsp butter, melted
Whisk the dry things, then the wet ones, then both, and stop while there are lumps. / Fry ladlefuls over medium heat; turn when bubbles stay open.

Mushroom Risotto | 4 | 10 30 | Italian | VEGETARIAN GLUTEN_FREE | Weekend | Stirred now and then, whatever they say.
300 g risotto rice; 400 g mushrooms, sliced; 1 shallot, chopped; 1 l hot vegetable stock; 100 ml white wine; 50 g parmesan; 40 g butter; 2 tbsp olive oil
Fry the mushrooms hard and set half aside. / Toast the rice with the shallot, then wine, then stock by the ladle. / Beat in butter and cheese; rest for two minutes.

Fish Tacos | 4 | 25 10 | Mexican | | Quick dinner, Summer | With a slaw that crunches.
500 g cod, in strips; 8 slices flatbread; 200 g cabbage, shredded; 1 lime; 1 avocado; 100 g sour cream; 1 chilli; 1 handful fresh coriander; 1 tsp paprika; 2 tbsp vegetable oil
Salt the cabbage and squeeze half of the lime over it. / Fry the fish with paprika, two minutes a side. / Pile it all up.

Shakshuka | 2 | 10 25 | Levantine | VEGETARIAN GLUTEN_FREE | Breakfast, One pot | Eggs that poach in their own sauce.
4 eggs; 1 can chopped tomatoes; 1 red pepper, diced; 1 onion, sliced; 2 cloves garlic; 1 tsp cumin; 1 tsp paprika; 2 tbsp olive oil; 50 g feta
Soften onion and pepper slowly. / Add garlic, spices and tomatoes; thicken for ten minutes. / Make four hollows, break the eggs into them, cover until set.

Potato and Leek Soup | 4 | 15 25 | French | VEGETARIAN GLUTEN_FREE | Soup, Winter | Three vegetables and a spoon.
3 leeks; 500 g potatoes, diced; 1 onion; 40 g butter; 1 l vegetable stock; 100 ml cream; 1 tbsp chives
Sweat leeks and onion in the butter without colour. / Add potatoes and stock; simmer until they fall apart. / Blend, add the cream, scatter chives.

Banana Bread | 10 | 15 55 | American | VEGETARIAN | Baking, Breakfast | For bananas beyond saving.
3 bananas, mashed; 250 g flour; 150 g brown sugar; 100 g butter, melted; 2 eggs; 1 tsp baking soda; 1 pinch salt; 80 g walnuts
Mix wet, mix dry, fold together. / Bake at 175 °C for fifty-five minutes.

Carrot Salad with Orange | 4 | 15 0 | Moroccan | VEGAN GLUTEN_FREE | Salad, Quick dinner | Sweet, sharp and orange all over.
500 g carrots, grated; 1 orange; 2 tbsp olive oil; 1 tsp cumin; 1 handful mint; 2 tbsp almonds, toasted
Whisk juice, oil and cumin. / Toss with the carrots and leave them for a while. / Mint and almonds go on at the table.

Beef Chili | 6 | 20 90 | American | GLUTEN_FREE | One pot, Weekend | Thick enough to hold a spoon upright.
800 g minced beef; 2 onions, diced; 4 cloves garlic; 2 cans chopped tomatoes; 2 cans kidney beans, drained; 2 tbsp tomato paste; 2 tsp cumin; 1 tbsp paprika; 1 tsp oregano; 20 g dark chocolate
Brown the meat properly, in two goes. / Soften onions and garlic in what is left. / Everything else goes in but beans and chocolate; an hour. / Add both for the last quarter.

Miso-Free Noodle Broth | 2 | 10 15 | Japanese | VEGAN | Quick dinner, Soup | Soy, ginger and whatever is green.
150 g pasta; 1 l vegetable stock; 3 tbsp soy sauce; 15 g ginger, sliced; 2 spring onions; 100 g spinach; 150 g tofu, cubed; 1 tsp sesame oil
Simmer stock, soy and ginger for ten minutes. / Cook the noodles apart. / Divide noodles, tofu and greens among bowls and pour.

Oat Biscuits | 24 | 15 14 | Scottish | VEGETARIAN | Baking | They keep for two weeks in theory.
200 g oats; 150 g flour; 150 g butter, softened; 120 g brown sugar; 1 egg; ½ tsp baking soda; 1 pinch salt
Beat butter and sugar, then the egg. / Stir in the rest. / Bake spoonfuls at 180 °C until the edges are brown.

Ratatouille | 6 | 30 60 | French | VEGAN GLUTEN_FREE | Summer, One pot | Each vegetable fried by itself, then all together.
2 aubergines, cubed; 3 courgettes, cubed; 2 red peppers, cubed; 6 tomatoes; 2 onions, sliced; 4 cloves garlic; 120 ml olive oil; 1 sprig thyme; basil
Fry each vegetable in its share of the oil. / Stew onions, garlic and tomatoes. / Bring them together for half an hour with thyme.

Chicken with Forty Minutes | 4 | 10 40 | French | GLUTEN_FREE | Weeknight | Thighs, mustard and an oven.
8 chicken thighs; 2 tbsp mustard; 2 shallots, halved; 150 ml white wine; 100 ml cream; 1 tbsp olive oil; 3 sprigs thyme
Brush the thighs with mustard. / Roast over the shallots at 200 °C for thirty minutes. / Add wine and cream for the last ten.

Falafel | 4 | 30 15 | Levantine | VEGAN | Weekend | From dried chickpeas, or they fall apart.
300 g dried chickpeas, soaked; 1 onion; 3 cloves garlic; 1 handful parsley; 1 handful fresh coriander; 1 tsp cumin; 1 tsp ground coriander; 1 tsp salt; vegetable oil, for frying
Grind the raw chickpeas with everything. / Rest for half an hour. / Shape and fry at 175 °C until dark.

Plum Traybake | 12 | 20 40 | German | VEGETARIAN | Baking, Autumn | Tart plums on a plain cake.
250 g flour; 150 g butter, softened; 150 g sugar; 3 eggs; 2 tsp baking powder; 800 g plums, halved; 1 tsp cinnamon
Beat butter and sugar, then the eggs. / Fold in flour and baking powder. / Press in the plums and bake at 180 °C.

Guacamole | 4 | 10 0 | Mexican | VEGAN GLUTEN_FREE | Snack, Quick dinner | Not smooth.
3 avocados; 1 lime; 1 tomato, diced; ½ red onion, chopped; 1 chilli; 1 handful fresh coriander; salt
Crush the avocados with lime and salt. / Fold in the rest.

Egg Fried Rice | 2 | 10 10 | Chinese | VEGETARIAN | Quick dinner, Leftovers | Yesterday’s rice has a purpose.
300 g cooked rice; 3 eggs; 2 spring onions; 100 g peas; 2 tbsp soy sauce; 2 tbsp vegetable oil; 1 tsp sesame oil
Scramble the eggs and take them out. / Fry the rice until it jumps. / Everything back together with soy.

Tomato Bread Soup | 4 | 15 30 | Italian | VEGAN | Soup, Leftovers | Stale bread is an ingredient.
300 g stale bread; 1 kg tomatoes; 4 cloves garlic; 100 ml olive oil; 500 ml vegetable stock; 1 bunch basil
Stew tomatoes and garlic in half of the oil. / Add bread and stock; beat until it is a soup. / The rest of the oil goes on top.

Greek Salad | 4 | 15 0 | Greek | VEGETARIAN GLUTEN_FREE | Salad, Summer | No lettuce.
4 tomatoes; 1 cucumber; 1 green pepper; ½ red onion; 200 g feta; 80 g olives; 4 tbsp olive oil; 1 tsp oregano
Cut large. / Lay the cheese on top in one piece.

Prawn Linguine | 2 | 10 12 | Italian | | Quick dinner | Done before the table is laid.
200 g linguine; 250 g prawns; 3 cloves garlic; 1 chilli; 4 tbsp olive oil; 100 ml white wine; 1 handful parsley
Start the pasta. / Warm garlic and chilli in the oil; add prawns, then wine. / Toss all of it with a splash of the water.

Butternut Squash Curry | 4 | 20 30 | Thai | VEGAN GLUTEN_FREE | One pot, Winter | Mild, and the colour of October.
1 kg butternut squash, cubed; 400 ml coconut milk; 1 onion; 20 g ginger; 1 tbsp curry powder; 1 tbsp coconut oil; 1 lime; 150 g spinach
Fry onion, ginger and curry powder. / Add squash and coconut milk; cover for twenty-five minutes. / Spinach and lime at the end.

Porridge for One | 1 | 2 8 | Scottish | VEGETARIAN | Breakfast, Quick dinner | Salt first, then whatever you like.
50 g oats; 250 ml milk; 1 pinch salt; 1 tbsp honey; 1 banana
Cook oats, milk and salt over a low flame and stir. / Honey and banana on top.

Spinach and Ricotta Cannelloni | 6 | 30 40 | Italian | VEGETARIAN | Sunday | Fiddly, and worth it twice a year.
250 g pasta sheets; 500 g spinach; 400 g ricotta; 60 g parmesan; 1 egg; 1 pinch nutmeg; 2 cans chopped tomatoes; 125 g mozzarella
Wilt and squeeze the spinach; mix with cheeses, egg and nutmeg. / Fill, lay on the tomatoes, cover with mozzarella. / Bake at 190 °C.

Black Bean Tortilla Bake | 4 | 15 30 | Mexican | VEGETARIAN | Weeknight, One pot | Lasagne that went on holiday.
2 cans black beans, drained; 6 slices flatbread; 1 can chopped tomatoes; 150 g cheddar; 1 red pepper; 150 g sweetcorn; 1 tsp cumin
Stew beans, tomatoes, pepper and corn with cumin. / Layer with bread and cheese. / Bake at 200 °C until brown.

Pear and Walnut Salad | 2 | 10 0 | French | VEGETARIAN GLUTEN_FREE | Salad, Autumn | Something soft, something bitter, something that cracks.
2 pears; 60 g walnuts, toasted; 100 g spinach; 80 g feta; 2 tbsp olive oil; 1 tbsp balsamic vinegar; 1 tsp honey
Shake oil, vinegar and honey. / Slice the pears at the last moment.

Chocolate Pots | 6 | 15 0 | French | VEGETARIAN GLUTEN_FREE | Dessert | Three ingredients and a fridge.
200 g dark chocolate; 300 ml cream; 2 tbsp sugar; 1 pinch salt
Heat cream and sugar, pour over the chocolate, wait, stir from the middle. / Chill for three hours.
`

const CHEFS = ['chiyo', 'chiyo', 'bram'] as const

const parts = (text: string, separator: string): string[] =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')

function parseCard(card: string, place: number): DemoRecipe {
  const [head = '', ingredients = '', steps = ''] = card.split('\n')
  const [title = '', servings, minutes = '', cuisine, diets = '', labels = '', summary] = head
    .split('|')
    .map((part) => part.trim())
  const [prepMinutes, cookMinutes] = minutes.split(' ').map(Number)
  let group = ''
  const lines = parts(ingredients, ';').flatMap((text) => {
    if (text.startsWith('Of:')) {
      group = text.slice(3).trim()
      return []
    }
    const line = readIngredientLine(text)
    if (line === null) return []
    const { quantity, upTo, unit, food, note, isOptional } = line
    return [
      {
        group,
        quantity: quantity?.toFraction(true),
        upTo: upTo?.toFraction(true),
        unit: unit?.code,
        food,
        note,
        isOptional,
      },
    ]
  })
  return {
    chef: CHEFS[place % CHEFS.length] ?? 'chiyo',
    daysAgo: 3 + place * 4,
    recipe: {
      title,
      servings: Number(servings),
      prepMinutes,
      cookMinutes,
      cuisine,
      diets: parts(diets, ' ') as RecipeDiet[],
      labels: parts(labels, ','),
      summary,
      ingredients: lines,
      steps: parts(steps, ' / ').map((body) => ({ body })),
    },
  }
}

export const DEMO_RECIPES: readonly DemoRecipe[] = CARDS.trim().split('\n\n').map(parseCard)
