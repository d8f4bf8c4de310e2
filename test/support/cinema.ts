import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { GraphClient } from './graph-client.ts'

const ERRORS = `userErrors { __typename code message path
  ... on IllegalTransition { from allowed } ... on LimitExceeded { limit }
  ... on SeatsTaken { taken: seats { row number } alternatives { row number } }
  ... on SeatsLeftAlone { alone: seats { row number } alternatives { row number } }
  ... on ScreenBusy { showtime { id } } }`

const HOLD = 'hold { id expiresAt heldAt guestToken total { amount currency } seats { row number } showtime { id } }'

const MUTATIONS = {
  createMovie: ['CreateMovieInput', 'movie { id title genres cast { name character } releaseDay lastDay ageRating }'],
  updateMovie: ['UpdateMovieInput', 'movie { id title genres cast { name character } releaseDay lastDay ageRating }'],
  deleteMovie: ['DeleteMovieInput', 'deletedId'],
  createTheatre: ['CreateTheatreInput', 'theatre { id name city timeZone }'],
  updateTheatre: ['UpdateTheatreInput', 'theatre { id name city }'],
  createScreen: [
    'CreateScreenInput',
    'screen { id name seatCount cleaningMinutes seats { row number type isBlocked } }',
  ],
  updateScreen: ['UpdateScreenInput', 'screen { id name cleaningMinutes allowsSingleSeats }'],
  blockSeat: ['BlockSeatInput', 'seat { id isBlocked }'],
  createShowtime: ['CreateShowtimeInput', 'showtime { id startsAt endsAt localDay localTime status }'],
  pauseShowtime: ['ShowtimeInput', 'showtime { id status isOnSale }'],
  resumeShowtime: ['ShowtimeInput', 'showtime { id status isOnSale }'],
  cancelShowtime: ['ShowtimeInput', 'showtime { id status isOnSale }'],
  createShowtimeSchedule: ['CreateShowtimeScheduleInput', 'filled { daysLeftOut schedule { id localTime weekdays } }'],
  refillShowtimeSchedule: ['ShowtimeScheduleInput', 'filled { daysLeftOut schedule { id } }'],
  endShowtimeSchedule: ['EndShowtimeScheduleInput', 'schedule { id lastDay }'],
  holdSeats: ['HoldSeatsInput', HOLD],
  holdBestSeats: ['HoldBestSeatsInput', HOLD],
  extendHold: ['SeatHoldInput', HOLD],
  releaseHold: ['SeatHoldInput', 'releasedId'],
} as const
export type CinemaMutation = keyof typeof MUTATIONS

export interface SeatName {
  row: string
  number: number
}

interface UserErrorSeen {
  __typename: string
  code: string
  message: string
  path: string[]
  limit?: number
  allowed?: string[]
  taken?: SeatName[]
  alone?: SeatName[]
  alternatives?: SeatName[]
  showtime?: { id: string } | null
}

export interface Done {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  value: any
  userErrors: UserErrorSeen[]
  /** Code of the first top-level error. */
  refused: string | null
  /** `ok`, or the code of what kept it from being done. */
  outcome: string
}

/** What people do at the cinema, as they do it: over HTTP. */
export class CinemaClient extends GraphClient {
  async run(mutation: CinemaMutation, viewer: Viewer | null, input: Record<string, unknown>): Promise<Done> {
    const [type, selection] = MUTATIONS[mutation]
    const names = [mutation, type, `${selection} ${ERRORS}`] as const
    const { payload, userErrors, refused } = await this.mutate(names, viewer, input)
    const [value = null] = Object.values(payload)
    return { value, userErrors, refused, outcome: refused ?? userErrors[0]?.code ?? 'ok' }
  }

  /** Seats by name, as members choose them. */
  hold(viewer: Viewer | null, showtimeId: Uuid, seatIds: readonly (Uuid | undefined)[], guestToken?: string) {
    return this.run('holdSeats', viewer, {
      showtimeId: encodeId('showtime', showtimeId),
      seatIds: seatIds.map((id) => encodeId('seat', id ?? '')),
      guestToken,
    })
  }

  /** Status by seat: `{ A1: 'FREE', … }`. */
  async map(showtimeId: Uuid): Promise<Record<string, string>> {
    const { data } = await this.ask(
      'query ($id: ID!) { node(id: $id) { ... on Showtime { seatMap { seats { row number status } } } } }',
      { id: encodeId('showtime', showtimeId) },
    )
    const seats: (SeatName & { status: string })[] = data.node.seatMap.seats
    return Object.fromEntries(seats.map(({ row, number, status }) => [`${row}${number}`, status]))
  }
}

export const named = (seats: readonly SeatName[] | undefined): string[] =>
  (seats ?? []).map(({ row, number }) => `${row}${number}`)
