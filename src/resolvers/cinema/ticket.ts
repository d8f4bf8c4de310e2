import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { decodeId } from '../../core/ids.ts'
import { findOwnTickets, ownTickets, type TicketRow } from '../../db/queries/cinema/tickets.ts'
import { countRows } from '../../db/queries/page.ts'
import { seatById, showtimeById, theatreById, ticketById } from '../../db/relations/cinema.ts'
import { type OrderRow, refundById } from '../../db/relations/shop/order.ts'
import { cancelTickets } from '../../domain/cinema/cancellation.ts'
import { checkInTicket, orderTicketsUrl, ticketCode, ticketUrl } from '../../domain/cinema/ticket.ts'
import { ticketQrCode } from '../../domain/cinema/ticket-sheet.ts'
import { isStaff as hasStaffRole } from '../../domain/viewer.ts'
import { everyone, isStaff, Rule } from '../../permissions/rules.ts'
import { Viewer } from '../../schema/account.ts'
import { Showtime } from '../../schema/cinema/showtime.ts'
import { Seat } from '../../schema/cinema/theatre.ts'
import { CheckInTicketInput, CheckInTicketPayload, Ticket, TicketConnection } from '../../schema/cinema/ticket.ts'
import { CancelTicketsInput, CancelTicketsPayload } from '../../schema/cinema/ticket-inputs.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Order } from '../../schema/shop/order.ts'
import { payload, payloadOfAll } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'
import { cartHolder } from '../shop/cart.ts'

/** It is drawn each time, under each alias: about a millisecond. */
const QR_CODE_COST = 20

const isHolder = ({ viewer }: Context, ticket: Pick<TicketRow, 'accountId'>): boolean =>
  viewer !== null && viewer.accountId === ticket.accountId

/** Of a guest's ticket only who has shown the order's token gets to know, and staff. */
const isShownTo = (context: Context, ticket: Pick<TicketRow, 'accountId'>): boolean =>
  ticket.accountId === null ? !hasStaffRole(context.viewer) : isHolder(context, ticket)

const opensDoor = (context: Context, ticket: TicketRow): boolean =>
  ticket.status === 'VALID' && isShownTo(context, ticket)

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
    return opensDoor(context, ticket) ? ticketCode(context.deps, ticket.id) : null
  }

  @FieldResolver(() => String, { nullable: true })
  @Costs({ own: QR_CODE_COST })
  qrCode(@Ctx() context: Context, @Root() ticket: TicketRow) {
    return opensDoor(context, ticket) ? ticketQrCode(context.deps, ticket.id) : null
  }

  @FieldResolver(() => String, { nullable: true })
  url(@Ctx() context: Context, @Root() ticket: TicketRow) {
    return opensDoor(context, ticket) ? ticketUrl(context.deps, ticket.id) : null
  }

  @FieldResolver(() => Boolean)
  async isCancellable(@Ctx() { deps, loaders }: Context, @Root() ticket: TicketRow) {
    const showtime = await loaders.one(showtimeById, ticket.showtimeId)
    const theatre = await loaders.one(theatreById, showtime?.theatreId ?? null)
    if (showtime === null || theatre === null || ticket.status !== 'VALID') return false
    const closesAtMs = Date.parse(showtime.startsAt) - theatre.cancellationMinutes * 60_000
    return showtime.status === 'CANCELLED' || deps.clock.now().getTime() < closesAtMs
  }

  @Mutation(() => CancelTicketsPayload, {
    nullable: true,
    description:
      'For their buyer, a guest with the token of the order’s cart: all of these tickets go back, or none. Their seats are free at once, and what was paid for them is refunded. User errors: `NOT_FOUND`, `CANCELLATION_CLOSED`, `ILLEGAL_TRANSITION` (used, not paid, paid back), `LIMIT_EXCEEDED`, `INVALID_INPUT`, `CONFLICT` (key).',
  })
  @Rule(everyone)
  cancelTickets(@Ctx() context: Context, @Arg('input', () => CancelTicketsInput) input: CancelTicketsInput) {
    return payloadOfAll(context, async () => {
      const { ticketIds, idempotencyKey } = input
      const cancelled = await cancelTickets(context.deps, cartHolder(context, input), {
        ticketIds: ticketIds.map((id, at) => decodeId('ticket', id, ['input', 'ticketIds', String(at)])),
        ...(idempotencyKey == null ? {} : { idempotencyKey }),
      })
      const { loaders } = context
      return {
        tickets: await Promise.all(cancelled.ticketIds.map((id) => loaders.one(ticketById, id))),
        refunds: await Promise.all(cancelled.refundIds.map((id) => loaders.one(refundById, id))),
      }
    })
  }

  @Mutation(() => CheckInTicketPayload, {
    nullable: true,
    description:
      'For staff at the door, from two hours before the beginning until the end: a ticket lets in once. User errors: `NOT_FOUND` (no code of ours), `ALREADY_CHECKED_IN`, `ILLEGAL_TRANSITION` (not paid, paid back), `INVALID_INPUT` (another time, another showing than that of the door, cancelled).',
  })
  @Rule(isStaff)
  checkInTicket(
    @Ctx() context: Context,
    @Arg('input', () => CheckInTicketInput) { code, showtimeId }: CheckInTicketInput,
  ) {
    return payload(context, 'ticket', async () => {
      const door = showtimeId == null ? null : decodeId('showtime', showtimeId, ['input', 'showtimeId'])
      const id = await checkInTicket(context.deps, signedIn(context), { code, showtimeId: door })
      return context.loaders.one(ticketById, id)
    })
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

@Resolver(() => Order)
export class TicketOrderResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Address of a page with all tickets of the order, to show or to print. For its buyer, once it is paid. Whoever has it has the tickets.',
  })
  ticketsUrl(@Ctx() context: Context, @Root() order: OrderRow) {
    return order.paidAt !== null && isShownTo(context, order) ? orderTicketsUrl(context.deps, order.id) : null
  }
}
