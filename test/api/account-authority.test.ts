import {
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Role, Viewer } from '../../src/domain/viewer.ts'
import { everyone } from '../../src/permissions/rules.ts'
import { rootFields, ruleOf } from '../../src/server/guard.ts'
import { createGraph } from '../../src/server/schema.ts'
import { call, codes, connect } from '../support/door.ts'
import type { Answer, TestServer } from '../support/server.ts'
import { startTestServer } from '../support/server.ts'

/** Who may use which root field. A new root field fails the first test until it has its place here. */
const OPEN = `Query.account Query.categories Query.category Query.node Query.nodes Query.polls Query.post
  Query.posts Query.rooms Query.search Query.surveys Query.tag Query.tags Query.viewer Mutation.refreshSession Mutation.signIn
  Mutation.signOut Mutation.signUp Subscription.commentAdded Subscription.pollUpdated Subscription.surveyUpdated`
const CINEMA_SIGNED_IN =
  'Mutation.claimSeatHolds Mutation.joinWaitlist Mutation.leaveWaitlist Subscription.waitlistEntryUpdated'
const CINEMA_OPEN = `Query.topRatedMovies Query.movies Query.seatHold Query.showtimes Query.theatres Mutation.cancelTickets Mutation.extendHold Mutation.holdBestSeats
  Mutation.holdSeats Mutation.releaseHold Subscription.seatMapChanged`
const CINEMA_STAFF = `Query.allShowtimes Query.showtimeSchedules Mutation.blockSeat Mutation.cancelShowtime Mutation.checkInTicket Mutation.createMovie
  Mutation.createScreen Mutation.createShowtime Mutation.createShowtimeSchedule Mutation.createTheatre Mutation.deleteMovie
  Mutation.endShowtimeSchedule Mutation.pauseShowtime Mutation.refillShowtimeSchedule Mutation.resumeShowtime Mutation.updateMovie
  Mutation.updateScreen Mutation.updateTheatre`
const SHOP_OPEN = `Query.cart Query.deliveryCountries Query.order Query.product Query.productCategories Query.productCategory Query.productFacets
  Query.products Mutation.acceptCartPrices Mutation.addHoldToCart Mutation.addToCart Mutation.applyCoupon Mutation.cancelOrder
  Mutation.checkout Mutation.payOrder Mutation.removeCoupon Mutation.removeFromCart Mutation.removeHoldFromCart
  Mutation.updateCartItem Subscription.orderUpdated`
const SHOP_SIGNED_IN = 'Mutation.addWish Mutation.mergeCart Mutation.removeWish'
const SHOP_STAFF = `Query.allProducts Query.coupons Query.disputes Query.lowStock Query.orders Query.priceChangePreview
  Query.refunds Query.salesReport Mutation.activateProduct Mutation.addVariant
  Mutation.archiveProduct Mutation.changePrices Mutation.completeOrder Mutation.createCoupon Mutation.createProduct Mutation.createProductCategory
  Mutation.deleteProductCategory Mutation.fulfilOrder Mutation.moveStock Mutation.refundOrder Mutation.retryRefund Mutation.updateCoupon
  Mutation.updateProduct Mutation.updateProductCategory Mutation.updateVariant`
const RECIPE_OPEN = 'Query.food Query.foods Query.recipe Query.recipeLabels Query.recipes Query.units'
const MEAL_SIGNED_IN = `Mutation.addIngredientsToCart Mutation.addShoppingItem Mutation.checkShoppingItem Mutation.copyMealWeek
  Mutation.createShoppingList Mutation.deleteShoppingList Mutation.planMeal Mutation.regenerateShoppingList Mutation.removeMeal
  Mutation.removeShoppingItem Mutation.updateMeal`
const MEAL_STAFF = 'Mutation.linkFoodToVariant Mutation.unlinkFoodFromVariant'
const RECIPE_SIGNED_IN = `Mutation.addFavourite Mutation.archiveRecipe Mutation.becomeChef Mutation.createRecipe
  Mutation.deleteCookedMeal Mutation.deleteRecipe Mutation.importRecipe Mutation.logCookedMeal Mutation.publishRecipe Mutation.removeFavourite
  Mutation.updateCookedMeal Mutation.updateRecipe`
