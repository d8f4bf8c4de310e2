import { eq } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { imports } from '../../db/tables/import.ts'
import type { Portability } from '../account/portability.ts'

export const importPortability: Portability = {
  room: 'imports',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        id: imports.id,
        kind: imports.kind,
        status: imports.status,
        filename: imports.filename,
        rowsKept: imports.rowsKept,
        rowsKnown: imports.rowsKnown,
        rowsRefused: imports.rowsRefused,
        createdAt: imports.createdAt,
      })
      .from(imports)
      .where(eq(imports.accountId, accountId))
      .orderBy(imports.createdAt)
    return rows.map((row) => ({ ...row, id: encodeId('import', row.id) }))
  },
  /** They go with the account; what staff took in stays. */
  async eraseOf() {},
}
