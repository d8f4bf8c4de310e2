import { addDays } from '../core/calendar.ts'
import type { Uuid } from '../core/ids.ts'
import { localDate } from '../core/local-time.ts'
import type { RowPlan } from '../domain/cinema/plan.ts'
import type { PricesInput } from '../domain/cinema/prices.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { CinemaWorld } from './cinema-world.ts'
import { DEMO_MOVIES } from './movies.ts'

const row = (seats: string, times: number): string[] => Array<string>(times).fill(seats)

/** The smallest has 48 seats, the largest 500. */
const HALLS = {
  studio: [...row('SSSS_SSSS', 5), 'CCCC_CCCC'],
  house: ['AA_SSSSSSSS_AA', ...row('SSS_SSSSSSSS_SSS', 7), ...row('SSS_PPPPPPPP_SSS', 3), 'CC__CCCCCCCC__CC'],
  palace: [
    'AAAA_SSSSSSSSSSSSSSSSS_AAAA',
    ...row('SSSSS_SSSSSSSSSSSSSSS_SSSSS', 13),
    ...row('SSSSS_PPPPPPPPPPPPPPP_SSSSS', 6),
  ],
}

const THEATRES = [
  {
    name: 'The Orpheum',
    address: '12 Quai des Lumières',
    city: 'Lyon',
    timeZone: 'Europe/Paris',
    prices: { currency: 'EUR', standard: '9.50', premium: '13.00', accessible: '7.50', couple: '12.00' },
    screens: { Salon: HALLS.studio, Grand: HALLS.palace },
  },
  {
    name: 'Harbour Pictures',
    address: '31 Rua da Ribeira',
    city: 'Lisbon',
    timeZone: 'Europe/Lisbon',
    prices: { currency: 'EUR', standard: '7.80', premium: '10.50', accessible: '6.00', couple: '9.50' },
    screens: { 'Screen 1': HALLS.house, 'Screen 2': HALLS.studio },
  },
  {
    name: 'Kino Asteri',
    address: '4 Plateia Agias Irinis',
    city: 'Athens',
    timeZone: 'Europe/Athens',
    prices: { currency: 'EUR', standard: '8.00', premium: '11.00', accessible: '6.50', couple: '10.00' },
    screens: { Alpha: HALLS.house, Beta: HALLS.studio },
  },
] satisfies { prices: PricesInput; [field: string]: unknown }[]

/** Far enough apart for the longest movie and the cleaning. */
const TIMES = ['11:00', '14:15', '17:30', '20:45']
const DAYS = 14
const WEEK = 7

/** Thirty movies, three theatres, and two weeks of showtimes from today on: each screen changes its programme after a week. */
export async function fillCinema(world: CinemaWorld, staff: Viewer): Promise<void> {
  const today = world.day(0)
  const movies: { id: Uuid; released: string }[] = []
  for (const { released, ...movie } of DEMO_MOVIES) {
    const releaseDay = addDays(today, released)
    movies.push({ id: await world.movie(staff, { ...movie, releaseDay }), released: releaseDay })
  }
  let next = 0
  for (const { screens, prices, ...theatre } of THEATRES) {
    const theatreId = await world.theatre(staff, theatre)
    const local = localDate(world.deps.clock.now().getTime(), theatre.timeZone)
    for (const [name, seats] of Object.entries(screens)) {
      const rows: RowPlan[] = world.rows(...seats)
      const screenId = await world.screen(staff, theatreId, { name, rows })
      for (let week = 0; week < DAYS; week += WEEK) {
        const firstDay = addDays(local, week)
        for (const time of TIMES) {
          next = nextReleased(movies, next, firstDay)
          const movieId = movies[next]?.id ?? ''
          const lastDay = addDays(firstDay, WEEK - 1)
          await world.schedule(staff, { movieId, screenId, time, firstDay, lastDay, prices })
          next += 1
        }
      }
    }
  }
}

/** The place of the next movie in turn that is out by that day. */
function nextReleased(movies: readonly { released: string }[], from: number, day: string): number {
  for (let step = 0; step < movies.length; step++) {
    const at = (from + step) % movies.length
    if ((movies[at]?.released ?? day) <= day) return at
  }
  return 0
}
