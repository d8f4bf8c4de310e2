import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkInput } from '../../input.ts'
import { newRecipeInput } from '../content.ts'
import { readIngredientLine } from './ingredient-line.ts'
import { readPage } from './page.ts'
import { plainText } from './plain-text.ts'
import { readStructured } from './structured.ts'

const PAGES = join(import.meta.dirname, '../../../../test/fixtures/recipe-pages')
const page = (name: string): string => readFileSync(join(PAGES, `${name}.html`), 'utf8')
const recipeOf = (html: string) => {
  const reading = readPage(html)
  if ('problem' in reading) throw new Error(reading.problem)
  return reading.read
}
const read = (name: string) => recipeOf(page(name))

describe('a page with', () => {
  test('a graph: sections, durations, entities, figures in other units', () => {
    const { recipe, author, imageUrls, unread } = read('graph')
    expect(recipe).toMatchObject({
      title: 'Plum & Rye Traybake',
      summary: 'A sturdy cake for the end of summer: tart plums, dark flour, brown sugar.',
      servings: 12,
      makes: '12 squares',
      prepMinutes: 20,
      cookMinutes: 40,
      totalMinutes: 75,
      cuisine: 'German',
      diets: ['VEGETARIAN'],
      labels: ['Cake', 'plums', 'Traybake'],
      nutrition: { energyKcal: '318', proteinG: '4.5', fatG: '15.2', sodiumMg: '210' },
    })
    expect(recipe.ingredients?.slice(5)).toEqual([
      { quantity: '1 1/2', upTo: null, unit: 'tsp', food: 'baking powder', note: '', isOptional: false },
      { quantity: '1/2', upTo: null, unit: 'tsp', food: 'salt', note: '', isOptional: false },
      { quantity: '600', upTo: null, unit: 'g', food: 'plums', note: 'about 10, halved', isOptional: false },
      { quantity: '1', upTo: '2', unit: 'tbsp', food: 'sugar', note: 'for the top', isOptional: false },
    ])
    expect(recipe.steps).toEqual([
      { body: 'Heat the oven to 180 °C and line a tin of 20 × 30 cm.', section: 'The batter', minutes: null },
      { body: 'Beat butter and sugar until pale, then the eggs, one by one.', section: 'The batter', minutes: null },
      {
        body: 'Fold in both flours with baking powder and salt. Do \\*not\\* beat any more.',
        section: 'The batter',
        minutes: null,
      },
      { body: 'Press the plums in, cut side up, and scatter the sugar over them.', section: 'The top', minutes: null },
      { body: 'Wait for a moment.', section: 'The top', minutes: null },
      { body: 'Bake until a skewer comes out clean.', section: 'The top', minutes: 40 },
    ])
    expect(author).toBe('Odile Brandt')
    expect(imageUrls).toEqual([
      'https://windowsill.example/img/plum-rye-500x500.jpg',
      'https://windowsill.example/img/plum-rye-500x375.jpg',
    ])
    expect(unread.map(({ field, text }) => [field, text])).toEqual([
      ['diets', 'https://schema.org/NotAThingDiet'],
      ['nutrition.fibreG', 'a lot'],
    ])
  })

  test('an array in a comment, lists as texts, and a second block that is broken', () => {
    const { recipe, unread, author } = read('array')
    expect(recipe).toMatchObject({
      title: 'Lemon Lentil Soup',
      servings: 4,
      makes: '',
      prepMinutes: 10,
      cookMinutes: null,
      diets: ['VEGAN'],
      labels: ['soup'],
    })
    expect(author).toBe('T. Abara')
    expect(recipe.ingredients?.map(({ quantity, unit, food, note }) => [quantity, unit, food, note])).toEqual([
      ['1', null, 'onion', 'chopped'],
      ['2', 'tbsp', 'olive oil', ''],
      ['250', 'g', 'red lentils', ''],
      ['1 1/5', 'l', 'vegetable stock', ''],
      [null, null, 'juice of 1 lemon', ''],
      [null, null, 'salt & pepper', 'to taste'],
    ])
    expect(recipe.steps?.map(({ body }) => body)).toEqual([
      'Soften the onion in the oil.',
      'Add lentils and stock; simmer until soft.',
      'Stir in the lemon juice.',
    ])
    expect(unread).toEqual([{ field: 'cookMinutes', message: expect.any(String), text: 'about half an hour' }])
  })

  test('microdata', () => {
    const { recipe, author, imageUrls, unread } = read('microdata')
    expect(recipe).toMatchObject({
      title: 'Grandfather’s Potato Salad',
      summary: 'Warm, with broth and mustard. No mayonnaise.',
      servings: 6,
      prepMinutes: 25,
      totalMinutes: 60,
      diets: ['VEGAN'],
      nutrition: { energyKcal: '290' },
    })
    expect(author).toBe('Ida Krol')
    expect(imageUrls).toEqual(['https://attic.example/potato-salad.jpg'])
    expect(recipe.ingredients?.map(({ quantity, unit, food }) => [quantity, unit, food])).toEqual([
      ['1', 'kg', 'waxy potatoes'],
      ['250', 'ml', 'hot vegetable stock'],
      ['2', 'tbsp', 'mustard'],
    ])
    expect(recipe.steps).toHaveLength(3)
    expect(unread).toEqual([])
  })

  test('references: author and picture stand elsewhere in the graph, and what points at nothing is no name', () => {
    const { recipe, author, imageUrls, unread } = read('references')
    expect(author).toBe('Wanda Okoro')
    expect(imageUrls).toEqual(['https://harbour.example/chowder.jpg'])
    expect(recipe).toMatchObject({ title: 'Smoked Fish Chowder', servings: 2, nutrition: { energyKcal: '410' } })
    expect(recipe.steps?.map(({ body, section }) => [section, body])).toEqual([
      ['', 'Warm the milk with the fish.'],
      ['', 'Add potatoes and leeks.'],
    ])
    expect(unread).toEqual([])
    const alone =
      '<script type="application/ld+json">{"@type":"Recipe","name":"X","author":{"@id":"https://a.example/#me"}}</script>'
    expect(recipeOf(alone).author).toBeNull()
  })

  test('things that point at each other, and at themselves: each is read once', () => {
    const many = (id: string) => Array.from({ length: 40 }, () => ({ '@id': id }))
    const graph = [
      { '@id': '#r', '@type': 'Recipe', name: 'Loop', recipeInstructions: many('#0') },
      ...Array.from({ length: 9 }, (_, at) => ({
        '@id': `#${at}`,
        '@type': 'HowToSection',
        itemListElement: [...many(`#${at}`), ...many(`#${at + 1}`)],
      })),
      { '@id': '#9', '@type': 'HowToStep', text: 'Stir.' },
    ]
    const html = `<script type="application/ld+json">${JSON.stringify({ '@graph': graph })}</script>`
    const { recipe } = recipeOf(html)
    expect(recipe.title).toBe('Loop')
    expect(recipe.steps?.map(({ body }) => body)).toEqual(['Stir.'])
  })

  test('microdata whose steps are blocks and lines, and whose ingredients are made of blocks', () => {
    const { recipe } = recipeOf(
      `<div itemscope itemtype="https://schema.org/Recipe"><h1 itemprop="name">Porridge</h1>
       <ul><li itemprop="recipeIngredient"><div>2 cups</div> <div>oats</div></li></ul>
       <div itemprop="recipeInstructions"><h3>First</h3><div>Boil the oats.</div><div>Stir.<br>Serve.</div></div></div>`,
    )
    expect(recipe.ingredients).toMatchObject([{ quantity: '2', unit: 'cup', food: 'oats' }])
    expect(recipe.steps?.map(({ body }) => body)).toEqual(['First', 'Boil the oats.', 'Stir.', 'Serve.'])
  })

  test('next to nothing: a recipe all the same, and everything that is missing is listed', () => {
    const { recipe, unread } = read('bare')
    expect(recipe).toMatchObject({ title: 'Untitled recipe', servings: 1, ingredients: [], steps: [] })
    expect(unread.map(({ field }) => field)).toEqual(['title', 'servings', 'ingredients', 'steps'])
  })

  test.each([
    ['broken', 'BROKEN_JSON_LD'],
    ['plain', 'NO_RECIPE'],
  ])('%s data: %s', (name, reason) => {
    expect(readPage(page(name))).toEqual({ problem: reason })
  })
})

