import { toRatio } from '../../../core/quantity.ts'
import type { IngredientInput, NewRecipe, NutritionInput, StepInput } from '../content.ts'
import { MAX_INGREDIENTS, MAX_LABELS, MAX_SERVINGS, MAX_STEPS, RECIPE_DIETS, type RecipeDiet } from '../rules.ts'
import { durationMinutes } from './duration.ts'
import { readIngredientLine } from './ingredient-line.ts'
import { type Item, isItem, type Value } from './item.ts'
import { plainText } from './plain-text.ts'

/** Something on a page that did not become part of the recipe. */
export interface Unread {
  /** Of the recipe: `ingredients`, `cookMinutes`. */
  readonly field: string
  readonly message: string
  /** As the page has it, shortened. */
  readonly text: string
}

export interface ReadRecipe {
  readonly recipe: NewRecipe
  readonly author: string | null
  /** Addresses on the web; nothing is fetched from there. */
  readonly imageUrls: readonly string[]
  readonly unread: readonly Unread[]
}

const MAX_IMAGE_URLS = 10
/** Of an ingredient; what is longer is cut before it is taken apart, which takes longer than it is long. */
const MAX_LINE = 1_000

const cut = (text: string, length: number): string => {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

const oneLine = (text: string, length: number): string => cut(plainText(text).replaceAll('\n', ' '), length).trim()

/** Of a recipe of schema.org; whatever cannot be read is listed, and the rest is read all the same. */
export function readRecipe(item: Item): ReadRecipe {
  const unread: Unread[] = []
  const missed = (field: string, message: string, text: string): void => {
    if (unread.length < 100) unread.push({ field, message, text: oneLine(text, 200) })
  }
  const values = (...names: string[]): readonly Value[] =>
    names.map((name) => item.properties.get(name) ?? []).find((list) => list.length > 0) ?? []
  const texts = (...names: string[]): string[] => values(...names).flatMap(textOf)

  const minutes = (field: string, name: string): number | null => {
    const [text] = texts(name)
    if (text === undefined || text.trim() === '') return null
    const read = durationMinutes(text)
    if (read !== null && read <= 43_200) return read
    missed(field, 'This is no duration that can be kept.', text)
    return null
  }

  const title = oneLine(texts('name', 'headline')[0] ?? '', 200)
  if (title === '') missed('title', 'The page does not say what it is called.', '')
  const prepMinutes = minutes('prepMinutes', 'prepTime')
  const cookMinutes = minutes('cookMinutes', 'cookTime')
  const totalMinutes = minutes('totalMinutes', 'totalTime')
  const { servings, makes } = readYield(texts('recipeYield', 'yield'), missed)
  return {
    recipe: {
      title: title === '' ? 'Untitled recipe' : title,
      summary: cut(plainText(texts('description')[0] ?? ''), 2_000),
      servings,
      makes,
      prepMinutes,
      cookMinutes,
      // Nothing at all is what some systems write for what they do not know.
      totalMinutes: totalMinutes === 0 ? null : totalMinutes,
      cuisine: oneLine(texts('recipeCuisine')[0] ?? '', 40),
      diets: readDiets(texts('suitableForDiet'), missed),
      labels: readLabels([...texts('recipeCategory'), ...texts('keywords')]),
      nutrition: readNutrition(values('nutrition').find(isItem), missed),
      ingredients: readIngredients(texts('recipeIngredient', 'ingredients'), missed),
      steps: readSteps(values('recipeInstructions', 'instructions'), missed),
    },
    // A reference to a person of whom the page says nothing is an address, and no name.
    author: oneLine(texts('author').find((text) => !/^https?:/i.test(text)) ?? '', 120) || null,
    imageUrls: readImages(values('image', 'thumbnailUrl')),
    unread,
  }
}

type Missed = (field: string, message: string, text: string) => void

/** The words of a value: of a thing its text, its name or its address. */
function textOf(value: Value): string[] {
  if (!isItem(value)) return [value]
  for (const name of ['text', 'name', 'url', '@id']) {
    const [first] = value.properties.get(name) ?? []
    if (first !== undefined && !isItem(first)) return [first]
  }
  return []
}

/** `4`, `4 servings`, `Serves 4–6`, `24 biscuits`: how many, and what comes out where that are no servings. */
function readYield(texts: readonly string[], missed: Missed): { servings: number; makes: string } {
  const said = texts.map((text) => oneLine(text, 80)).filter((text) => text !== '')
  const counts = said.map((text) => Number(/\d{1,4}/.exec(text)?.[0] ?? 0))
  const servings = counts.find((count) => count >= 1 && count <= MAX_SERVINGS)
  if (servings === undefined) missed('servings', 'It does not say how many it serves; 1 is a guess.', said.join(', '))
  const makes = said.find(
    (text) => !/^\D{0,12}\d+(?:\s*(?:-|–|to)\s*\d+)?\s*(?:servings?|serves|people|persons?|portions?)?\.?$/i.test(text),
  )
  return { servings: servings ?? 1, makes: makes ?? '' }
}

function readDiets(texts: readonly string[], missed: Missed): RecipeDiet[] {
  const diets = texts.flatMap((text): RecipeDiet[] => {
    const name = (text.split('/').at(-1) ?? '')
      .replace(/Diet$/i, '')
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .replace(/[\s-]+/g, '_')
      .toUpperCase()
    const found = RECIPE_DIETS.find((diet) => diet === name)
    if (found === undefined && name !== '') missed('diets', 'This diet is not known.', text)
    return found === undefined ? [] : [found]
  })
  return [...new Set(diets)]
}

/** Keywords come one by one, or as one text with commas. */
function readLabels(texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => plainText(text).split(/[,;\n]/)).map((text) => text.trim())
  const fit = words.filter((word) => word.length >= 2 && [...word].length <= 40 && /[a-z0-9]/i.test(word))
  // The first spelling stays.
  const first = new Map<string, string>()
  for (const word of fit) if (!first.has(word.toLowerCase())) first.set(word.toLowerCase(), word)
  return [...first.values()].slice(0, MAX_LABELS)
}

