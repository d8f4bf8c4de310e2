import { describe, expect, test } from 'vitest'
import { alternativesTo, type Place, pickSeats, seatsLeftAlone } from './pick.ts'
import { parsePlan } from './plan.ts'

/** Rows as in a plan; `x` is a seat that is taken. Seats are called by row and place from the left, from 1: `A3`. */
function house(...rows: string[]): Place[] {
  const names = 'ABCDEFGHIJKLMNOP'
  const taken = new Set<string>()
  for (const [rowIndex, row] of rows.entries()) {
    for (const [columnIndex, letter] of [...row].entries()) if (letter === 'x') taken.add(`${rowIndex}/${columnIndex}`)
  }
  return parsePlan(rows.map((row, at) => ({ name: names[at] ?? '', seats: row.replaceAll('x', 'S') }))).map((seat) => ({
    id: `${seat.row}${seat.columnIndex + 1}`,
    rowIndex: seat.rowIndex,
    columnIndex: seat.columnIndex,
    type: seat.type,
    pair: seat.pair,
    isFree: !seat.isBlocked && !taken.has(`${seat.rowIndex}/${seat.columnIndex}`),
  }))
}

const names = (places: readonly Place[] | null) => places?.map(({ id }) => id).sort() ?? null

describe('a choice leaves alone', () => {
  test.each([
    ['the seat at the wall', 'SSSSS', ['A2', 'A3'], ['A1']],
    ['the seat between two choices', 'SSSSSS', ['A1', 'A3'], ['A2']],
    ['the seat beside a taken one', 'SSSSx', ['A3'], ['A4']],
    ['the seat beside a gap', 'SSSS_S', ['A3'], ['A4']],
    ['the seat beside a blocked one', 'SSSSsS', ['A3'], ['A4']],
    ['both ends of three', 'SSS', ['A2'], ['A1', 'A3']],
    ['nobody, at the end of a row', 'SSSSS', ['A1', 'A2'], []],
    ['nobody, with two on each side', 'SSSSS', ['A3'], []],
    ['nobody, where one more than wanted is all there is', 'xSSSx', ['A2', 'A3'], []],
    ['nobody, where all are taken', 'SSS', ['A1', 'A2', 'A3'], []],
    ['nobody new: a single seat that was alone before', 'SxSSSS', ['A3', 'A4'], []],
    ['no wheelchair place', 'ASSSS', ['A2', 'A3'], []],
  ])('%s', (_, row, chosen, alone) => {
    expect(names(seatsLeftAlone(house(row), new Set(chosen)))).toEqual(alone)
  })
})

const pick = (places: Place[], count: number, more: object = {}) =>
  names(pickSeats(places, { count, allowsSingleSeats: false, ...more }))

describe('the best seats', () => {
  test('are side by side in the middle, two thirds back', () => {
    expect(pick(house('SSSSSSS', 'SSSSSSS', 'SSSSSSS', 'SSSSSSS'), 3)).toEqual(['C3', 'C4', 'C5'])
  })

  test('are in another row when the best one has no room for all', () => {
    expect(pick(house('SSSS', 'SSSS', 'SSxS'), 4)).toEqual(['B1', 'B2', 'B3', 'B4'])
  })

  test('leave nobody alone', () => {
    expect(pick(house('SSSSS'), 2)).not.toEqual(['A2', 'A3'])
    expect(pick(house('SSSSS'), 2)).toEqual(['A1', 'A2'])
    expect(pick(house('SSSSS'), 2, { allowsSingleSeats: true })).toEqual(['A2', 'A3'])
  })

  test('are in groups near each other when nowhere are so many together', () => {
    expect(pick(house('xxSSxx', 'xxSSxx', 'xxxxxx', 'SSxxxx'), 4)).toEqual(['A3', 'A4', 'B3', 'B4'])
  })

  test('are none when there are too few', () => {
    expect(pick(house('SxSx'), 3)).toBeNull()
    expect(pick([], 1)).toBeNull()
  })

  test('are no sofa and no wheelchair place unless these are asked for', () => {
    expect(pick(house('AA', 'CC', 'SS'), 2)).toEqual(['C1', 'C2'])
    expect(pick(house('AA', 'CC', 'SS'), 2, { type: 'ACCESSIBLE' })).toEqual(['A1', 'A2'])
    expect(pick(house('AA', 'CC', 'SS'), 3)).toBeNull()
  })

  test('are whole sofas', () => {
    expect(pick(house('CCCC'), 2, { type: 'COUPLE', near: { rowIndex: 0, columnIndex: 1.5 } })).toEqual(['A1', 'A2'])
    expect(pick(house('CCCC'), 3, { type: 'COUPLE' })).toBeNull()
  })
})

/** A house that counts how often somebody looks whether a seat suits, or where it is. */
function countedHouse(...rows: string[]) {
  let looks = 0
  const places = house(...rows).map(({ columnIndex, type, ...place }) => ({
    ...place,
    get columnIndex() {
      looks++
      return columnIndex
    },
    get type() {
      looks++
      return type
    },
  }))
  return { places, looks: () => looks }
}

describe('a large house that is nearly full', () => {
  const tiled = (unit: string): string[] => Array.from({ length: 16 }, () => unit.repeat(60).slice(0, 60))
  // Groups of ten can be made of these in hundreds of ways, and all of them leave somebody alone.
  const hopeless = ['PSPAPAPSSSSP', 'PxSPPSSSPPSP', 'SPSPASSSAAPA', 'PSPPSPPPSPxP']
  const inFrontOf = (rest: string): string[] =>
    tiled(rest).map((row, at) => `${hopeless[at] ?? ''}x${row}`.slice(0, 60))

  test.each([
    ['wheelchair places between single seats', tiled('AS'), { type: undefined }],
    ['sofas between single seats', tiled('SCC'), { type: undefined }],
    ['runs of three seats', tiled('SSSx'), { type: undefined }],
    ['few premium seats in front of wheelchair places', inFrontOf('A'), { type: 'PREMIUM' as const }],
    [
      'premium seats that cannot be taken without leaving one alone',
      [...hopeless, ...tiled(`SP${'A'.repeat(58)}`).slice(hopeless.length)],
      { type: 'PREMIUM' as const },
    ],
    ['few premium seats among all kinds', inFrontOf('PSA'), { type: 'PREMIUM' as const }],
  ])('is not looked through for ever: %s', (_, rows, more) => {
    for (const count of [7, 9, 10]) {
      const { places, looks } = countedHouse(...rows)
      const picked = pickSeats(places, { count, allowsSingleSeats: false, ...more })
      expect(picked === null || picked.length === count).toBe(true)
      expect(looks()).toBeLessThan(more.type === undefined ? 120_000 : 60_000)
    }
  })
})

describe('instead of taken seats', () => {
  test('the nearest free ones are offered, as many and together', () => {
    const places = house('SSSSSS', 'SSxxSS', 'SSSSSS')
    expect(names(alternativesTo(places, new Set(['B3', 'B4']), false))).toEqual(['A3', 'A4'])
  })

  test('wheelchair places are offered for wheelchair places', () => {
    const places = house('AxSS', 'SSAA').map((place) => (place.id === 'A1' ? { ...place, isFree: false } : place))
    expect(names(alternativesTo(places, new Set(['A1']), false))).toEqual(['B3'])
  })

  test('nothing is offered where there is nothing', () => {
    expect(alternativesTo(house('xx'), new Set(['A1']), false)).toEqual([])
    expect(alternativesTo(house('SS'), new Set(['Z1']), false)).toEqual([])
  })
})