const script = (json: string) => `<script type="application/ld+json">${json}</script>`
const recipeScript = (said: object) => script(JSON.stringify({ '@type': 'Recipe', name: 'X', ...said }))

test.each([
  ['a hundred thousand brackets', script('['.repeat(100_000)), 'BROKEN_JSON_LD'],
  ['nested arrays', script('['.repeat(5_000) + ']'.repeat(5_000)), 'NO_RECIPE'],
  ['things in things', '<div itemscope itemprop=x>'.repeat(50_000), 'TOO_COMPLEX'],
  ['many texts of texts', '<p itemprop=a>'.repeat(20_000), 'NO_RECIPE'],
  // Each of these kept the parser, and everybody else, for minutes.
  ['a million tags that nobody closes', '<b>'.repeat(1_000_000), 'TOO_COMPLEX'],
  ['tags that nobody opened', '<b>'.repeat(999) + '</i>'.repeat(400_000), 'NO_RECIPE'],
  ['tags within a text', recipeScript({ name: '<b>'.repeat(300_000) }), 'TOO_COMPLEX'],
])('%s do no harm', (_, html, problem) => {
  expect(readPage(html)).toEqual({ problem })
})

describe('a line that takes long to take apart is cut before', () => {
  test.each([
    ['one word', `1 ${'a'.repeat(400_000)}!`],
    ['one remark again and again', `1 cup x${' optional'.repeat(100_000)}`],
    ['brackets', `1 cup ${'('.repeat(400_000)}`],
    ['digits', '1'.repeat(400_000)],
  ])('%s', (_, line) => {
    const { recipe, unread } = recipeOf(recipeScript({ recipeIngredient: [line] }))
    expect(recipe.ingredients).toHaveLength(1)
    expect([...(recipe.ingredients?.[0]?.food ?? '')].length).toBeLessThanOrEqual(120)
    expect(unread.map(({ field }) => field)).toContain('ingredients')
  })

  test('and lines as people write them are not', () => {
    const line = `2 cups ${'finely '.repeat(15)}chopped nuts`
    expect(recipeOf(recipeScript({ recipeIngredient: [line] })).recipe.ingredients?.[0]?.food).toBe(
      readIngredientLine(line)?.food,
    )
  })
})

