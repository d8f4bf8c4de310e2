import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql'
import { encodeId } from '../../core/ids.ts'
import { type BillChangeRow, billMemberById } from '../../db/relations/bill.ts'
import { BillChange, BillMember } from '../../schema/bill/bill.ts'
import type { Context } from '../../schema/context.ts'
import { JsonObject } from '../../schema/scalars.ts'

const MEMBERS = new Set(['memberId', 'fromId', 'toId'])

/** What the trail keeps, with the ids of members as the graph has them. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, each]) => [
      field,
      MEMBERS.has(field) ? encodeId('billmember', String(each)) : shown(each),
    ]),
  )
}

@Resolver(() => BillChange)
export class BillChangeResolver {
  @FieldResolver(() => ID)
  entryId(@Root() { entry, entryId }: BillChangeRow) {
    return encodeId(entry === 'BILL' ? 'bill' : 'settlement', entryId)
  }

  @FieldResolver(() => BillMember)
  actor(@Ctx() { loaders }: Context, @Root() { memberId }: BillChangeRow) {
    return loaders.one(billMemberById, memberId)
  }

  @FieldResolver(() => JsonObject, { nullable: true })
  before(@Root() { before }: BillChangeRow) {
    return shown(before)
  }

  @FieldResolver(() => JsonObject, { nullable: true })
  after(@Root() { after }: BillChangeRow) {
    return shown(after)
  }
}
