import type { Uuid } from '../core/ids.ts'
import type { Context } from '../schema/context.ts'
import { accountNode } from './account.ts'
import { BILL_NODES } from './bill/node.ts'
import { postNode } from './blog/post.ts'
import { categoryNode, tagNode } from './blog/term.ts'
import { CHAT_NODES } from './chat/node.ts'
import { seatHoldNode } from './cinema/hold.ts'
import { movieNode } from './cinema/movie.ts'
import { scheduleNode } from './cinema/schedule.ts'
import { showtimeNode } from './cinema/showtime.ts'
import { screenNode, seatNode, theatreNode } from './cinema/theatre.ts'
import { ticketNode } from './cinema/ticket.ts'
import { waitlistEntryNode } from './cinema/waitlist.ts'
import { commentNode } from './comment.ts'
import { deviceNode } from './device.ts'
import { expenseCategoryNode, expenseChangeNode, expenseNode } from './expense/expense.ts'
import { recurringExpenseNode } from './expense/recurring.ts'
import { expenseBudgetNode } from './expense/summary.ts'
import { importNode } from './import.ts'
import { plannedMealNode, shoppingItemNode, shoppingListNode } from './meal/meal.ts'
import type { NodeType } from './node-type.ts'
import { notificationNode } from './notification.ts'
import { pollNode, pollOptionNode } from './poll/node.ts'
import { foodNode } from './recipe/food.ts'
import { cookedMealNode } from './recipe/member.ts'
import { recipeNode } from './recipe/recipe.ts'
import { reportNode } from './report.ts'
import { reviewNode } from './review.ts'
import { productCategoryNode, productNode, variantNode } from './shop/catalogue.ts'
import { orderNode } from './shop/order.ts'
import { priceChangeNode } from './shop/price.ts'
import { couponNode, movementNode } from './shop/staff.ts'
import { surveyNode, surveyOptionNode, surveyQuestionNode } from './survey/node.ts'
import { uploadNode } from './upload.ts'
import { WORKOUT_NODES } from './workout/node.ts'

export interface GraphNode {
  readonly __typename: string
}

/** Every type that implements `Node`. The ids of its rows are encoded with its prefix (see `server/schema`). */
export const NODE_TYPES: readonly NodeType[] = [
  accountNode,
  postNode,
  tagNode,
  categoryNode,
  commentNode,
  reportNode,
  reviewNode,
  productNode,
  variantNode,
  productCategoryNode,
  movementNode,
  priceChangeNode,
  couponNode,
  orderNode,
  notificationNode,
  ...CHAT_NODES,
  deviceNode,
  pollNode,
  pollOptionNode,
  surveyNode,
  surveyQuestionNode,
  surveyOptionNode,
  movieNode,
  theatreNode,
  screenNode,
  seatNode,
  showtimeNode,
  scheduleNode,
  seatHoldNode,
  ticketNode,
  ...WORKOUT_NODES,
  expenseNode,
  expenseCategoryNode,
  expenseChangeNode,
  expenseBudgetNode,
  recurringExpenseNode,
  importNode,
  ...BILL_NODES,
  recipeNode,
  foodNode,
  cookedMealNode,
  plannedMealNode,
  shoppingListNode,
  shoppingItemNode,
  waitlistEntryNode,
  uploadNode,
]

const BY_PREFIX = new Map(NODE_TYPES.map((type) => [type.prefix, type]))

/** The thing with this id if the viewer may see it. */
export async function loadNode(context: Context, prefix: string, id: Uuid): Promise<GraphNode | null> {
  return (await BY_PREFIX.get(prefix)?.load(context, id)) ?? null
}
