import { lifecycle } from '../../core/lifecycle.ts'
import type { billMemberStatus } from '../../db/tables/bill.ts'

export type BillMemberStatus = (typeof billMemberStatus.enumValues)[number]

/** In one group, invitations included. */
export const MAX_BILL_MEMBERS = 50
/** Of one member, invitations included. */
export const MAX_BILL_GROUPS = 200

/** Who declines was never in it; who has left may be invited again. */
export const memberLifecycle = lifecycle<BillMemberStatus>('member', {
  INVITED: ['ACTIVE', 'LEFT'],
  ACTIVE: ['LEFT'],
  LEFT: ['INVITED'],
})

type Membership = { readonly status: BillMemberStatus } | null

/** Who was invited sees who shares, to decide whether to come in; what they share is for members. */
export const canSeeGroup = (membership: Membership): boolean => membership !== null && membership.status !== 'LEFT'

export const canSeeBills = (membership: Membership): boolean => membership?.status === 'ACTIVE'

/** Who entered it, and who paid for it. */
export const canChangeBill = (
  membership: { readonly id: string; readonly status: BillMemberStatus } | null,
  bill: { readonly authorId: string; readonly payerIds: readonly string[] },
): boolean =>
  membership?.status === 'ACTIVE' && (membership.id === bill.authorId || bill.payerIds.includes(membership.id))
