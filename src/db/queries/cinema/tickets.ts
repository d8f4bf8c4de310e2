import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import type { RowOf } from '../../relation.ts'
import { ticketEntity } from '../../relations/cinema.ts'
import { tickets } from '../../tables/cinema/booking.ts'
import { findPage, type ListSource } from '../page.ts'

export type TicketRow = RowOf<typeof tickets, 'holderId'>

const NEWEST: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: tickets.createdAt, type: 'timestamptz' },
    { value: tickets.id, type: 'uuid' },
  ],
}

/** What an account has bought; what is only reserved or was given up is left out. */
export const ownTickets = (accountId: string): ListSource<TicketRow> => ({
  of: ticketEntity,
  where: [sql`${tickets.accountId} = ${accountId}::text::uuid`, sql`${tickets.status} not in ('RESERVED', 'RELEASED')`],
})

export const findOwnTickets = (db: Executor, source: ListSource<TicketRow>, page: PageRequest) =>
  findPage(db, source, NEWEST, page)