const SIGNED_IN = `Query.findContacts Query.notifications Query.searchMessages Mutation.acceptRoomInvitation
  Mutation.addComment Mutation.addReaction Mutation.archivePost Mutation.blockAccount Mutation.castVote
  Mutation.changeVote Mutation.claimPrekeys Mutation.closePoll Mutation.closeSurvey Mutation.createPoll
  Mutation.createPost Mutation.createRoom Mutation.createRoomLink Mutation.createSurvey Mutation.deleteAccount
  Mutation.deleteComment Mutation.deleteMessage Mutation.deletePoll Mutation.deletePost Mutation.deleteReview Mutation.deleteRoom
  Mutation.deleteRoomLink Mutation.deleteSurvey Mutation.editComment Mutation.editMessage Mutation.endRoomInvitation
  Mutation.extendPoll Mutation.extendSurvey Mutation.followAccount Mutation.inviteToRoom Mutation.joinRoom Mutation.joinRoomByLink
  Mutation.leaveRoom Mutation.liftRoomBan Mutation.markNotificationsRead Mutation.markRoomRead
  Mutation.moderateComment Mutation.muteNotifications Mutation.openDirectRoom Mutation.openPoll Mutation.openSurvey
  Mutation.pinMessage Mutation.publishPost Mutation.registerDevice Mutation.removeReaction Mutation.removeRoomMember
  Mutation.report Mutation.reviewSubject Mutation.revokeDevice Mutation.schedulePost Mutation.sendMessage Mutation.setRoomRole
  Mutation.setTyping Mutation.submitSurvey Mutation.unblockAccount Mutation.unfollowAccount
  Mutation.unmuteNotifications Mutation.unpinMessage Mutation.unschedulePost Mutation.updateNotificationPreferences
  Mutation.updatePoll Mutation.updatePost Mutation.updateProfile Mutation.updateRoom Mutation.updateSurvey
  Mutation.uploadPrekeys Mutation.withdrawVote Mutation.discardUpload Subscription.uploadUpdated Subscription.devicesChanged Subscription.messageAdded
  Subscription.notificationAdded Subscription.roomEvents Subscription.roomListUpdated Subscription.roomPresence
  Subscription.unreadNotificationCount`
const STAFF = `Query.openReports Mutation.createCategory Mutation.createTag Mutation.deleteCategory Mutation.deleteTag
  Mutation.moderateReview Mutation.resolveReport`
const ADMIN = 'Mutation.changeRole'

const WORKOUT_OPEN = 'Query.exercises Query.workoutPlans Query.workouts Subscription.workoutUpdated'
const WORKOUT_SIGNED_IN = `Mutation.addWorkoutExercise Mutation.cancelWorkout Mutation.changeWorkoutRepeat Mutation.copyWorkoutPlan
  Mutation.createExercise Mutation.createWorkoutPlan Mutation.deleteExercise Mutation.deleteSet Mutation.deleteWorkout
  Mutation.deleteWorkoutPlan Mutation.endWorkoutRepeat Mutation.finishWorkout Mutation.logSet Mutation.movePlanExercise
  Mutation.moveSet Mutation.moveWorkoutExercise Mutation.removeWorkoutExercise Mutation.reopenWorkout
  Mutation.repeatWorkoutPlan Mutation.scheduleWorkout Mutation.skipWorkout Mutation.startWorkout Mutation.updateExercise
  Mutation.updateSet Mutation.updateWorkout Mutation.updateWorkoutExercise Mutation.updateWorkoutPlan
  Mutation.updateWorkoutSettings`
const EXPENSE_OPEN = 'Query.convertMoney Query.exchangeRates'
const EXPENSE_SIGNED_IN = `Query.expense Query.expenseBudgets Query.expenseCategories Query.expenseChanges
  Query.expensePreferences Query.expenseSummary Query.expenses Query.expensesCsv Query.imports Mutation.createExpense Mutation.createExpenseCategory
  Mutation.deleteExpense Mutation.deleteExpenseBudget Mutation.deleteExpenseCategory Mutation.setExpenseBudget
  Mutation.updateExpense Mutation.updateExpenseCategory Mutation.updateExpensePreferences
  Mutation.importExpenses Subscription.expenseBudgetsUpdated Subscription.expenseSummaryUpdated Subscription.importUpdated`
const BILL_SIGNED_IN = `Query.billGroup Query.billGroups Mutation.acceptBillInvitation Mutation.addBill Mutation.bookBillPart
  Mutation.createBillGroup Mutation.declineBillInvitation Mutation.deleteBill Mutation.deleteSettlement
  Mutation.inviteToBillGroup Mutation.leaveBillGroup Mutation.renameBillGroup Mutation.settleBills Mutation.updateBill Mutation.withdrawBillInvitation
  Subscription.billGroupUpdated`
