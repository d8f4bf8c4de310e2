/** ISO 8601, 5.5.2.2, as schema.org asks for it. Lower case is forgiven, and so are years and months, of which there are none. */
const DURATION =
  /^P(?:0+Y)?(?:0+M)?(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/i
const MINUTES = [10_080, 1_440, 60, 1, 1 / 60]

/** Whole minutes, rounded up, of `PT1H30M`, `P1DT2H`, `P2W`; null for what is no duration. */
export function durationMinutes(text: string): number | null {
  const parts = DURATION.exec(text.trim())
  if (parts === null || parts.slice(1).every((part) => part === undefined)) return null
  const minutes = parts
    .slice(1)
    .reduce((sum, part, place) => sum + Number((part ?? '0').replace(',', '.')) * (MINUTES[place] ?? 0), 0)
  return Number.isFinite(minutes) ? Math.max(0, Math.ceil(minutes - 1e-9)) : null
}
