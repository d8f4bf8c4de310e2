import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Look, OwnClaim } from '../../db/queries/cinema/hold-look.ts'
import { Decider, type Decision } from './decide.ts'
import { seatsLeftAlone } from './pick.ts'
import { parsePlan } from './plan.ts'

const ME = { holderId: 'me', isGuest: false }
const YOU = { holderId: 'you', isGuest: true }

function look(rows: string[], more: Partial<Look> = {}): Look {
  const seats = parsePlan(rows.map((seats, at) => ({ name: 'ABCDEF'[at] ?? '', seats }))).map((seat) => ({
    ...seat,
    id: `${seat.row}${seat.number}`,
    holderId: null,
    holdId: null,
  }))
  return {
    screenId: 'screen',
    isOnSale: true,
    isAhead: true,
    allowsSingleSeats: false,
    isAwaited: false,
    seats,
    own: [],
    ...more,
  }
}

const decide = (decider: Decider, seatIds: string[], holder = ME): Decision =>
  decider.decide({ holder, holdId: `hold of ${seatIds[0]}`, seatIds })

const codeOf = (decision: Decision): string => (decision.kind === 'REFUSE' ? decision.error.code : decision.kind)

const own = (seatId: string, slot: number, more: Partial<OwnClaim> = {}): OwnClaim => ({
  holderId: 'me',
  seatId,
  holdId: 'mine',
  slot,
  isLive: true,
  heldAt: 'then',
  expiresAt: 'later',
  ...more,
})

describe('wishes that are decided together', () => {
  test('are decided one after the other: what one gets is gone for the next', () => {
    const decider = new Decider('showtime', look(['SSSSSS']))
    expect(codeOf(decide(decider, ['A1', 'A2']))).toBe('TAKE')
    expect(codeOf(decide(decider, ['A2', 'A3'], YOU))).toBe('SEATS_TAKEN')
    expect(codeOf(decide(decider, ['A3', 'A4'], YOU))).toBe('TAKE')
  })

  test('that are refused leave everything to the next', () => {
    const decider = new Decider('showtime', look(['SSSSSS']))
    expect(codeOf(decide(decider, ['A2']))).toBe('SEATS_LEFT_ALONE')
    expect(codeOf(decide(decider, ['A1', 'Z9']))).toBe('NOT_FOUND')
    expect(codeOf(decide(decider, ['A1', 'A2'], YOU))).toBe('TAKE')
  })

  test('see who is left alone by those before them', () => {
    const decider = new Decider('showtime', look(['SSSSSS']))
    decide(decider, ['A1', 'A2'])
    expect(codeOf(decide(decider, ['A4'], YOU))).toBe('SEATS_LEFT_ALONE')
    expect(codeOf(decide(decider, ['A3'], YOU))).toBe('TAKE')
  })

  test('of one buyer are counted together, to ten', () => {
    const decider = new Decider('showtime', look(['SSSSSSSSSSSSSSSS']))
    const seats = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => `A${from + at}`)
    const first = decide(decider, seats(1, 6))
    expect(codeOf(decide(decider, seats(7, 11)))).toBe('LIMIT_EXCEEDED')
    const second = decide(decider, seats(7, 10))
    const slots = [first, second].flatMap((each) => (each.kind === 'TAKE' ? each.claims.map(({ slot }) => slot) : []))
    expect(slots.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('a wish', () => {
  test('for what one holds exactly is answered with that hold; for a part of it, or what is sold, it is taken', () => {
    const seats = look(['SSSS']).seats.map((seat) =>
      seat.columnIndex < 2 ? { ...seat, holderId: 'me', holdId: 'mine' } : seat,
    )
    const held = () => new Decider('showtime', look(['SSSS'], { seats, own: [own('A1', 1), own('A2', 2)] }))
    expect(decide(held(), ['A2', 'A1'])).toMatchObject({ kind: 'HAS', holdId: 'mine' })
    expect(codeOf(decide(held(), ['A1']))).toBe('SEATS_TAKEN')
    expect(codeOf(decide(held(), ['A1', 'A2', 'A3']))).toBe('SEATS_TAKEN')
    expect(codeOf(decide(held(), ['A1', 'A2'], YOU))).toBe('SEATS_TAKEN')
    const sold = [own('A1', 1, { expiresAt: null }), own('A2', 2, { expiresAt: null })]
    expect(codeOf(decide(new Decider('showtime', look(['SSSS'], { seats, own: sold })), ['A1', 'A2']))).toBe(
      'SEATS_TAKEN',
    )
  })

  test('waits for lapsed holds to be cleared away where they have the slots', () => {
    const lapsed = Array.from({ length: 9 }, (_, at) => own(`B${at + 1}`, at + 1, { isLive: false }))
    const decider = new Decider('showtime', look(['SSSS'], { own: lapsed }))
    expect(decide(decider, ['A1', 'A2']).kind).toBe('UNTIDY')
    expect(decide(decider, ['A1', 'A2', 'A3', 'A4']).kind).toBe('UNTIDY')
    const [one] = [decide(new Decider('showtime', look(['SS'], { own: lapsed })), ['A1'])]
    expect(one).toMatchObject({ kind: 'TAKE', claims: [{ slot: 10 }] })
  })

  test.each([
    ['is not on sale', { isOnSale: false }],
    ['has begun', { isAhead: false }],
  ])('for a showtime that %s is refused', (_, more) => {
    expect(codeOf(decide(new Decider('showtime', look(['SSSS'], more)), ['A1']))).toBe('INVALID_INPUT')
  })
})

test('however wishes come, no seat goes twice, nobody has more than ten, and nobody is left alone who need not be', () => {
  const wish = fc.record({
    buyer: fc.integer({ min: 1, max: 6 }),
    seats: fc.uniqueArray(fc.integer({ min: 0, max: 39 }), { minLength: 1, maxLength: 4 }),
  })
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 40 }), (wishes) => {
      const house = look(['SSSSSSSSSS', 'SSS_SSSSsSS', 'SSSSSSSSSS', 'SSSSSSSSSS'])
      const decider = new Decider('showtime', house)
      const takenBy = new Map<string, string>()
      const countOf = new Map<string, number>()
      for (const [n, { buyer, seats }] of wishes.entries()) {
        const holderId = `buyer ${buyer}`
        const seatIds = seats.map((at) => house.seats[at]?.id ?? 'none')
        const places = house.seats.map((seat) => ({ ...seat, isFree: !seat.isBlocked && !takenBy.has(seat.id) }))
        const decision = decider.decide({ holder: { holderId, isGuest: true }, holdId: `hold ${n}`, seatIds })
        if (decision.kind !== 'TAKE') continue
        expect(seatsLeftAlone(places, new Set(seatIds))).toEqual([])
        for (const { seatId } of decision.claims) {
          expect(takenBy.has(seatId)).toBe(false)
          takenBy.set(seatId, holderId)
        }
        countOf.set(holderId, (countOf.get(holderId) ?? 0) + decision.claims.length)
        expect(countOf.get(holderId)).toBeLessThanOrEqual(10)
      }
    }),
  )
})
