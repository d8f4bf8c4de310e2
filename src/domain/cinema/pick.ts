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

/** Free seats that stand side by side, row by row: a gap, a blocked or a taken seat ends a run. */
function runsOf(places: readonly Place[]): Place[][] {
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

/**
 * The seats that a choice would leave alone: single ones between taken seats, gaps and walls, which hardly anybody buys. It counts
 * only where it could be avoided, as it cannot where the run has just one seat more than is taken from it.
 */
export function seatsLeftAlone(places: readonly Place[], chosen: ReadonlySet<string>): Place[] {
  return runsOf(places).flatMap((run) => {
    const left = run.filter(({ id }) => !chosen.has(id))
    if (left.length === run.length || left.length < 2) return []
    return runsOf(left)
      .filter((piece) => piece.length === 1)
      .flat()
      .filter(({ type }) => type === 'STANDARD' || type === 'PREMIUM')
  })
}

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

const isWhole = (chosen: readonly Place[]): boolean => {
  const halves = new Map<number, number>()
  for (const { pair } of chosen) if (pair !== null) halves.set(pair, (halves.get(pair) ?? 0) + 1)
  return [...halves.values()].every((count) => count === 2)
}

/** Side by side in one row, nearest to the target. */
function bestRow(places: readonly Place[], { count, type, near, allowsSingleSeats }: PickOptions): Place[] | null {
  const target = near ?? sweetSpot(places)
  const suits = (place: Place): boolean =>
    type === undefined ? place.type === 'STANDARD' || place.type === 'PREMIUM' : place.type === type
  let best: Place[] | null = null
  let bestScore = Number.POSITIVE_INFINITY
  for (const run of runsOf(places)) {
    for (let from = 0; from + count <= run.length; from++) {
      const block = run.slice(from, from + count)
      if (!block.every(suits) || !isWhole(block)) continue
      const score = block.reduce((sum, place) => sum + distance(place, target), 0)
      if (score >= bestScore) continue
      if (!allowsSingleSeats && seatsLeftAlone(run, new Set(block.map(({ id }) => id))).length > 0) continue
      best = block
      bestScore = score
    }
  }
  return best
}

/**
 * The best free seats: side by side if there are so many, otherwise in as few groups as near to each other as there are.
 * Null when there are not enough.
 */
export function pickSeats(places: readonly Place[], options: PickOptions): Place[] | null {
  if (places.length === 0) return null
  const together = bestRow(places, options)
  if (together !== null) return together
  for (let size = options.count - 1; size > 0; size--) {
    const first = bestRow(places, { ...options, count: size })
    if (first === null) continue
    const taken = new Set(first.map(({ id }) => id))
    const rest = pickSeats(
      places.map((place) => (taken.has(place.id) ? { ...place, isFree: false } : place)),
      { ...options, count: options.count - size, near: centreOf(first) },
    )
    if (rest === null) return null
    const all = [...first, ...rest]
    const ids = new Set(all.map(({ id }) => id))
    if (options.allowsSingleSeats || seatsLeftAlone(places, ids).length === 0) return all
  }
  return null
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