const RECURRING_SIGNED_IN = `Query.recurringExpenses Mutation.createRecurringExpense Mutation.deleteRecurringExpense
  Mutation.pauseRecurringExpense Mutation.resumeRecurringExpense Mutation.skipRecurringExpense
  Mutation.updateRecurringExpense`
const EXPENSE_STAFF = 'Mutation.importExchangeRates Mutation.importProducts Mutation.setExchangeRate'

const names = (list: string): string[] => list.split(/\s+/)
const ROLES = [null, 'MEMBER', 'CHEF', 'STAFF', 'ADMIN'] as const
const U = 'UNAUTHENTICATED'
const F = 'FORBIDDEN'
/** By role, in the order of ROLES; null is leave. */
const VERDICTS = [
  [SIGNED_IN, [U, null, null, null, null]],
  [STAFF, [U, F, F, null, null]],
  [CINEMA_SIGNED_IN, [U, null, null, null, null]],
  [CINEMA_STAFF, [U, F, F, null, null]],
  [RECIPE_SIGNED_IN, [U, null, null, null, null]],
  [MEAL_SIGNED_IN, [U, null, null, null, null]],
  [MEAL_STAFF, [U, F, F, null, null]],
  [SHOP_SIGNED_IN, [U, null, null, null, null]],
  [SHOP_STAFF, [U, F, F, null, null]],
  [EXPENSE_SIGNED_IN, [U, null, null, null, null]],
  [BILL_SIGNED_IN, [U, null, null, null, null]],
  [RECURRING_SIGNED_IN, [U, null, null, null, null]],
  [EXPENSE_STAFF, [U, F, F, null, null]],
  [WORKOUT_SIGNED_IN, [U, null, null, null, null]],
  [ADMIN, [U, F, F, F, null]],
] as const
const ROWS = VERDICTS.flatMap(([list, verdicts]) =>
  names(list).flatMap((field) => verdicts.map((verdict, n) => ({ field, role: ROLES[n] ?? null, verdict }))),
)

const schema = await createGraph()

/** A value that the type takes and the domain does not, so that whoever gets through changes nothing. */
function harmless(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return harmless(type.ofType)
  if (isListType(type)) return []
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField)
    return Object.fromEntries(required.map((field) => [field.name, harmless(field.type)]))
  }
  return (
    {
      DateTime: '2001-01-01T00:00:00Z',
      LocalDate: '2001-01-01',
      LocalTime: '20:30',
      TimeZone: 'UTC',
      Currency: 'EUR',
      Int: 0,
      Boolean: false,
    }[type.name] ?? ''
  )
}

/** The smallest operation on a root field. */
function operationOn(path: string): { query: string; variables: Record<string, unknown> } {
  const [typeName = '', fieldName = ''] = path.split('.')
  const found = rootFields(schema).find(({ type, field }) => type.name === typeName && field.name === fieldName)
  if (found === undefined) throw new Error(`there is no ${path}`)
  const { field } = found
  // A stream with nothing to tell yet never answers, unless it is refused.
  const args = field.args.filter((arg) => isRequiredArgument(arg) || arg.name === 'after')
  const given = args.map(({ name }) => `${name}: $${name}`).join(', ')
  const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(', ')
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'
  const head = `${typeName.toLowerCase()}${declared && ` (${declared})`}`
  return {
    query: `${head} { ${fieldName}${given && `(${given})`}${selection} }`,
    variables: Object.fromEntries(
      args.map(({ name, type }) => [name, name === 'after' ? 'no cursor' : harmless(type)]),
    ),
  }
}

let server: TestServer
const people = new Map<Role | null, { viewer: Viewer; token: string }>()
beforeAll(async () => {
  server = await startTestServer()
  for (const role of ROLES) {
    if (role === null) continue
    const viewer = await server.world.person({ handle: `the-${role.toLowerCase()}`, role })
    people.set(role, { viewer, token: await server.tokenOf(viewer) })
  }
})
afterAll(() => server.close())

const tokenOf = (role: Role | null): string | null => people.get(role)?.token ?? null

/** The refusal of the caller as a whole, at this field; null where they were let through to the resolver. */
const verdictOf = (answer: Answer, field: string): string | null => {
  const refusals = (answer.errors ?? []).filter(({ extensions }) => extensions.code === U || extensions.code === F)
  for (const { path } of refusals) expect(path).toEqual([field.split('.')[1]])
  return refusals[0]?.extensions.code ?? null
}

