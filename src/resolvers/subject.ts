import { billById, billGroupById } from '../db/relations/bill.ts'
import { postById } from '../db/relations/blog.ts'
import { messageById, roomById } from '../db/relations/chat.ts'
import { movieById, showtimeById } from '../db/relations/cinema.ts'
import { commentById, subjectById } from '../db/relations/comment.ts'
import { pollById } from '../db/relations/poll.ts'
import { recipeById } from '../db/relations/recipe/recipe.ts'
import { reviewById } from '../db/relations/review.ts'
import { productById } from '../db/relations/shop/catalogue.ts'
import { orderById } from '../db/relations/shop/order.ts'
import { surveyById } from '../db/relations/survey.ts'
import { workoutById } from '../db/relations/workout.ts'
import { canSeeBills } from '../domain/bill/rules.ts'
import { canSeePost } from '../domain/blog/rules.ts'
import { mayInRoom } from '../domain/chat/rules.ts'
import { type CommentedOn, canReadComment } from '../domain/comment/rules.ts'
import { canSeePoll, type PollFacts } from '../domain/poll/rules.ts'
import { canSeeRecipe } from '../domain/recipe/rules.ts'
import { canSeeReview } from '../domain/review/rules.ts'
import { canSeeOrder } from '../domain/shop/order-rules.ts'
import { canSeeProduct } from '../domain/shop/rules.ts'
import type { SubjectKind, SubjectRef } from '../domain/subject/rules.ts'
import { canSeeSurvey } from '../domain/survey/rules.ts'
import { invitationOf, membershipOf } from '../loaders/chat.ts'
import type { Context } from '../schema/context.ts'
import { billGroupNode, membershipOf as billMembershipOf, billNode } from './bill/node.ts'
import { viewerMembership } from './chat/membership.ts'
import { findWorkout } from './workout/sight.ts'

type SubjectRow = { readonly __typename: string } | null

/** How the row of each kind of subject is loaded. Whoever calls has made sure that the viewer may see it. */
const LOAD: Readonly<Record<SubjectKind, (context: Context, id: string) => Promise<SubjectRow>>> = {
  POST: ({ loaders }, id) => loaders.one(postById, id),
  COMMENT: ({ loaders }, id) => loaders.one(commentById, id),
  ROOM: ({ loaders }, id) => loaders.one(roomById, id),
  MESSAGE: ({ loaders }, id) => loaders.one(messageById, id),
  POLL: ({ loaders }, id) => loaders.one(pollById, id),
  SURVEY: ({ loaders }, id) => loaders.one(surveyById, id),
  MOVIE: ({ loaders }, id) => loaders.one(movieById, id),
  SHOWTIME: ({ loaders }, id) => loaders.one(showtimeById, id),
  WORKOUT: ({ loaders }, id) => loaders.one(workoutById, id),
  RECIPE: ({ loaders }, id) => loaders.one(recipeById, id),
  REVIEW: ({ loaders }, id) => loaders.one(reviewById, id),
  PRODUCT: ({ loaders }, id) => loaders.one(productById, id),
  ORDER: ({ loaders }, id) => loaders.one(orderById, id),
  BILL_GROUP: ({ loaders }, id) => loaders.one(billGroupById, id),
  BILL: ({ loaders }, id) => loaders.one(billById, id),
}

export const loadSubject = (context: Context, { kind, id }: SubjectRef): Promise<SubjectRow> => LOAD[kind](context, id)

async function findProduct(context: Context, id: string): Promise<SubjectRow> {
  const product = await context.loaders.one(productById, id)
  return product !== null && (product.status !== 'DRAFT' || canSeeProduct(context.viewer, product)) ? product : null
}

/** What can be commented on, if the viewer may see it. Through loaders: a list of comments asks once for its subject. */
const COMMENTABLE: Readonly<Record<SubjectKind, (context: Context, id: string) => Promise<CommentedOn | null>>> = {
  async POST({ loaders, viewer }, id) {
    const post = await loaders.one(postById, id)
    return post !== null && canSeePost(viewer, post) ? { ownerId: post.authorId } : null
  },
  COMMENT: async () => null,
  ROOM: async () => null,
  MESSAGE: async () => null,
  async POLL(context, id) {
    const poll = await context.loaders.one(pollById, id)
    return poll !== null && (await maySeePoll(context, poll)) ? { ownerId: poll.ownerId } : null
  },
  SURVEY: async () => null,
  MOVIE: async ({ loaders }, id) => ((await loaders.one(movieById, id)) === null ? null : { ownerId: null }),
  SHOWTIME: async () => null,
  async WORKOUT(context, id) {
    const workout = await findWorkout(context, id)
    return workout === null ? null : { ownerId: workout.ownerId }
  },
  async RECIPE({ loaders, viewer }, id) {
    const recipe = await loaders.one(recipeById, id)
    return recipe !== null && canSeeRecipe(viewer, recipe) ? { ownerId: recipe.chefId } : null
  },
  REVIEW: async () => null,
  PRODUCT: async (context, id) => ((await findProduct(context, id)) === null ? null : { ownerId: null }),
  ORDER: async () => null,
  BILL_GROUP: async () => null,
  BILL: async (context, id) => ((await billNode.load(context, id)) === null ? null : { ownerId: null }),
}

