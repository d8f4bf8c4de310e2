import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { decodeId } from '../core/ids.ts'
import { findOpenReports, openReports, type ReportRow } from '../db/queries/comment.ts'
import { countRows } from '../db/queries/page.ts'
import { accountById } from '../db/relations/account.ts'
import { reportById, subjectById } from '../db/relations/comment.ts'
import { reportSubject, resolveReport } from '../domain/report.ts'
import { decodeSubjectRef } from '../domain/subject/registry.ts'
import { isStaff as hasStaffRole } from '../domain/viewer.ts'
import { isSignedIn, isStaff, Rule } from '../permissions/rules.ts'
import { Account } from '../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { Node } from '../schema/node.ts'
import {
  Report,
  ReportConnection,
  ReportInput,
  ReportPayload,
  ResolveReportInput,
  ResolveReportPayload,
} from '../schema/report.ts'
import { payload } from '../schema/user-error.ts'
import { messageNode } from './chat/node.ts'
import type { NodeType } from './node-type.ts'
import { loadSubject } from './subject.ts'

export const reportNode: NodeType = {
  typename: 'Report',
  prefix: 'report',
  load: async (context, id) => (hasStaffRole(context.viewer) ? context.loaders.one(reportById, id) : null),
}

@Resolver(() => Report)
export class ReportResolver {
  @Query(() => ReportConnection, { description: 'Open reports, the oldest first. For staff.' })
  @Rule(isStaff)
  async openReports(@Ctx() { deps }: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const found = await findOpenReports(deps.db, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, openReports()))
  }

  @FieldResolver(() => Node, { nullable: true })
  async subject(@Ctx() context: Context, @Root() report: ReportRow) {
    const subject = await context.loaders.one(subjectById, report.subjectId)
    if (subject === null) return null
    // Once that is settled, what its author makes of the message is for its room alone.
    if (subject.kind === 'MESSAGE' && report.resolvedAt !== null) return messageNode.load(context, subject.id)
    const row = await loadSubject(context, subject)
    // Staff read the message or the poll that was reported, and not the room that it is from nor who voted.
    const isFromWithin = subject.kind === 'MESSAGE' || subject.kind === 'POLL'
    return row === null || !isFromWithin ? row : { ...row, isReported: true }
  }

  @FieldResolver(() => Account, { nullable: true })
  reporter(@Ctx() { loaders }: Context, @Root() report: ReportRow) {
    return loaders.one(accountById, report.reporterId)
  }

  @Mutation(() => ReportPayload, {
    nullable: true,
    description:
      'One report per member and thing; reporting again opens one that was closed. A comment or review that three members reported is held. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  report(@Ctx() context: Context, @Arg('input', () => ReportInput) { subjectId, reason, note }: ReportInput) {
    return payload(context, 'reportedId', async () => {
      const on = decodeSubjectRef(subjectId, ['input', 'subjectId'])
      await reportSubject(context.deps, signedIn(context), { on, reason, note })
      return subjectId
    })
  }

  @Mutation(() => ResolveReportPayload, {
    nullable: true,
    description: 'Closes a report. For staff. User error: `NOT_FOUND`.',
  })
  @Rule(isStaff)
  resolveReport(@Ctx() context: Context, @Arg('input', () => ResolveReportInput) { id }: ResolveReportInput) {
    return payload(context, 'report', async () => {
      const report = decodeId('report', id, ['input', 'id'])
      return context.loaders.one(reportById, await resolveReport(context.deps, signedIn(context), report))
    })
  }
}