describe('the truth table', () => {
  test('has a place for every root field, and the rule of the code agrees about who is everyone', () => {
    const all = rootFields(schema).map(({ type, field }) => ({
      name: `${type.name}.${field.name}`,
      rule: ruleOf(field),
    }))
    const listed = [
      OPEN,
      CINEMA_OPEN,
      RECIPE_OPEN,
      SHOP_OPEN,
      EXPENSE_OPEN,
      WORKOUT_OPEN,
      ...VERDICTS.map(([list]) => list),
    ].flatMap(names)
    expect(listed.toSorted()).toEqual(all.map(({ name }) => name).toSorted())
    const open = all.filter(({ rule }) => rule === everyone).map(({ name }) => name)
    expect([OPEN, CINEMA_OPEN, RECIPE_OPEN, SHOP_OPEN, EXPENSE_OPEN, WORKOUT_OPEN].flatMap(names).toSorted()).toEqual(
      open.toSorted(),
    )
  })

  test.each(ROWS.filter(({ field }) => !field.startsWith('Subscription')))(
    '$field for $role over HTTP: $verdict',
    async ({ field, role, verdict }) => {
      expect(verdictOf(await call(server, { ...operationOn(field), token: tokenOf(role) }), field)).toBe(verdict)
    },
  )

  test.each(ROLES)('holds over the socket for %s', async (role) => {
    const socket = connect(server, { token: tokenOf(role) })
    for (const { field, verdict } of ROWS.filter((row) => row.role === role)) {
      const { query, variables } = operationOn(field)
      expect([field, verdictOf(await socket.run(query, variables), field)]).toEqual([field, verdict])
    }
    await socket.client.dispose()
  })
})

describe('a refusal', () => {
  const CREATE_TAG = 'mutation { createTag(input: { name: "Sneaky" }) { tag { id } } }'

  test('leaves nothing behind', async () => {
    for (const role of [null, 'MEMBER', 'CHEF'] as const) {
      expect((await call(server, { query: CREATE_TAG, token: tokenOf(role) })).data).toEqual({ createTag: null })
    }
    const socket = connect(server, { token: tokenOf('MEMBER') })
    expect((await socket.run(CREATE_TAG)).data).toEqual({ createTag: null })
    await socket.client.dispose()
    const { data } = await call(server, { query: '{ tags { totalCount } }' })
    expect(data.tags.totalCount).toBe(0)
  })

  test('of one alias does not hide behind another that is allowed', async () => {
    const query = '{ tags { totalCount } openReports { totalCount } }'
    const reply = await call(server, { query, token: tokenOf('MEMBER') })
    expect(codes(reply)).toEqual([F])
    expect(JSON.stringify(reply.data)).not.toContain('"openReports":{')
  })

  test('is UNAUTHENTICATED for nobody, FORBIDDEN for who may see but not do, NOT_FOUND for what may not be seen', async () => {
    const author = people.get('CHEF')?.viewer as Viewer
    const published = encodeId('post', await server.world.published(author))
    const draft = encodeId('post', await server.world.draft(author))
    const none = encodeId('post', author.accountId)
    const query = `mutation ($id: ID!) { deletePost(input: { id: $id }) { deletedId userErrors { code path } } }`
    const verdict = async (id: string, role: Role | null) => {
      const { data, errors } = await call(server, { query, variables: { id }, token: tokenOf(role) })
      return errors?.[0]?.extensions.code ?? data.deletePost.userErrors[0]?.code ?? null
    }
    const seen = async (id: string, role: Role | null) =>
      codes(
        await call(server, {
          query: '{ node(id: $id) { id } }'.replace('$id', JSON.stringify(id)),
          token: tokenOf(role),
        }),
      )
    expect(await verdict(published, null)).toBe(U)
    expect(await verdict(draft, null)).toBe(U)
    for (const role of ['MEMBER', 'STAFF', 'ADMIN'] as const) {
      expect([await verdict(published, role), await seen(published, role)]).toEqual([F, []])
      for (const id of [draft, none])
        expect([await verdict(id, role), await seen(id, role)]).toEqual(['NOT_FOUND', ['NOT_FOUND']])
    }
    expect(await seen(draft, 'CHEF')).toEqual([])
    expect(await verdict(draft, 'CHEF')).toBeNull()
  })
})
