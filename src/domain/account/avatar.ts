import { eq } from 'drizzle-orm'
import { invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import type { Deps } from '../deps.ts'
import { claimUploads } from '../upload/claim.ts'
import type { Viewer } from '../viewer.ts'

/** An address or an upload: one takes the place of the other. */
export async function avatarChange(
  deps: Deps,
  tx: Transaction,
  viewer: Viewer,
  url: string | null | undefined,
  uploadId: Uuid | null | undefined,
): Promise<{ avatarUrl?: string | null; avatarId?: Uuid | null }> {
  if (uploadId == null) {
    if (url == null) return { ...(url === null && { avatarUrl: null }), ...(uploadId === null && { avatarId: null }) }
    return { avatarUrl: url, avatarId: null }
  }
  const argument = ['input', 'avatarUploadId']
  if (url != null) throw invalidInput(argument, 'Give an address or an upload, not both.')
  const [account] = await tx.orm
    .select({ avatarId: accounts.avatarId })
    .from(accounts)
    .where(eq(accounts.id, viewer.accountId))
    .for('no key update')
  const kept = account?.avatarId == null ? [] : [account.avatarId]
  await claimUploads(deps, tx, viewer, { ids: [uploadId], use: 'AVATAR', kept, argument, isSingle: true })
  return { avatarUrl: null, avatarId: uploadId }
}