const FIGURES = [
  ['energyKcal', 'calories', /^[^\d]{0,20}?(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:k?cal|calories|kilocalories)?\b/i, 1],
  ['proteinG', 'proteinContent', /^(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:g|grams?)?$/i, 1],
  ['fatG', 'fatContent', /^(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:g|grams?)?$/i, 1],
  ['carbohydrateG', 'carbohydrateContent', /^(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:g|grams?)?$/i, 1],
  ['fibreG', 'fiberContent', /^(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:g|grams?)?$/i, 1],
  ['sodiumMg', 'sodiumContent', /^(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:mg|milligrams?)$/i, 1],
  ['sodiumMg', 'sodiumContent', /^(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:g|grams?)$/i, 1_000],
] as const

function readNutrition(item: Item | undefined, missed: Missed): NutritionInput | null {
  if (item === undefined) return null
  const read: Record<string, string> = {}
  for (const [field, name, pattern, times] of FIGURES) {
    const [text] = (item.properties.get(name) ?? []).flatMap(textOf)
    const figure = text === undefined || /\bkj\b/i.test(text) ? undefined : pattern.exec(plainText(text))?.[1]
    if (figure !== undefined)
      read[field] =
        times === 1 ? figure.replace(',', '.') : String(Math.round(Number(figure.replace(',', '.')) * times))
  }
  for (const [field, name] of FIGURES) {
    const [text] = (item.properties.get(name) ?? []).flatMap(textOf)
    if (text !== undefined && text.trim() !== '' && read[field] === undefined)
      missed(`nutrition.${field}`, 'This figure has no unit that is known.', text)
  }
  return Object.keys(read).length === 0 ? null : read
}