test('one element is the value of a property once, and of no more than anybody writes', () => {
  const many = Array.from({ length: 5_000 }, (_, n) => `p${n}`).join(' ')
  const { items } = readStructured(`<div itemscope itemtype="Recipe"><b itemprop="a a ${many}">text</b></div>`)
  expect(items[0]?.properties.get('a')).toEqual(['text'])
  expect(items[0]?.properties.size).toBe(20)
})

test('names that objects have by themselves are plain names', () => {
  const html =
    '<script type="application/ld+json">{"@type":"Recipe","name":"X","__proto__":{"polluted":"yes"},"constructor":"y"}</script>'
  expect(recipeOf(html).recipe.title).toBe('X')
  expect(({} as { polluted?: string }).polluted).toBeUndefined()
})

test('whatever a page says, what is read of it can be kept as a draft', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(
      'PT5M',
      '4',
      '100000 servings',
      '1 cup flour',
      '\u0000',
      '<b>',
      '٤',
      '5'.repeat(300),
      'x'.repeat(6_000),
    ),
  )
  const value: fc.Arbitrary<unknown> = fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(text, { maxLength: 4 }),
    fc.record({
      '@type': fc.constantFrom('HowToStep', 'HowToSection', 'ImageObject', 'Person'),
      name: text,
      text,
      itemListElement: fc.array(fc.record({ text })),
    }),
  )
  const names = [
    'name',
    'description',
    'recipeYield',
    'prepTime',
    'totalTime',
    'recipeCuisine',
    'suitableForDiet',
    'keywords',
    'nutrition',
    'recipeIngredient',
    'recipeInstructions',
    'image',
    'author',
  ]
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (said) => {
      const html = `<script type="application/ld+json">${JSON.stringify({ '@type': 'Recipe', ...said }).replaceAll('<', '\\u003c')}</script>`
      const { recipe } = recipeOf(html)
      expect(() => checkInput(newRecipeInput, recipe)).not.toThrow()
    }),
    { numRuns: 300 },
  )
})

test('text of tags: blocks are lines, scripts are silent, entities are characters', () => {
  expect(plainText('<p>A&nbsp;b</p><p>c<br/>d <script>x()</script>&amp; e</p>\u0007')).toBe('A b\nc\nd & e')
  expect(readStructured('<p>nothing</p>')).toEqual({ items: [], brokenBlocks: 0 })
})
