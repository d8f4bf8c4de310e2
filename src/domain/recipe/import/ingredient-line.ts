import { FRACTION_GLYPHS, parseQuantity, type Quantity } from '../../../core/quantity.ts'
import { findUnit, type Unit } from '../units.ts'

/** A line of an ingredient list, taken apart. `food` is never empty. */
export interface IngredientLine {
  readonly quantity: Quantity | null
  readonly upTo: Quantity | null
  readonly unit: Unit | null
  readonly food: string
  readonly note: string
  readonly isOptional: boolean
}

const AMOUNT = `\\d+ \\d+[/\\u2044]\\d+|\\d+ ?[${FRACTION_GLYPHS}]|\\d+[/\\u2044]\\d+|[${FRACTION_GLYPHS}]|\\d{1,3}(?:,\\d{3})+|\\d+(?:[.,]\\d+)?`
const START = new RegExp(
  `^(?:about|approx(?:imately|\\.)?|around|ca\\.?|roughly|~)? ?(${AMOUNT})(?: ?(?:-|–|—|to|or) ?(${AMOUNT}))?(?![\\d])`,
  'i',
)
/** `2 x 400g tins`: the size of each. */
const EACH = /^ ?[x×] ?(\d+(?:[.,]\d+)? ?(?:g|kg|ml|cl|l|oz|lb)\b\.?)/i
/** `1 (14-ounce) can`, `2 14.5-oz cans`. */
const SIZE = /^ ?(?:\(([^()]{1,60})\)|(\d+(?:[.,]\d+)?[- ]?(?:g|ml|oz|ounces?|pounds?|lb)\b\.?)(?= \S))/i
/** `plus 2 tablespoons`, `+ 1 tsp`. */
const PLUS = new RegExp(`^(?:plus|\\+|and) (?:${AMOUNT}) ?[a-z]+\\b\\.?`, 'i')
const WORDS_OF_ONE = /^(?:an?|one) (?=\S)/i
/** What people write behind a food without a comma. */
const TRAILING =
  /\s(?:to taste|as needed|as required|for (?:serving|garnish|dusting|greasing|frying|brushing)|divided|optional)$/i

/** `1,5` is one and a half; `1,000` is a thousand. */
const number = (text: string): Quantity | null =>
  parseQuantity(/^\d{1,3}(?:,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text.replace(',', '.'))

/** The unit that a text begins with, and what is left of the text. */
function leadingUnit(text: string): { unit: Unit; rest: string } | null {
  for (const words of [2, 1]) {
    const head = new RegExp(`^((?:[\\p{L}]+\\.? ?){${words}})(?=$|[ ,(/])`, 'u').exec(text)?.[1] ?? ''
    const unit = head === '' ? null : findUnit(head.replaceAll('.', ''))
    if (unit !== null) return { unit, rest: text.slice(head.length).trim() }
  }
  return null
}

/**
 * Reads a line as cooks write it: `1 ½ cups (200 g) flour, sifted`, `2–3 tbsp oil`, `200g butter`, `a pinch of salt`. What
 * cannot be told apart stays in `food`, so that nothing of the line is lost.
 */
export function readIngredientLine(line: string): IngredientLine | null {
  const text = line
    .replace(/^[\s\-–—•*▢☐·]+(?=\D)/u, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (text === '') return null
  const notes: string[] = []
  let rest = text
  let quantity: Quantity | null = null
  let upTo: Quantity | null = null
  const start = START.exec(rest)
  if (start !== null) {
    quantity = number(start[1] ?? '')
    const end = start[2] === undefined ? null : number(start[2])
    // A range that does not grow, or an amount that is none: the line is taken as it stands.
    if (quantity === null || (start[2] !== undefined && end === null)) return whole(text)
    if (end?.gt(quantity)) upTo = end
    rest = rest.slice(start[0].length).trim()
    for (const pattern of [EACH, SIZE]) {
      const size = pattern.exec(rest)
      if (size === null) continue
      notes.push((size[1] ?? size[2] ?? '').trim())
      rest = rest.slice(size[0].length).trim()
    }
  } else if (WORDS_OF_ONE.test(rest)) {
    const behind = rest.replace(WORDS_OF_ONE, '')
    if (leadingUnit(behind) === null) return { ...whole(text), ...described(text, []) }
    quantity = parseQuantity('1')
    rest = behind
  }
  const found = quantity === null ? null : leadingUnit(rest)
  // `1 clove` alone is the spice.
  const unit = found === null || found.rest === '' ? null : found.unit
  if (found !== null && unit !== null) rest = found.rest
  const plus = PLUS.exec(rest)
  if (plus !== null && quantity !== null) {
    notes.push(plus[0])
    rest = rest.slice(plus[0].length).trim()
  }
  const parts = described(rest.replace(/^of (?=\S)/i, ''), notes)
  return parts.food === '' ? whole(text) : { quantity, upTo, unit, ...parts }
}

/** Parts food from notes: what is in brackets, behind a comma, or only says when. */
function described(text: string, notes: readonly string[]): Pick<IngredientLine, 'food' | 'note' | 'isOptional'> {
  const said = [...notes]
  let food = text.replace(/\(([^()]*)\)/g, (_, inner: string) => {
    if (inner.trim() !== '') said.push(inner.trim())
    return ' '
  })
  const cut = food.search(/,| – | — | - |;/)
  if (cut > 0) {
    said.push(
      food
        .slice(cut)
        .replace(/^(?:,|;| – | — | - )\s*/, '')
        .trim(),
    )
    food = food.slice(0, cut)
  }
  for (let tail = TRAILING.exec(food.trimEnd()); tail !== null; tail = TRAILING.exec(food.trimEnd())) {
    said.push(tail[0].trim())
    food = food.trimEnd().slice(0, tail.index)
  }
  const isOptional = said.some((note) => /\boptional\b/i.test(note))
  const note = said
    .map((each) =>
      each
        .replace(/^optional$/i, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((each) => each !== '')
    .join(', ')
  return { food: food.replace(/\s+/g, ' ').trim(), note, isOptional }
}

const whole = (food: string): IngredientLine => ({
  quantity: null,
  upTo: null,
  unit: null,
  food,
  note: '',
  isOptional: false,
})
