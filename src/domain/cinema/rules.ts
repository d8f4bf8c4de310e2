import { lifecycle } from '../../core/lifecycle.ts'
import type { ticketStatus } from '../../db/tables/cinema/booking.ts'
import type { ageRating, seatType, showtimeStatus } from '../../db/tables/cinema/programme.ts'
import type { waitlistStatus } from '../../db/tables/cinema/waitlist.ts'

export type AgeRating = (typeof ageRating.enumValues)[number]
export type SeatType = (typeof seatType.enumValues)[number]
export const SEAT_TYPES: readonly SeatType[] = ['STANDARD', 'PREMIUM', 'ACCESSIBLE', 'COUPLE']
export type TicketStatus = (typeof ticketStatus.enumValues)[number]
export type WaitlistStatus = (typeof waitlistStatus.enumValues)[number]
export type ShowtimeStatus = (typeof showtimeStatus.enumValues)[number]

export const GENRES = [
  'ACTION',
  'ADVENTURE',
  'ANIMATION',
  'COMEDY',
  'CRIME',
  'DOCUMENTARY',
  'DRAMA',
  'FAMILY',
  'FANTASY',
  'HISTORY',
  'HORROR',
  'MUSIC',
  'MYSTERY',
  'ROMANCE',
  'SCIENCE_FICTION',
  'THRILLER',
  'WAR',
  'WESTERN',
] as const
export type Genre = (typeof GENRES)[number]

/** A paused showtime sells nothing and comes back; a cancelled one does not. That it is over is the clock's word, no state. */
export const showtimeLifecycle = lifecycle<ShowtimeStatus>('showtime', {
  SCHEDULED: ['PAUSED', 'CANCELLED'],
  PAUSED: ['SCHEDULED', 'CANCELLED'],
  CANCELLED: [],
})

/** `RESERVED` is on an order that is not paid yet. What was used is paid back only where the house cancels the showing. */
export const ticketLifecycle = lifecycle<TicketStatus>('ticket', {
  RESERVED: ['VALID', 'RELEASED'],
  RELEASED: ['VALID'],
  VALID: ['CHECKED_IN', 'REFUNDED'],
  CHECKED_IN: ['REFUNDED'],
  REFUNDED: [],
})

/** EXPIRED: the offer ran out, or the showtime began or was cancelled. Who still wants seats joins anew, at the end. */
export const waitlistLifecycle = lifecycle<WaitlistStatus>('waitlist entry', {
  WAITING: ['OFFERED', 'EXPIRED', 'LEFT'],
  OFFERED: ['BOOKED', 'EXPIRED', 'LEFT'],
  BOOKED: [],
  EXPIRED: [],
  LEFT: [],
})

/** How long seats are held for who waited: a mail has to be read meanwhile. */
export const OFFER_MINUTES = 30
/** Of one member at once, so that nobody has seats held everywhere. */
export const MAX_WAITS = 10

/** Of one showtime, held and bought together. The table `seat_claims` has so many slots for a holder. */
export const MAX_SEATS_PER_HOLDER = 10
/** Seats of all showtimes in one cart. */
export const MAX_CART_SEATS = 50

/** From the last time that the seats were held or the hold was extended. */
export const HOLD_MINUTES = 10
/** However often it is extended, nobody keeps seats from others for longer without paying. */
export const MAX_HOLD_MINUTES = 20

export const MAX_SEATS_PER_SCREEN = 1000
export const MAX_ROWS = 60
export const MAX_PLACES_PER_ROW = 60
export const MAX_CAST = 50
export const MAX_GENRES = 5

/** Showtimes of a schedule are made so many days ahead; the clock adds each new day. */
export const SCHEDULE_HORIZON_DAYS = 60
export const MAX_SCHEDULE_DAYS = 366

/** Doors open so long before the beginning. */
export const CHECK_IN_MINUTES_BEFORE = 120

/** What tickets are sold for on line; the checkout keeps its books in one currency. */
export const TICKET_CURRENCY = 'EUR'
