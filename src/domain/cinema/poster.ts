import { createHash } from 'node:crypto'
import { escapeHtml } from '../../core/html.ts'
import { encodeId, type Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { findPosterFacts } from '../../db/queries/cinema/movies.ts'

export interface PosterFacts {
  id: Uuid
  title: string
  director: string
}

/** Changes with what is on the poster, so that its address can be kept for ever. */
export const posterVersion = ({ id, title, director }: PosterFacts): string =>
  createHash('sha256')
    .update(JSON.stringify([id, title, director]))
    .digest('hex')
    .slice(0, 12)

export const posterPath = (movie: PosterFacts): string =>
  `/posters/${encodeId('movie', movie.id)}/${posterVersion(movie)}.svg`

const WIDTH = 300
const HEIGHT = 450
const LINE_CHARACTERS = 14
const MAX_LINES = 5

/** Lines of a few words; what does not fit ends with an ellipsis. */
function wrap(title: string): string[] {
  const lines: string[] = []
  for (const word of title.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < LINE_CHARACTERS) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word.length > LINE_CHARACTERS ? `${word.slice(0, LINE_CHARACTERS - 1)}…` : word)
  }
  return lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES - 1), '…'] : lines
}

/** A poster of the house's own: the same movie always gets the same shapes and colours. No script, no link, no font from elsewhere. */
export function drawPoster(movie: PosterFacts): string {
  const bytes = createHash('sha256').update(movie.id).digest()
  const byte = (at: number): number => bytes[at % bytes.length] ?? 0
  const hue = Math.round((byte(0) / 256) * 360)
  const colour = (shift: number, lightness: number): string => `hsl(${(hue + shift) % 360} 55% ${lightness}%)`
  const shapes = [0, 1, 2, 3, 4].map((n) => {
    const [x, y, size] = [byte(3 * n + 1) * 1.3 - 20, byte(3 * n + 2) * 1.1, 30 + byte(3 * n + 3) * 0.5]
    const fill = `fill="${colour(n * 35, 45 + n * 6)}" fill-opacity=".55"`
    return byte(n) % 2 === 0
      ? `<circle cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" r="${size.toFixed(0)}" ${fill}/>`
      : `<rect x="${x.toFixed(0)}" y="${y.toFixed(0)}" width="${(size * 1.6).toFixed(0)}" height="${size.toFixed(0)}" ${fill} transform="rotate(${byte(n + 7) % 60} ${x.toFixed(0)} ${y.toFixed(0)})"/>`
  })
  const lines = wrap(movie.title).map(
    (line, at) => `<tspan x="22" dy="${at === 0 ? 0 : 34}">${escapeHtml(line)}</tspan>`,
  )
  const top = HEIGHT - 60 - 34 * (lines.length - 1)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escapeHtml(movie.title)}">
<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${colour(0, 30)}"/><stop offset="1" stop-color="${colour(40, 10)}"/></linearGradient></defs>
<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#sky)"/>
${shapes.join('\n')}
<rect y="${top - 48}" width="${WIDTH}" height="${HEIGHT - top + 48}" fill="#000" fill-opacity=".45"/>
<text x="22" y="${top}" font-family="Georgia, serif" font-size="30" font-weight="700" fill="#fff">${lines.join('')}</text>
<text x="22" y="${HEIGHT - 24}" font-family="Georgia, serif" font-size="13" fill="#fff" fill-opacity=".8">${escapeHtml(movie.director.slice(0, 40))}</text>
</svg>
`
}

/** What is on the poster of a movie now; null when there is no such movie. */
export const findPoster = (db: Executor, id: Uuid): Promise<PosterFacts | null> => findPosterFacts(db, id)
