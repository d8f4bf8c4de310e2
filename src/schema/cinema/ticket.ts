import { Field, ID, InputType } from 'type-graphql'
import type { TicketStatus as TicketStatusName } from '../../domain/cinema/rules.ts'
import { connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf, UserError } from '../user-error.ts'
import { Showtime } from './showtime.ts'
import { Seat } from './theatre.ts'

export const TicketStatus = enumOf<TicketStatusName>('TicketStatus', 'What a ticket is good for.', {
  RESERVED: 'Its order is not paid yet.',
  VALID: 'It lets one person in, once.',
  CHECKED_IN: 'It has let somebody in.',
  REFUNDED: 'It was paid back.',
  RELEASED: 'Its order was given up before it was paid.',
})

@GraphObject('A seat of a showtime that is on an order. Its holder sees it, and staff.', [Node])
export class Ticket extends Node {
  @Field(() => Showtime)
  showtime: Showtime

  @Field(() => Seat)
  seat: Seat

  @Field(() => TicketStatus)
  status: TicketStatusName

  @Field(() => String, {
    nullable: true,
    description: 'What its QR code carries, sealed by the server. Only for its holder, and only while it is valid.',
  })
  code: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The QR code as an SVG of its own, to be shown at the door. Where `code` is.',
  })
  qrCode: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Address of a page with the ticket, to show or to print. Whoever has it has the ticket. Where `code` is.',
  })
  url: string | null

  @Field(() => Boolean, {
    description: 'It is valid, and `cancelTickets` takes it until `showtime { cancellableUntil }`.',
  })
  isCancellable: boolean

  @Field(() => DateTime, { nullable: true })
  checkedInAt: string | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: TicketConnection } = connectionOf(Ticket)

@InputType()
export class CheckInTicketInput {
  @Field(() => String, { description: 'What the QR code carries.' })
  code: string

  @Field(() => ID, {
    nullable: true,
    description: 'What is shown behind this door. A ticket of another showtime is refused, and not used up.',
  })
  showtimeId?: string | null
}

export const CheckInTicketPayload = payloadOf('CheckInTicketPayload', 'ticket', () => Ticket, 'The ticket, used now.')

@GraphObject('Tickets of this showtime can no longer be given back.', [UserError])
export class CancellationClosed extends UserError {
  @Field(() => DateTime, { description: 'Until when they could.' })
  closedAt: string
}

@GraphObject('This ticket has let somebody in before.', [UserError])
export class AlreadyCheckedIn extends UserError {
  @Field(() => DateTime)
  checkedInAt: string
}
