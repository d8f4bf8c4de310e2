import { Field, ID, InputType } from 'type-graphql'
import type { ReportReason as ReportReasonName } from '../domain/report.ts'
import { Account } from './account.ts'
import { connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { Node } from './node.ts'
import { GraphObject } from './object.ts'
import { DateTime } from './scalars.ts'
import { payloadOf } from './user-error.ts'

export const ReportReason = enumOf<ReportReasonName>('ReportReason', 'What is wrong with it.', {
  SPAM: 'Advertising or noise.',
  ABUSE: 'It attacks people.',
  ILLEGAL: 'It breaks the law.',
  OFF_TOPIC: 'It does not belong here.',
  OTHER: 'Something else; the note says what.',
})

@GraphObject('A member’s report of something, for staff.', [Node])
export class Report extends Node {
  @Field(() => Node, { nullable: true, description: 'What was reported.' })
  subject: Node | null

  @Field(() => Account, { nullable: true })
  reporter: Account | null

  @Field(() => ReportReason)
  reason: ReportReasonName

  @Field(() => String)
  note: string

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime, { nullable: true, description: 'Null while it is open.' })
  resolvedAt: string | null
}

export const { Connection: ReportConnection } = connectionOf(Report)

@InputType()
export class ReportInput {
  @Field(() => ID, { description: 'The post, comment, … to report.' })
  subjectId: string

  @Field(() => ReportReason)
  reason: ReportReasonName

  @Field(() => String, { nullable: true, description: 'At most 1000 characters.' })
  note?: string
}

@InputType()
export class ResolveReportInput {
  @Field(() => ID)
  id: string
}

export const ReportPayload = payloadOf('ReportPayload', 'reportedId', () => ID, 'The id of what was reported.')
export const ResolveReportPayload = payloadOf('ResolveReportPayload', 'report', () => Report, 'The closed report.')