function readIngredients(texts: readonly string[], missed: Missed): IngredientInput[] {
  const lines = texts.flatMap((text) => plainText(text).split('\n')).filter((line) => line !== '')
  if (lines.length === 0) missed('ingredients', 'The page lists none.', '')
  for (const line of lines.slice(MAX_INGREDIENTS))
    missed('ingredients', `A recipe has at most ${MAX_INGREDIENTS} of them.`, line)
  return lines.slice(0, MAX_INGREDIENTS).flatMap((line): IngredientInput[] => {
    const read = readIngredientLine(cut(line, MAX_LINE))
    if (read === null) return []
    const { quantity, upTo, unit, isOptional } = read
    if (quantity === null && /^\d/.test(line))
      missed('ingredients', 'The amount could not be read; the line was kept as it is.', line)
    const [food, note] = [cut(read.food, 120), cut(read.note, 200)]
    if (food !== read.food || note !== read.note || line.length > MAX_LINE)
      missed('ingredients', 'This line is too long, and was shortened.', line)
    const text = (value: typeof quantity): string | null => {
      if (value === null) return null
      const { numerator, denominator } = toRatio(value)
      return denominator === 1
        ? String(numerator)
        : `${Math.floor(numerator / denominator)} ${numerator % denominator}/${denominator}`.replace(/^0 /, '')
    }
    return [{ quantity: text(quantity), upTo: text(upTo), unit: unit?.code ?? null, food, note, isOptional }]
  })
}

/** Texts, steps and sections of steps, nested as they come. */
function readSteps(values: readonly Value[], missed: Missed): StepInput[] {
  const steps: StepInput[] = []
  const add = (text: string, section: string, minutes: number | null): void => {
    for (const line of plainText(text).split('\n')) {
      const body = line.replace(/^(?:step\s*)?\d{1,2}[.):]\s+/i, '').trim()
      if (body !== '') steps.push({ body: cut(escapeMarkdown(body), 5_000), section, minutes })
    }
  }
  // Things may point at each other, and at themselves: each is read once.
  const read = new Set<Item>()
  const walk = (value: Value, section: string, depth: number): void => {
    if (!isItem(value)) {
      add(value, section, null)
      return
    }
    if (read.has(value)) return
    read.add(value)
    const inner = value.properties.get('itemListElement') ?? value.properties.get('steps') ?? []
    if (inner.length > 0 && depth < 10) {
      const isSection = value.types.includes('HowToSection')
      const name = isSection ? oneLine((value.properties.get('name') ?? []).flatMap(textOf)[0] ?? '', 80) : section
      for (const each of inner) walk(each, name, depth + 1)
      return
    }
    const [time] = ['totalTime', 'performTime', 'timeRequired']
      .flatMap((name) => value.properties.get(name) ?? [])
      .flatMap(textOf)
    const minutes = time === undefined ? null : durationMinutes(time)
    const [text] = textOf(value)
    if (text !== undefined) add(text, section, minutes !== null && minutes >= 1 && minutes <= 43_200 ? minutes : null)
  }
  for (const value of values) walk(value, '', 0)
  if (steps.length === 0) missed('steps', 'The page lists none.', '')
  for (const { body } of steps.slice(MAX_STEPS)) missed('steps', `A recipe has at most ${MAX_STEPS} of them.`, body)
  return steps.slice(0, MAX_STEPS)
}

/** What looks like Markdown on a page was meant as it stands. */
const escapeMarkdown = (text: string): string => text.replace(/([\\`*_[\]<>#|~])/g, '\\$1')

function readImages(values: readonly Value[]): string[] {
  const urls = values.flatMap((value) => {
    if (!isItem(value)) return [value]
    return (value.properties.get('url') ?? value.properties.get('contentUrl') ?? []).flatMap(textOf)
  })
  const usable = urls
    .map((url) => url.trim())
    .filter((url) => url.length <= 2_000 && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
  return [...new Set(usable)].slice(0, MAX_IMAGE_URLS)
}