/** The thing that a comment is on, as far as the rules need to know it; null where the viewer may not see it. */
export async function findCommentedOn(context: Context, subjectId: string): Promise<CommentedOn | null> {
  const subject = await context.loaders.one(subjectById, subjectId)
  return subject === null ? null : COMMENTABLE[subject.kind](context, subject.id)
}

type Hanging = Pick<PollFacts, 'ownerId' | 'state'> & { readonly subjectId: string | null }
/** The row of each kind of subject if the viewer may see it and read what it says. Through loaders. */
const READABLE: Readonly<Record<SubjectKind, (context: Context, id: string) => Promise<SubjectRow>>> = {
  async POST(context, id) {
    const post = await context.loaders.one(postById, id)
    // The viewer is read last: a published post is shown to all listeners of a subscription alike.
    return post !== null && (post.status === 'PUBLISHED' || canSeePost(context.viewer, post)) ? post : null
  },
  async COMMENT(context, id) {
    const comment = await context.loaders.one(commentById, id)
    const on = comment === null ? null : await findCommentedOn(context, comment.subjectId)
    return comment !== null && on !== null && canReadComment(context.viewer, comment, on) ? comment : null
  },
  async POLL(context, id) {
    const poll = await context.loaders.one(pollById, id)
    return poll !== null && (await maySeePoll(context, poll)) ? poll : null
  },
  async SURVEY(context, id) {
    const survey = await context.loaders.one(surveyById, id)
    return survey !== null && (await maySeeSurvey(context, survey)) ? survey : null
  },
  async ROOM({ loaders, viewer }, id) {
    if (viewer === null) return null
    const own = await membershipOf(loaders, viewer.accountId, id)
    return (own ?? (await invitationOf(loaders, viewer.accountId, id))) === null ? null : loaders.one(roomById, id)
  },
  async MESSAGE(context, id) {
    const message = await context.loaders.one(messageById, id)
    if (message === null || message.deletedAt !== null) return null
    return (await viewerMembership(context, message.roomId)) === null ? null : message
  },
  MOVIE: LOAD.MOVIE,
  SHOWTIME: LOAD.SHOWTIME,
  WORKOUT: findWorkout,
  async RECIPE(context, id) {
    const recipe = await context.loaders.one(recipeById, id)
    return recipe !== null && (recipe.status === 'PUBLISHED' || canSeeRecipe(context.viewer, recipe)) ? recipe : null
  },
  async REVIEW(context, id) {
    const review = await context.loaders.one(reviewById, id)
    if (review === null) return null
    const isSeen = review.state === 'VISIBLE' || canSeeReview(context.viewer, review)
    return isSeen && (await findReadableSubject(context, review.subjectId)) !== null ? review : null
  },
  PRODUCT: findProduct,
  async ORDER({ loaders, viewer }, id) {
    const order = await loaders.one(orderById, id)
    return order !== null && canSeeOrder(viewer, null, order) ? order : null
  },
  BILL_GROUP: (context, id) => billGroupNode.load(context, id),
  BILL: (context, id) => billNode.load(context, id),
}

/** What a notification, … is about; null where it was taken away or is not for the viewer. */
export async function findReadableSubject(context: Context, subjectId: string): Promise<SubjectRow> {
  const subject = await context.loaders.one(subjectById, subjectId)
  return subject === null ? null : READABLE[subject.kind](context, subject.id)
}

/** A poll is visible with what it hangs on. The viewer is looked at last: most polls are for everybody. */
export async function maySeePoll(context: Context, poll: Hanging): Promise<boolean> {
  if (poll.state === 'DRAFT' && !canSeePoll(context.viewer, poll)) return false
  return poll.subjectId === null || (await findAnchor(context, poll.subjectId)) !== null
}

/** So is a survey. */
export async function maySeeSurvey(context: Context, survey: Hanging): Promise<boolean> {
  if (survey.state === 'DRAFT' && !canSeeSurvey(context.viewer, survey)) return false
  return survey.subjectId === null || (await findAnchor(context, survey.subjectId)) !== null
}

/** What a poll or a survey hangs on, if the viewer may see what hangs there: of a room that is for its members. */
export async function findAnchor(context: Context, subjectId: string | null): Promise<SubjectRow> {
  const subject = await context.loaders.one(subjectById, subjectId)
  if (subject === null) return null
  if (subject.kind === 'BILL_GROUP' && !canSeeBills(await billMembershipOf(context, subject.id))) return null
  if (subject.kind !== 'ROOM') return READABLE[subject.kind](context, subject.id)
  return (await viewerMembership(context, subject.id)) === null ? null : context.loaders.one(roomById, subject.id)
}

/** The viewer moderates what a poll or a survey hangs on, as `Subject.viewerMayModerate` says it; batched. */
export async function viewerModerates(context: Context, subjectId: string | null): Promise<boolean> {
  const subject = await context.loaders.one(subjectById, subjectId)
  if (subject?.kind !== 'ROOM') return false
  const room = await context.loaders.one(roomById, subject.id)
  return room !== null && mayInRoom('deleteMessages', room.kind, await viewerMembership(context, room.id))
}
