import { sql } from 'drizzle-orm'
import type { Executor } from '../database.ts'
import type { PageRequest } from '../keyset.ts'
import { selectColumns } from '../relation.ts'
import { type ImportRow, importEntity, importOrder } from '../relations/import.ts'
import { runStatement } from '../statement.ts'
import { imports } from '../tables/import.ts'
import { findPage, type ListSource } from './page.ts'

export const importsOf = (accountId: string): ListSource<ImportRow> => ({
  of: importEntity,
  where: [sql`${imports.accountId} = ${accountId}::text::uuid`],
})

export const findImports = (db: Executor, source: ListSource<ImportRow>, page: PageRequest) =>
  findPage(db, source, importOrder, page)

export async function findImport(db: Executor, id: string): Promise<(ImportRow & { __typename: string }) | null> {
  const [row] = await runStatement<ImportRow>(
    db,
    sql`select ${selectColumns(importEntity)} from ${imports} where ${imports.id} = ${id}::text::uuid`,
  )
  return row === undefined ? null : { ...row, __typename: 'Import' }
}
