import type { Database } from '../../src/db/database.ts'

/** One node of `explain (analyze, format json)`, in PostgreSQL's words. */
export interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** All nodes of the plan by which PostgreSQL ran a statement that was heard. */
export async function planOfStatement(
  db: Database,
  statement: { text: string; parameters?: readonly unknown[] } | undefined,
): Promise<Plan[]> {
  if (statement === undefined) throw new Error('no such statement was sent')
  const [row] = await db.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (analyze, format json) ${statement.text}`, [
    ...(statement.parameters ?? []),
  ])
  return nodesOf(row?.['QUERY PLAN'][0].Plan as Plan)
}
