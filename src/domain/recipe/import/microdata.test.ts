import { describe, expect, test } from 'vitest'
import { Budget, type Item, isItem, MAX_VALUES } from './item.ts'
import { Microdata } from './microdata.ts'
import { readPage } from './page.ts'
import { readStructured } from './structured.ts'

const recipeOf = (html: string) => {
  const reading = readPage(html)
  if ('problem' in reading) throw new Error(reading.problem)
  return reading.read
}

describe('a page with', () => {
  test('microdata that stands apart, and is referred to', () => {
    const { recipe, author, imageUrls, unread } = recipeOf(`
      <ol id="steps"><li itemprop="recipeInstructions">Mix.</li><li itemprop="recipeInstructions">Bake.</li></ol>
      <div itemscope itemtype="https://schema.org/Recipe" itemref="list picture none steps who list">
        <h1 itemprop="name">Soda bread</h1><span itemprop="recipeYield">6</span>
        <p itemprop="recipeIngredient">500 g flour</p>
      </div>
      <aside><ul id="list"><li itemprop="recipeIngredient">1 tsp salt</li>
        <li id="inner" itemprop="recipeIngredient">400 ml buttermilk</li></ul></aside>
      <ul id="list"><li itemprop="recipeIngredient">nothing of a second list</li></ul>
      <img id="picture" itemprop="image" src="https://bread.example/loaf.jpg">
      <p id="unwanted" itemprop="recipeIngredient">1 unasked thing</p>
      <div id="who"><div itemprop="author" itemscope itemtype="https://schema.org/Person" itemref="her">by</div></div>
      <span id="her"><b itemprop="name">Nora Quill</b></span>`)
    expect(recipe).toMatchObject({ title: 'Soda bread', servings: 6 })
    expect(recipe.ingredients?.map(({ food }) => food)).toEqual(['flour', 'salt', 'buttermilk'])
    expect(recipe.steps?.map(({ body }) => body)).toEqual(['Mix.', 'Bake.'])
    expect([author, imageUrls, unread]).toEqual(['Nora Quill', ['https://bread.example/loaf.jpg'], []])
  })

  test('microdata that is reached in two ways, once and in the order of the page', () => {
    const { items } = readStructured(`
      <div id="a"><i itemprop="x">1</i><div id="b"><i itemprop="x">2</i></div></div>
      <div itemscope itemref="b own a"><i itemprop="x">3</i><i id="own" itemprop="x">4</i></div><i itemprop="x">none</i>`)
    expect(items.map(({ properties }) => properties.get('x'))).toEqual([['1', '2', '3', '4']])
  })

  test.each([
    ['itself', '<div id="me" itemprop="x" itemscope itemref="me"><i itemprop="n">1</i></div>'],
    ['what is around it', '<div id="me"><i itemprop="n">1</i><p itemprop="x" itemscope itemref="me"></p></div>'],
    [
      'each other',
      '<div itemscope itemref="b"><i itemprop="n">1</i></div><p id="a" itemprop="x" itemscope itemref="b"><i itemprop="n">1</i></p><p id="b" itemprop="x" itemscope itemref="a"><i itemprop="n">1</i></p>',
    ],
    [
      'a long row of others',
      Array.from(
        { length: 500 },
        (_, n) => `<p id="i${n}" itemprop="x" itemscope itemref="i${n + 1} i0"><i itemprop="n">1</i></p>`,
      ).join(''),
    ],
  ])('microdata that refers to %s comes to an end', (_, html) => {
    const depth = (item: Item): number =>
      1 + Math.max(0, ...[...item.properties.values()].flat().map((value) => (isItem(value) ? depth(value) : 0)))
    const { items } = readStructured(html)
    expect(items.length).toBeGreaterThan(0)
    for (const item of items) {
      expect(depth(item)).toBeLessThan(100)
      expect(item.properties.get('n')).toEqual(['1'])
    }
  })

  test('microdata in parts within parts costs no more than its elements when the budget is used up', () => {
    let asked = 0
    class Counted extends Budget {
      override spend(): boolean {
        asked += 1
        return super.spend()
      }
    }
    const ids = Array.from({ length: 900 }, (_, n) => `part${n}`)
    const names = Array.from({ length: 20 }, (_, n) => `name${n}`).join(' ')
    const microdata = new Microdata(new Set(ids), new Counted())
    for (let n = 0; n < ids.length; n += 20) {
      microdata.open('div', { itemscope: '', itemref: ids.slice(n, n + 20).join(' ') })
      microdata.close('div')
    }
    for (const id of ids) microdata.open('div', { id })
    const elements = 2_000
    for (let n = 0; n < elements; n += 1) microdata.open('meta', { itemprop: names, content: 'x' })
    // Each is asked for once more at most: those elements, and the parts that things refer to.
    expect(asked).toBeGreaterThanOrEqual(MAX_VALUES)
    expect(asked).toBeLessThanOrEqual(MAX_VALUES + elements)
    expect(microdata.items()).toHaveLength(45)
    expect(asked).toBeLessThanOrEqual(MAX_VALUES + elements + ids.length)
  })
})
