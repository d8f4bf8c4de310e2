import { eq } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import type { Deps } from '../deps.ts'
import { changePicture } from '../upload/picture.ts'
import type { Viewer } from '../viewer.ts'

/** The columns of a changed avatar. @throws as `changePicture` */
export async function avatarChange(
  deps: Deps,
  tx: Transaction,
  viewer: Viewer,
  { avatarUrl, avatarUploadId }: { avatarUrl?: string | null | undefined; avatarUploadId?: Uuid | null | undefined },
): Promise<{ avatarUrl?: string | null; avatarId?: Uuid | null }> {
  const [account] = await tx.orm
    .select({ avatarId: accounts.avatarId })
    .from(accounts)
    .where(eq(accounts.id, viewer.accountId))
    .for('no key update')
  const argument = ['input', 'avatarUploadId']
  const present = account?.avatarId ?? null
  const wish = { url: avatarUrl, uploadId: avatarUploadId, use: 'AVATAR', present, argument } as const
  const { url, uploadId } = await changePicture(deps, tx, viewer, wish)
  return { avatarUrl: url, avatarId: uploadId }
}
