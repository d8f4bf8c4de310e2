/**
 * The moment that a front matter's date means, as ISO text in UTC, or null when it is none. Understood are ISO 8601 and
 * what Jekyll, Hugo and Ghost write: `2020-1-31`, `2020/01/31`, `2020-01-31 10:00`, `2020-01-31 10:00:00 +0100`,
 * `2020-01-31T10:00:00.000Z`. A date without a time is its first moment, and one without a zone is UTC.
 */
export function parsePostDate(text: string): string | null {
  const match =
    /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text.trim(),
    )
  if (match === null) return null
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number]
  const local = new Date(0)
  local.setUTCFullYear(parts[0], parts[1] - 1, parts[2])
  local.setUTCHours(parts[3], parts[4], parts[5], milliseconds)
  // Date rolls 31 February over into March; a date that comes back as another one does not exist.
  const real =
    local.getUTCFullYear() === parts[0] &&
    local.getUTCMonth() === parts[1] - 1 &&
    local.getUTCDate() === parts[2] &&
    local.getUTCHours() === parts[3] &&
    local.getUTCMinutes() === parts[4] &&
    local.getUTCSeconds() === parts[5]
  if (!real || parts[0] < 1) return null
  const offset = offsetMinutes(zone)
  if (offset === null) return null
  const moment = new Date(local.getTime() - offset * 60_000)
  // Outside of the years 1 to 9999 ISO text takes another form, which a database does not read.
  return /^\d{4}-/.test(moment.toISOString()) && moment.getUTCFullYear() >= 1 ? moment.toISOString() : null
}

function offsetMinutes(zone: string): number | null {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (match === null) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  if (minutes > 18 * 60 || Number(match[3] ?? 0) > 59) return null
  return match[1] === '-' ? -minutes : minutes
}
