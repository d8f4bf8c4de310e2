import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import { callerDirectory, readConfig } from './config.ts'
import { systemClock } from './core/clock.ts'
import { createLog } from './core/log.ts'
import { findImportAuthor, importPost } from './domain/blog/import.ts'
import {
  describeRow,
  describeTotals,
  exitCodeOf,
  noTotals,
  type Outcome,
  type RowReport,
  runImport,
} from './domain/blog/import-run.ts'
import { findPostFiles, type PlannedPost, planImport } from './domain/blog/post-files.ts'
import { CommandError, explain } from './explain.ts'
import { openAtrium } from './wiring.ts'

interface Options {
  author?: string
  dryRun: boolean
  json: boolean
  strict: boolean
}

/** How often progress is told where no bar can be drawn. */
const PROGRESS_EVERY_MS = 2000

type ImportOne = (row: Extract<PlannedPost, { post: unknown }>) => Promise<Outcome>

/** Progress goes to standard error: standard output is the report. */
function progress(total: number): { step: (done: number) => void; stop: () => void } {
  if (process.stderr.isTTY) {
    const bar = new SingleBar({ format: '{bar} {value}/{total} files, {eta_formatted} left', stream: process.stderr })
    bar.start(total, 0)
    return { step: (done) => bar.update(done), stop: () => bar.stop() }
  }
  let toldAt = Date.now()
  return {
    step(done) {
      if (Date.now() - toldAt < PROGRESS_EVERY_MS) return
      toldAt = Date.now()
      process.stderr.write(`${done} of ${total} files\n`)
    },
    stop: () => {},
  }
}

/** The way into the database, or for a dry run a way into nothing. */
async function openImport(options: Options): Promise<{ importOne: ImportOne; close: () => Promise<void> }> {
  if (options.dryRun) return { importOne: async () => 'ready', close: async () => {} }
  const config = readConfig()
  const { deps, close } = await openAtrium(config, { log: createLog(config.logLevel) })
  try {
    const author = await findImportAuthor(deps, options.author ?? null)
    return { importOne: (row) => importPost(deps, author, row), close: async () => close() }
  } catch (error) {
    await close()
    throw error
  }
}

async function run(folder: string, options: Options): Promise<number> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new CommandError(`There is no folder ${folder}.`)
  const files = await findPostFiles(folder)
  const { importOne, close } = await openImport(options)

  let isStopped = false
  const stop = (): void => {
    isStopped = true
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)

  const rows: RowReport[] = []
  const totals = noTotals()
  const { step, stop: endProgress } = progress(files.length)
  try {
    for await (const row of runImport(planImport(files, { folder, now: systemClock.now() }), importOne)) {
      rows.push(row)
      totals[row.outcome] += 1
      step(rows.length)
      // A file is one transaction: between two of them is where the import can end at no cost.
      if (isStopped) break
    }
  } finally {
    endProgress()
    if (!options.json) process.stdout.write(rows.map((row) => `${describeRow(row)}\n`).join(''))
    await close()
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ folder, stopped: isStopped, totals, rows }, null, 2)}\n`)
  else process.stdout.write(`${isStopped ? 'Stopped: ' : ''}${describeTotals(totals)}\n`)
  return isStopped ? 130 : exitCodeOf(totals, options.strict)
}

const program = new Command('import:posts')
  .description('Imports Markdown files as posts. The same folder twice changes nothing, for the same author.')
  .argument('<folder>', 'is searched for .md and .markdown files, with all folders below it')
  .option('--author <handle>', 'whose posts they become; the only member of staff unless told')
  .option('--dry-run', 'only say what would be imported; needs no database', false)
  .option('--json', 'print one JSON document instead of lines', false)
  .option('--strict', 'exit with 1 when a file was refused', false)
  .action(async (folder: string, options: Options) => {
    process.exitCode = await run(resolve(callerDirectory(), folder), options)
  })

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
