import type { SeatMap } from '../../db/queries/cinema/seat-map.ts'
import type { SeatType } from './rules.ts'

/** A seat of one showtime, as far as choosing needs to know it. */
export interface Place {
  readonly id: string
  readonly rowIndex: number
  readonly columnIndex: number
  readonly type: SeatType
  readonly pair: number | null
  readonly isFree: boolean
}

export interface Point {
  readonly rowIndex: number
  readonly columnIndex: number
}

export interface PickOptions {
  count: number
  /** Only seats of this type. Unless told: standard and premium; sofas and wheelchair places are taken on purpose. */
  type?: SeatType | undefined
  /** Where the seats should be near to; the middle of the row two thirds back unless told. */
  near?: Point | undefined
  allowsSingleSeats: boolean
}

/** Free seats that stand side by side. */
type Run = readonly Place[]

/** Row by row: a gap, a blocked or a taken seat ends a run. */
function runsOf(places: readonly Place[]): Run[] {
  const free = places
    .filter(({ isFree }) => isFree)
    .sort((a, b) => a.rowIndex - b.rowIndex || a.columnIndex - b.columnIndex)
  const runs: Place[][] = []
  for (const place of free) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (last?.rowIndex === place.rowIndex && last.columnIndex === place.columnIndex - 1) run?.push(place)
    else runs.push([place])
  }
  return runs
}

const isOrdinary = (place: Place | undefined): boolean => place?.type === 'STANDARD' || place?.type === 'PREMIUM'

/**
 * The seats that a choice would leave alone: single ones between taken seats, gaps and walls, which hardly anybody buys. It counts
 * only where it could be avoided, as it cannot where the run has just one seat more than is taken from it.
 */
export const seatsLeftAlone = (places: readonly Place[], chosen: ReadonlySet<string>): Place[] =>
  leftAloneIn(runsOf(places), chosen)

const leftAloneIn = (runs: readonly Run[], chosen: ReadonlySet<string>): Place[] =>
  runs.flatMap((run) => {
    const left = run.filter(({ id }) => !chosen.has(id))
    if (left.length === run.length || left.length < 2) return []
    return runsOf(left)
      .filter((piece) => piece.length === 1)
      .flat()
      .filter(isOrdinary)
  })

/** A row further away is worse than a seat further aside: heads of people who know each other stay on one line. */
const ROW_WEIGHT = 1.6

const distance = (place: Point, to: Point): number =>
  ((place.rowIndex - to.rowIndex) * ROW_WEIGHT) ** 2 + (place.columnIndex - to.columnIndex) ** 2

const centreOf = (points: readonly Point[]): Point => ({
  rowIndex: points.reduce((sum, { rowIndex }) => sum + rowIndex, 0) / points.length,
  columnIndex: points.reduce((sum, { columnIndex }) => sum + columnIndex, 0) / points.length,
})

/** Where sound and picture are made for. */
export function sweetSpot(places: readonly Place[]): Point {
  const rows = places.map(({ rowIndex }) => rowIndex)
  const columns = places.map(({ columnIndex }) => columnIndex)
  const first = Math.min(...rows)
  return {
    rowIndex: first + (Math.max(...rows) - first) * (2 / 3),
    columnIndex: (Math.min(...columns) + Math.max(...columns)) / 2,
  }
}

/** So many seats of a run, side by side. */
interface Block {
  readonly run: Run
  readonly from: number
  readonly to: number
}

const seatsOf = ({ run, from, to }: Block): Run => run.slice(from, to)

/** Two halves stand side by side, so only a sofa at an end can be cut in two. */
function splitsSofa({ run, from, to }: Block): boolean {
  const [first, last] = [run[from]?.pair ?? null, run[to - 1]?.pair ?? null]
  if (first !== null && (to - from < 2 || run[from + 1]?.pair !== first)) return true
  return last !== null && run[to - 2]?.pair !== last
}

/** As `seatsLeftAlone`, for seats that are taken from one run side by side. */
function leavesAlone({ run, from, to }: Block): boolean {
  const after = run.length - to
  if (from + after < 2) return false
  return (from === 1 && isOrdinary(run[0])) || (after === 1 && isOrdinary(run.at(-1)))
}

