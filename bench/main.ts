import 'reflect-metadata'
import { availableParallelism } from 'node:os'
import { chooseParts } from './choose.ts'
import { isKept, type Verdict } from './measure.ts'
import { PARTS, type Part } from './parts.ts'
import { during, SharedServer } from './shared-server.ts'

async function measure(parts: readonly Part[]): Promise<Verdict[]> {
  const shared = new SharedServer()
  const verdicts: Verdict[] = []
  try {
    for (const [, title, prepare] of parts) {
      const run = await prepare(shared)
      verdicts.push(...[await during(title, run)].flat())
    }
  } finally {
    await shared.close()
  }
  return verdicts
}

const UNITS = {
  times: ' ×',
  s: ' s',
  µs: ' µs',
  kB: ' kB',
  MB: ' MB',
  statements: '',
  votes: '',
  updates: '',
  readers: '',
  pieces: '',
  uses: '',
}

function printTable(verdicts: readonly Verdict[]): void {
  const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2))
  const rows = verdicts.map((verdict) => [
    verdict.what,
    `${number(verdict.value)}${UNITS[verdict.unit]}`,
    Number.isFinite(verdict.limit) ? number(verdict.limit) : '–',
    Number.isFinite(verdict.limit) ? (isKept(verdict) ? 'kept' : 'MISSED') : 'told',
    verdict.detail,
  ])
  const table = [['What', 'Measured', 'Limit', 'Verdict', 'How'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  console.log(
    `\nNode ${process.versions.node}, ${availableParallelism()} processors; ratios are medians of runs that take turns.\n`,
  )
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

const parts = chooseParts(PARTS, process.argv.slice(2))
if ('unknown' in parts) {
  console.error(parts.unknown)
  process.exitCode = 2
} else {
  const verdicts = await measure(parts)
  printTable(verdicts)
  if (!verdicts.every(isKept)) process.exitCode = 1
}
