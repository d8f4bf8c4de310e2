import { shortened, type Texts } from './content.ts'

/** A showtime as it stands in a mail, in the venue's time. */
interface ShownShowtime {
  movie: string
  /** `Fri 20 Nov 2026, 20:30` */
  startsAt: string
  theatre: string
}

export interface CinemaMails {
  showtimeCancelled: ShownShowtime & {
    /** Null where nothing had been paid yet. */
    refundUrl: string | null
    programmeUrl: string
  }
  seatsOffered: ShownShowtime & { seats: string; until: string; offerUrl: string }
  waitlistEnded: ShownShowtime & { programmeUrl: string }
}

const ofShowtime = ({ movie, startsAt, theatre }: ShownShowtime): string => `“${movie}”, ${startsAt} at ${theatre}`

export const CINEMA_TEXTS: Texts<CinemaMails> = {
  showtimeCancelled: ({ name }, { refundUrl, programmeUrl, ...showtime }) => ({
    subject: `Cancelled: “${shortened(showtime.movie, 80)}”, ${showtime.startsAt}`,
    paragraphs: [
      `Hello ${name},`,
      `we are sorry: ${ofShowtime(showtime)} does not take place.`,
      refundUrl === null
        ? 'Your order was not paid yet and is cancelled as a whole; nothing is charged.'
        : 'What you paid for these tickets goes back to you the way it came. You need to do nothing.',
    ],
    link:
      refundUrl === null
        ? { label: 'Look at the programme', url: programmeUrl }
        : { label: 'Look at your tickets', url: refundUrl },
    reason: 'You get this mail because you ordered tickets of this showing.',
  }),
  seatsOffered: ({ name }, { seats, until, offerUrl, ...showtime }) => ({
    subject: `Seats for you: “${shortened(showtime.movie, 80)}”, ${showtime.startsAt}`,
    paragraphs: [
      `Hello ${name},`,
      `seats of ${ofShowtime(showtime)} are free, and we hold them for you until ${until}: ${seats}.`,
      'Put them into your cart and pay for them until then, or they go to the next who waits.',
    ],
    link: { label: 'Take them', url: offerUrl },
    reason: 'You get this mail because you are on the waitlist of this showing.',
  }),
  waitlistEnded: ({ name }, { programmeUrl, ...showtime }) => ({
    subject: `Cancelled: “${shortened(showtime.movie, 80)}”, ${showtime.startsAt}`,
    paragraphs: [
      `Hello ${name},`,
      `we are sorry: ${ofShowtime(showtime)} does not take place. Nobody waits for it any more.`,
    ],
    link: { label: 'Look at the programme', url: programmeUrl },
    reason: 'You get this mail because you were on the waitlist of this showing.',
  }),
}
