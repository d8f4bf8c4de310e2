import { ticketLines } from '../cinema/ticket-lines.ts'
import { goodsLines } from './goods.ts'
import type { OrderLineKind } from './line-kind.ts'

/** Every kind of line, in the order in which they are taken: each checkout goes the same way, so none meets in a circle. */
export const LINE_KINDS: readonly OrderLineKind[] = [goodsLines, ticketLines]
