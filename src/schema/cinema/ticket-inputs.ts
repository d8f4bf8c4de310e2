import { Field, ID, InputType } from 'type-graphql'
import { Refund } from '../shop/order.ts'
import { alsoAnswers, payloadOf } from '../user-error.ts'
import { Ticket } from './ticket.ts'

/** `MAX_CART_SEATS` in domain/cinema/rules. */
const MOST_TICKETS = 50

@InputType()
export class CancelTicketsInput {
  @Field(() => String, { nullable: true, description: 'Of a guest: the token of the cart that the order came from.' })
  cartToken?: string | null

  @Field(() => [ID], { description: 'At most 50, of one order or several.' })
  ticketIds: string[]

  @Field(() => String, {
    nullable: true,
    description: 'The same key and input again gets the first answer. 8 to 100 printable characters. For members.',
  })
  idempotencyKey?: string
}

export const CancelTicketsPayload = alsoAnswers(
  payloadOf('CancelTicketsPayload', 'tickets', () => [Ticket], 'The tickets, paid back now.', { atMost: MOST_TICKETS }),
  'refunds',
  () => [Refund],
  'What is sent back for them: one refund for each order in which they cost something.',
  { atMost: MOST_TICKETS },
)