/**
 * Seats that a choice may look at. Groups can be made of ten seats in five hundred ways, and all would be tried in a large
 * house that is nearly full: by each buyer, while nobody else is served. Houses of some hundred seats are tried whole.
 */
const MAX_LOOKS = 50_000

/** What is left of that. */
interface Patience {
  looks: number
}

interface Search extends PickOptions {
  readonly patience: Patience
  readonly target: Point
}

const suits = ({ type }: Pick<PickOptions, 'type'>, place: Place | undefined): boolean =>
  type === undefined ? isOrdinary(place) : place?.type === type

/** Side by side in one row, nearest to the target. */
function bestBlock(runs: readonly Run[], search: Search): Block | null {
  const { count, target, allowsSingleSeats, patience } = search
  let best: Block | null = null
  let bestScore = Number.POSITIVE_INFINITY
  for (const run of runs) {
    if (run.length < count) continue
    patience.looks -= run.length
    /** How many seats that suit stand side by side up to here. */
    let suited = 0
    for (let at = 0; at < run.length; at++) {
      suited = suits(search, run[at]) ? suited + 1 : 0
      if (suited < count) continue
      const block = { run, from: at + 1 - count, to: at + 1 }
      if (splitsSofa(block)) continue
      patience.looks -= count
      const score = seatsOf(block).reduce((sum, place) => sum + distance(place, target), 0)
      if (score >= bestScore || (!allowsSingleSeats && leavesAlone(block))) continue
      best = block
      bestScore = score
    }
  }
  return best
}

/** What is left of the runs without a block. */
const without = (runs: readonly Run[], { run, from, to }: Block): Run[] =>
  runs.flatMap((each) =>
    each === run ? [run.slice(0, from), run.slice(to)].filter(({ length }) => length > 0) : [each],
  )

function pickFrom(runs: readonly Run[], search: Search): Run | null {
  const { count, patience } = search
  const together = bestBlock(runs, search)
  if (together !== null) return seatsOf(together)
  const longest = Math.max(0, ...runs.map(({ length }) => length))
  for (let size = Math.min(count - 1, longest); size > 0 && patience.looks > 0; size--) {
    const block = bestBlock(runs, { ...search, count: size })
    if (block === null) continue
    const first = seatsOf(block)
    const rest = pickFrom(without(runs, block), { ...search, count: count - size, target: centreOf(first) })
    if (rest === null) return null
    const all = [...first, ...rest]
    patience.looks -= runs.reduce((sum, { length }) => sum + length, 0)
    if (search.allowsSingleSeats || leftAloneIn(runs, new Set(all.map(({ id }) => id))).length === 0) return all
  }
  return null
}

/**
 * The best free seats: side by side if there are so many, otherwise in as few groups as near to each other as there are.
 * Null when there are not enough.
 */
export function pickSeats(places: readonly Place[], options: PickOptions): Place[] | null {
  if (places.length === 0) return null
  const target = options.near ?? sweetSpot(places)
  const runs = runsOf(places).filter((run) => run.some((place) => suits(options, place)))
  const picked = pickFrom(runs, { ...options, target, patience: { looks: MAX_LOOKS } })
  return picked === null ? null : [...picked]
}

/** Free seats instead of the ones that were wanted: as many, of the same type where all were of one, as near as there are. */
export function alternativesTo(
  places: readonly Place[],
  wanted: ReadonlySet<string>,
  allowsSingleSeats: boolean,
): Place[] {
  const seats = places.filter(({ id }) => wanted.has(id))
  const types = new Set(seats.map(({ type }) => type))
  const [only] = types
  if (only === undefined) return []
  const type = types.size === 1 && (only === 'ACCESSIBLE' || only === 'COUPLE') ? only : undefined
  return pickSeats(places, { count: seats.length, type, near: centreOf(seats), allowsSingleSeats }) ?? []
}

export const placesOf = (map: SeatMap): Place[] =>
  map.seats.map((seat) => ({ ...seat, isFree: seat.status === 'FREE' }))
