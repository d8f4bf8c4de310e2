import { createHash } from 'node:crypto'

/**
 * Pictures that the project draws itself: a motif and a seed always give the same SVG, so they need no storage and can be
 * kept by browsers for ever. No text, no script, no reference to anything outside.
 */
type Paint = readonly [light: string, main: string, dark: string]

/** On a square of 200 by 200. */
const MOTIFS: Readonly<Record<string, (paint: Paint) => string>> = {
  product: ([light, main, dark]) =>
    `<rect x="50" y="70" width="100" height="80" rx="6" fill="${main}"/><path d="M50 70l15-22h70l15 22z" fill="${dark}"/><rect x="92" y="48" width="16" height="56" fill="${light}"/>`,
  mug: ([light, main, dark]) =>
    `<path d="M138 84h16a18 18 0 0 1 0 36h-16" fill="none" stroke="${dark}" stroke-width="10"/><path d="M58 66h82v70a18 18 0 0 1-18 18H76a18 18 0 0 1-18-18z" fill="${main}"/><ellipse cx="99" cy="66" rx="41" ry="9" fill="${light}"/>`,
  book: ([light, main, dark]) =>
    `<path d="M52 50h84a10 10 0 0 1 10 10v92H62a10 10 0 0 1-10-10z" fill="${main}"/><path d="M62 132h84v20H62a10 10 0 0 1 0-20z" fill="${light}"/><rect x="70" y="72" width="52" height="8" rx="4" fill="${dark}"/><rect x="70" y="90" width="34" height="8" rx="4" fill="${dark}"/>`,
  plant: ([light, main, dark]) =>
    `<path d="M100 118c-4-40-30-52-48-54 2 30 18 50 48 54z" fill="${main}"/><path d="M100 118c2-50 30-66 50-68 0 36-16 62-50 68z" fill="${dark}"/><path d="M72 118h56l-8 40H80z" fill="${light}"/>`,
  lamp: ([light, main, dark]) =>
    `<path d="M70 48h60l20 50H50z" fill="${light}"/><rect x="95" y="98" width="10" height="48" fill="${dark}"/><rect x="70" y="144" width="60" height="12" rx="6" fill="${main}"/>`,
  bag: ([light, main, dark]) =>
    `<path d="M76 82v-8a24 24 0 0 1 48 0v8" fill="none" stroke="${dark}" stroke-width="9"/><path d="M54 80h92l8 76H46z" fill="${main}"/><circle cx="76" cy="94" r="5" fill="${light}"/><circle cx="124" cy="94" r="5" fill="${light}"/>`,
  bottle: ([light, main, dark]) =>
    `<rect x="88" y="36" width="24" height="16" rx="3" fill="${dark}"/><path d="M90 52h20v18c0 8 18 12 18 30v50a10 10 0 0 1-10 10H82a10 10 0 0 1-10-10v-50c0-18 18-22 18-30z" fill="${main}"/><rect x="72" y="108" width="56" height="30" fill="${light}"/>`,
  shirt: ([light, main, dark]) =>
    `<path d="M78 48l-38 22 12 28 16-8v66h64V90l16 8 12-28-38-22c-4 14-40 14-44 0z" fill="${main}"/><path d="M78 48c4 14 40 14 44 0l-8-4c-4 8-24 8-28 0z" fill="${dark}"/><rect x="104" y="90" width="16" height="18" rx="2" fill="${light}"/>`,
  knife: ([light, main, dark]) =>
    `<path d="M44 128L140 46c8 26-6 62-46 84z" fill="${light}"/><path d="M44 128l50 2-6 10-52-2z" fill="${dark}"/><rect x="26" y="132" width="64" height="18" rx="8" transform="rotate(-2 58 141)" fill="${main}"/>`,
  ball: ([light, main, dark]) =>
    `<circle cx="100" cy="102" r="54" fill="${main}"/><path d="M58 68a54 54 0 0 1 0 68 62 62 0 0 0 0-68z" fill="${light}"/><path d="M142 68a54 54 0 0 0 0 68 62 62 0 0 1 0-68z" fill="${dark}"/>`,
  bread: ([light, main, dark]) =>
    `<path d="M48 98c0-30 28-44 52-44s52 14 52 44v44a10 10 0 0 1-10 10H58a10 10 0 0 1-10-10z" fill="${main}"/><path d="M74 76l12 30M96 70l12 34M120 74l10 28" stroke="${light}" stroke-width="7" stroke-linecap="round"/><rect x="48" y="138" width="104" height="14" rx="7" fill="${dark}"/>`,
}

export const ART_MOTIFS: readonly string[] = Object.keys(MOTIFS)

/** The SVG of a motif and a seed; null for a motif that there is none of. */
export function drawArt(motif: string, seed: string): string | null {
  const draw = Object.hasOwn(MOTIFS, motif) ? MOTIFS[motif] : undefined
  if (draw === undefined) return null
  const bytes = createHash('sha256').update(`${motif}/${seed}`).digest()
  const at = (position: number, below: number): number => (bytes[position] ?? 0) % below
  const hue = bytes.readUInt16BE(0) % 360
  const other = (hue + 140 + at(2, 80)) % 360
  const paint: Paint = [`hsl(${other} 60% 86%)`, `hsl(${other} 48% 52%)`, `hsl(${other} 46% 32%)`]
  const turn = at(3, 13) - 6
  const x = 30 + at(4, 140)
  const y = 20 + at(5, 60)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="600" height="600"><rect width="200" height="200" fill="hsl(${hue} 38% 92%)"/><circle cx="${x}" cy="${y}" r="${30 + at(6, 40)}" fill="hsl(${hue} 44% 86%)"/><ellipse cx="100" cy="162" rx="62" ry="9" fill="hsl(${hue} 24% 80%)"/><g transform="rotate(${turn} 100 110)">${draw(paint)}</g></svg>`
}
