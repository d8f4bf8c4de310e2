import { DomainError } from '../../core/errors.ts'
import type { Problem } from './front-matter.ts'
import type { PlannedPost } from './post-files.ts'

/** `ready` is what a dry run says of a post that could be imported. */
const OUTCOMES = ['imported', 'updated', 'unchanged', 'ready', 'refused'] as const
export type Outcome = (typeof OUTCOMES)[number]
export type Totals = Record<Outcome, number>

export interface RowReport {
  source: string
  outcome: Outcome
  /** Null when the file could not be read far enough to know. */
  title: string | null
  /** Why it was refused. */
  problems: readonly Problem[]
  /** What was left out of a post that was taken. */
  warnings: readonly Problem[]
}

type ReadablePost = Extract<PlannedPost, { post: unknown }>

/**
 * Hands one post after the other to `importOne` and reports each. A refusal by the business ends only its own row.
 * @throws whatever else `importOne` throws, such as a lost database; the rows before it are done.
 */
export async function* runImport(
  planned: AsyncIterable<PlannedPost>,
  importOne: (row: ReadablePost) => Promise<Outcome>,
): AsyncGenerator<RowReport> {
  for await (const row of planned) {
    if ('problems' in row) {
      yield { source: row.source, outcome: 'refused', title: null, problems: row.problems, warnings: [] }
      continue
    }
    const { source, post } = row
    try {
      const outcome = await importOne(row)
      yield { source, outcome, title: post.title, problems: [], warnings: post.warnings }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const problems = error.all.map(({ argument, message }) => ({
        field: argument.filter((part) => part !== 'input').join('.') || 'post',
        message,
      }))
      yield { source, outcome: 'refused', title: post.title, problems, warnings: [] }
    }
  }
}

export const noTotals = (): Totals => ({ imported: 0, updated: 0, unchanged: 0, ready: 0, refused: 0 })

const listed = (problems: readonly Problem[]): string =>
  problems.map(({ field, message }) => `${field}: ${message}`).join(' ')

/** One line for a person. */
export function describeRow({ source, outcome, problems, warnings }: RowReport): string {
  const note = listed(outcome === 'refused' ? problems : warnings)
  return `${outcome.padEnd(9)}  ${source}${note === '' ? '' : `  (${note})`}`
}

export function describeTotals(totals: Totals): string {
  const parts = OUTCOMES.filter((outcome) => totals[outcome] > 0).map((outcome) => `${totals[outcome]} ${outcome}`)
  return parts.length === 0 ? 'no Markdown files found' : parts.join(', ')
}

/**
 * Refused files are listed and do not fail the command, because one odd file among hundreds is normal; with `strict`
 * they do. Nothing readable at all is a failure in any case: it was the wrong folder.
 */
export function exitCodeOf(totals: Totals, strict: boolean): 0 | 1 {
  const taken = totals.imported + totals.updated + totals.unchanged + totals.ready
  return taken === 0 || (strict && totals.refused > 0) ? 1 : 0
}
