import { eq } from 'drizzle-orm'
import { encodeId, type Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { billGroups, bills } from '../../db/tables/bill.ts'
import type { Subject, SubjectRules } from '../subject/rules.ts'
import type { Viewer } from '../viewer.ts'
import { findMembership } from './group.ts'
import { canSeeBills } from './rules.ts'

async function findGroup(db: Executor, viewer: Viewer | null, id: Uuid, isAnnounced: boolean): Promise<Subject | null> {
  const member = viewer === null ? null : await findMembership(db, viewer.accountId, id)
  if (member === null || !(isAnnounced || canSeeBills(member))) return null
  const [group] = await db.orm.select({ name: billGroups.name }).from(billGroups).where(eq(billGroups.id, id))
  if (group === undefined) return null
  return {
    kind: 'BILL_GROUP',
    id,
    ownerId: null,
    title: group.name,
    path: `/bills/${encodeId('billgroup', id)}`,
    acceptsComments: false,
    acceptsReactions: false,
    viewerMayAttach: true,
    viewerMayModerate: false,
  }
}

/** Those who share bills may hang a poll or a room on their group. */
export const billGroupSubject: SubjectRules = {
  kind: 'BILL_GROUP',
  idPrefix: 'billgroup',
  isCommentable: false,
  find: (db, viewer, id) => findGroup(db, viewer, id, false),
  findAnnounced: (db, viewer, id) => findGroup(db, viewer, id, true),
}

/** What a bill is about is said on it, among those who share. */
export const billSubject: SubjectRules = {
  kind: 'BILL',
  idPrefix: 'bill',
  isCommentable: true,
  async find(db, viewer, id) {
    const [bill] = await db.orm
      .select({ groupId: bills.groupId, description: bills.description })
      .from(bills)
      .where(eq(bills.id, id))
    if (bill === undefined || viewer === null) return null
    const member = await findMembership(db, viewer.accountId, bill.groupId)
    if (member === null || !canSeeBills(member)) return null
    return {
      kind: 'BILL',
      id,
      ownerId: null,
      title: bill.description,
      path: `/bills/${encodeId('billgroup', bill.groupId)}`,
      acceptsComments: true,
      acceptsReactions: true,
      viewerMayAttach: false,
      viewerMayModerate: false,
    }
  },
}
