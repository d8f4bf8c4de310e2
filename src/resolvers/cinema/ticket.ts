import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { findOwnTickets, ownTickets, type TicketRow } from '../../db/queries/cinema/tickets.ts'
import { countRows } from '../../db/queries/page.ts'
import { seatById, showtimeById, ticketById } from '../../db/relations/cinema.ts'
import { checkInTicket, ticketCode } from '../../domain/cinema/ticket.ts'
import { isStaff as hasStaffRole } from '../../domain/viewer.ts'
import { isStaff, Rule } from '../../permissions/rules.ts'
import { Viewer } from '../../schema/account.ts'
import { Showtime } from '../../schema/cinema/showtime.ts'
import { Seat } from '../../schema/cinema/theatre.ts'
import { CheckInTicketInput, CheckInTicketPayload, Ticket, TicketConnection } from '../../schema/cinema/ticket.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'

const isHolder = ({ viewer }: Context, ticket: Pick<TicketRow, 'accountId'>): boolean =>
  viewer !== null && viewer.accountId === ticket.accountId

export const ticketNode: NodeType = {
  typename: 'Ticket',
  prefix: 'ticket',
  async load(context, id) {
    const ticket = await context.loaders.one(ticketById, id)
    return ticket !== null && (isHolder(context, ticket) || hasStaffRole(context.viewer)) ? ticket : null
  },
}

@Resolver(() => Ticket)
export class TicketResolver {
  @FieldResolver(() => Showtime)
  showtime(@Ctx() { loaders }: Context, @Root() ticket: TicketRow) {
    return loaders.one(showtimeById, ticket.showtimeId)
  }

  @FieldResolver(() => Seat)
  seat(@Ctx() { loaders }: Context, @Root() ticket: TicketRow) {
    return loaders.one(seatById, ticket.seatId)
  }

  @FieldResolver(() => String, { nullable: true })
  code(@Ctx() context: Context, @Root() ticket: TicketRow) {
    return ticket.status === 'VALID' && isHolder(context, ticket) ? ticketCode(context.deps, ticket.id) : null
  }

  @Mutation(() => CheckInTicketPayload, {
    nullable: true,
    description:
      'For staff at the door, from two hours before the beginning until the end: a ticket lets in once. User errors: `NOT_FOUND` (no code of ours), `ALREADY_CHECKED_IN`, `ILLEGAL_TRANSITION` (not paid, paid back), `INVALID_INPUT` (another time, cancelled).',
  })
  @Rule(isStaff)
  checkInTicket(@Ctx() context: Context, @Arg('input', () => CheckInTicketInput) input: CheckInTicketInput) {
    return payload(context, 'ticket', async () =>
      context.loaders.one(ticketById, await checkInTicket(context.deps, signedIn(context), input)),
    )
  }
}

@Resolver(() => Viewer)
export class TicketViewerResolver {
  @FieldResolver(() => TicketConnection, { description: 'Tickets that the viewer has bought, the newest first.' })
  async tickets(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const source = ownTickets(signedIn(context).accountId)
    const found = await findOwnTickets(context.deps.db, source, toPageRequest(page))
    return new Connection(found, () => countRows(context.deps.db, source))
  }
}
