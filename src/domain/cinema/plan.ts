import { DomainError, invalidInput } from '../../core/errors.ts'
import { combined } from '../input.ts'
import { MAX_PLACES_PER_ROW, MAX_ROWS, MAX_SEATS_PER_SCREEN, type SeatType } from './rules.ts'

/** A row as staff draws it, the one nearest to the screen first. */
export interface RowPlan {
  name: string
  /** One letter for each place from the left: S, P, A, C, or `_` where there is no seat; small letters are blocked. */
  seats: string
  firstNumber?: number | undefined
}

export interface PlannedSeat {
  rowIndex: number
  columnIndex: number
  row: string
  number: number
  type: SeatType
  pair: number | null
  isBlocked: boolean
}

const TYPES: Readonly<Record<string, SeatType>> = { S: 'STANDARD', P: 'PREMIUM', A: 'ACCESSIBLE', C: 'COUPLE' }
const ROW_NAME = /^[A-Z0-9]{1,3}$/

/**
 * Reads a seat plan.
 * @throws DomainError `INVALID_INPUT` naming each row that is wrong, `LIMIT_EXCEEDED` for more seats than a screen may have.
 */
export function parsePlan(rows: readonly RowPlan[], path: readonly string[] = ['input', 'rows']): PlannedSeat[] {
  if (rows.length === 0) throw invalidInput(path, 'A screen has at least one row.')
  if (rows.length > MAX_ROWS) throw limit(path, `A screen has at most ${MAX_ROWS} rows.`, MAX_ROWS)
  const errors: DomainError[] = []
  const names = new Set<string>()
  const seats: PlannedSeat[] = []
  let pairs = 0
  for (const [rowIndex, plan] of rows.entries()) {
    const at = [...path, String(rowIndex)]
    const name = plan.name.trim().toUpperCase()
    if (!ROW_NAME.test(name))
      errors.push(invalidInput([...at, 'name'], 'A row has a name of 1 to 3 letters or digits.'))
    else if (names.has(name)) errors.push(invalidInput([...at, 'name'], `There is another row ${name}.`))
    names.add(name)
    const firstNumber = plan.firstNumber ?? 1
    if (!Number.isInteger(firstNumber) || firstNumber < 1 || firstNumber > 900) {
      errors.push(invalidInput([...at, 'firstNumber'], 'Seats are numbered from 1 to 900 on.'))
      continue
    }
    try {
      const row = parseRow({ ...plan, name, firstNumber }, rowIndex, pairs, [...at, 'seats'])
      pairs += row.filter(({ type }) => type === 'COUPLE').length / 2
      seats.push(...row)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      errors.push(error)
    }
  }
  if (errors.length > 0) throw combined(errors)
  if (seats.length === 0) throw invalidInput(path, 'A screen has at least one seat.')
  if (seats.length > MAX_SEATS_PER_SCREEN) {
    throw limit(path, `A screen has at most ${MAX_SEATS_PER_SCREEN} seats.`, MAX_SEATS_PER_SCREEN)
  }
  return seats
}

const limit = (path: readonly string[], message: string, most: number): DomainError =>
  new DomainError('LIMIT_EXCEEDED', message, path, { limit: most })

function parseRow(
  plan: RowPlan & { firstNumber: number },
  rowIndex: number,
  pairsBefore: number,
  path: readonly string[],
): PlannedSeat[] {
  if (plan.seats.length > MAX_PLACES_PER_ROW) {
    throw limit(path, `A row has at most ${MAX_PLACES_PER_ROW} places.`, MAX_PLACES_PER_ROW)
  }
  const wrong = /[^SPAC_]/i.exec(plan.seats)
  if (wrong !== null) {
    throw invalidInput(path, `Place ${wrong.index + 1} is none of S, P, A, C (small where blocked) and _ for a gap.`)
  }
  const seats: PlannedSeat[] = []
  let halves = 0
  for (const [columnIndex, letter] of [...plan.seats].entries()) {
    const type = TYPES[letter.toUpperCase()]
    if (type !== 'COUPLE' && halves % 2 === 1) throw alone(path, columnIndex)
    if (type === undefined) continue
    const pair = type === 'COUPLE' ? pairsBefore + Math.floor(halves / 2) : null
    const isSecond = type === 'COUPLE' && halves % 2 === 1
    const isBlocked = letter !== letter.toUpperCase()
    if (isSecond && seats.at(-1)?.isBlocked !== isBlocked) throw alone(path, columnIndex)
    if (type === 'COUPLE') halves++
    seats.push({
      rowIndex,
      columnIndex,
      row: plan.name,
      number: plan.firstNumber + seats.length,
      type,
      pair,
      isBlocked,
    })
  }
  if (halves % 2 === 1) throw alone(path, plan.seats.length)
  return seats
}

const alone = (path: readonly string[], place: number): DomainError =>
  invalidInput(
    path,
    `The couple seat at place ${place} has no other half: they stand two by two, both blocked or neither.`,
  )
