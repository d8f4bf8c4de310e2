/** What is done to a food or how it looks, which does not make another food of it. */
const DESCRIPTIONS: ReadonlySet<string> = new Set(
  `large medium small big extra heaped level generous ripe organic free range fresh freshly finely roughly coarsely thinly
   thickly lightly well chopped diced sliced peeled crushed grated shredded minced cubed halved quartered trimmed rinsed drained
   cooked uncooked raw toasted melted softened cold warm beaten washed pitted seeded deseeded good quality of`.split(
    /\s+/,
  ),
)

const words = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/** Only so far that both sides of a comparison come out alike; it need not be a word. */
function singular(word: string): string {
  if (word.length < 4 || /(?:ss|us)$/.test(word)) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (/(?:oes|ches|shes|xes)$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

const joined = (list: readonly string[]): string =>
  [...list.slice(0, -1), ...list.slice(-1).map(singular)].join(' ').slice(0, 200)

/** The form in which names of foods are compared: `Crème fraîche` and `creme fraiche`, `Onions` and `onion`. */
export const foodKey = (text: string): string => joined(words(text))

/** Where to look for a food, the likeliest first: as it is called, and without what was done to it. */
export function foodKeys(text: string): string[] {
  const all = words(text)
  const plain = all.filter((word) => !DESCRIPTIONS.has(word))
  return [...new Set([joined(all), joined(plain)])].filter((key) => key !== '')
}
