import { AccountResolver, SessionResolver, ViewerResolver } from './account.ts'
import {
  BillGroupResolver,
  BillMemberResolver,
  BillPartResolver,
  BillResolver,
  BillSettlementResolver,
} from './bill/bill.ts'
import { BillChangeResolver } from './bill/change.ts'
import { BillLiveResolver } from './bill/live.ts'
import { BillMutationResolver } from './bill/mutations.ts'
import { PostEdgeResolver } from './blog/list.ts'
import { BlogAuthorResolver, BlogViewerResolver } from './blog/member.ts'
import { PostResolver } from './blog/post.ts'
import { PostMutationResolver } from './blog/post-mutations.ts'
import { CategoryResolver, TagResolver } from './blog/term.ts'
import { RoomInvitationMutationResolver } from './chat/invitation-mutations.ts'
import { ChatLiveResolver, MemberPresenceResolver, RoomEventResolver, RoomPresenceResolver } from './chat/live.ts'
import {
  ChatViewerResolver,
  RoomBanResolver,
  RoomInvitationResolver,
  RoomLinkResolver,
  RoomListResolver,
  RoomMemberResolver,
} from './chat/member.ts'
import { MessageAttachmentResolver, MessageResolver } from './chat/message.ts'
import { MessageMutationResolver } from './chat/message-mutations.ts'
import { RoomResolver } from './chat/room.ts'
import { RoomMutationResolver } from './chat/room-mutations.ts'
import { MessageSearchResolver } from './chat/search.ts'
import { HoldCartResolver } from './cinema/cart.ts'
import {
  CinemaViewerResolver,
  ScreenBusyResolver,
  SeatHoldResolver,
  SeatsLeftAloneResolver,
  SeatsTakenResolver,
} from './cinema/hold.ts'
import { MovieResolver, MovieViewerResolver } from './cinema/movie.ts'
import { ProgrammeResolver } from './cinema/programme.ts'
import { ShowtimeScheduleResolver } from './cinema/schedule.ts'
import { SeatMapResolver } from './cinema/seat-map.ts'
import { ShowtimeResolver } from './cinema/showtime.ts'
import { ScreenResolver, TheatreResolver } from './cinema/theatre.ts'
import { TicketOrderResolver, TicketResolver, TicketViewerResolver } from './cinema/ticket.ts'
import { WaitlistEntryResolver, WaitlistShowtimeResolver, WaitlistViewerResolver } from './cinema/waitlist.ts'
import { CommentableResolver, CommentResolver } from './comment.ts'
import { ContactResolver } from './contact.ts'
import {
  ClaimedPrekeyResolver,
  DeviceOwnerResolver,
  DeviceResolver,
  DeviceRosterResolver,
  RoomDeviceResolver,
} from './device.ts'
import { ExchangeRateResolver } from './exchange-rate.ts'
import { ExpenseCategoryResolver, ExpenseChangeResolver, ExpenseResolver } from './expense/expense.ts'
import { ExpenseMutationResolver } from './expense/mutations.ts'
import { RecurringExpenseResolver } from './expense/recurring.ts'
import { ExpenseBudgetResolver, ExpenseSummaryResolver } from './expense/summary.ts'
import { ImportResolver } from './import.ts'
import { MealViewerResolver, PlannedMealResolver, ShoppingItemResolver, ShoppingListResolver } from './meal/meal.ts'
import { MealMutationResolver } from './meal/mutations.ts'
import { NodeResolver } from './node.ts'
import { NotificationCommentableResolver, NotificationResolver, NotificationViewerResolver } from './notification.ts'
import { PollableResolver, PollListResolver, PollViewerResolver } from './poll/list.ts'
import { PollLiveResolver } from './poll/live.ts'
import { PollMutationResolver } from './poll/mutations.ts'
import { PollOptionResolver } from './poll/option.ts'
import { PollResolver } from './poll/poll.ts'
import { VoteResolver } from './poll/votes.ts'
import { PresenceResolver, PresenceViewerResolver } from './presence.ts'
import { ProfileResolver } from './profile.ts'
import { ReactableResolver, ReactionResolver } from './reaction.ts'
import { FoodResolver } from './recipe/food.ts'
import { RecipeEdgeResolver } from './recipe/list.ts'
import { CookedMealResolver, RecipeChefResolver, RecipeLogResolver, RecipeViewerResolver } from './recipe/member.ts'
import { RecipeResolver } from './recipe/recipe.ts'
import { RecipeMutationResolver } from './recipe/recipe-mutations.ts'
import { ReportResolver } from './report.ts'
import { ReviewableResolver, ReviewResolver } from './review.ts'
import { SearchResolver } from './search.ts'
import { CartLineResolver, CartProblemResolver, CartResolver } from './shop/cart.ts'
import {
  ProductCategoryResolver,
  ProductResolver,
  ProductVariantResolver,
  ShopViewerResolver,
} from './shop/catalogue.ts'
import { DeliveryResolver } from './shop/delivery.ts'
import { ProductFacetsResolver } from './shop/facets.ts'
import { OrderLineResolver, OrderResolver, OrderViewerResolver, PaymentResolver } from './shop/order.ts'
import { OrderMutationResolver } from './shop/order-mutations.ts'
import { NewPriceResolver, PriceChangeResolver, VariantPriceResolver } from './shop/price.ts'
import { ProductMutationResolver } from './shop/product-mutations.ts'
import { ProductSalesResolver, SalesReportResolver } from './shop/sales.ts'
import { ShopStaffResolver, StaffVariantResolver, StockMovementResolver } from './shop/staff.ts'
import { DisputeResolver, RefundResolver } from './shop/trouble.ts'
import { SurveyMutationResolver } from './survey/mutations.ts'
import { SurveyOptionResolver, SurveyQuestionResolver, SurveyTextResolver } from './survey/question.ts'
import { SurveyableResolver, SurveyResolver, SurveyViewerResolver } from './survey/survey.ts'
import { ImageResolver, StoredFileResolver, UploadResolver, UploadViewerResolver } from './upload.ts'
import { ExerciseResolver, PersonalRecordResolver } from './workout/exercise.ts'
import { WorkoutLiveResolver } from './workout/live.ts'
import { WorkoutLogResolver } from './workout/log-mutations.ts'
import { WorkoutViewerResolver } from './workout/member.ts'
import { TargetSetResolver, WorkoutPlanExerciseResolver, WorkoutPlanResolver } from './workout/plan.ts'
import { WorkoutRepeatResolver } from './workout/repeat.ts'
import {
  ExerciseReportResolver,
  MuscleReportResolver,
  ProgressPointResolver,
  WeekReportResolver,
  WorkoutReportResolver,
} from './workout/report.ts'
import { WorkoutExerciseResolver, WorkoutResolver, WorkoutSetResolver } from './workout/workout.ts'
import { WorkoutMutationResolver } from './workout/workout-mutations.ts'

/** Every door of the graph. */
export const RESOLVERS = [
  NodeResolver,
  SearchResolver,
  AccountResolver,
  SessionResolver,
  ViewerResolver,
  ProfileResolver,
  PostResolver,
  PostMutationResolver,
  PostEdgeResolver,
  BlogAuthorResolver,
  BlogViewerResolver,
  TagResolver,
  CategoryResolver,
  CommentResolver,
  CommentableResolver,
  ReactionResolver,
  ReactableResolver,
  ReportResolver,
  ReviewResolver,
  ReviewableResolver,
  ProductResolver,
  ProductVariantResolver,
  ProductCategoryResolver,
  ProductFacetsResolver,
  ProductMutationResolver,
  PriceChangeResolver,
  ProgrammeResolver,
  NewPriceResolver,
  VariantPriceResolver,
  ShopViewerResolver,
  ShopStaffResolver,
  SalesReportResolver,
  ProductSalesResolver,
  StaffVariantResolver,
  StockMovementResolver,
  CartResolver,
  CartLineResolver,
  CartProblemResolver,
  OrderResolver,
  OrderLineResolver,
  PaymentResolver,
  DeliveryResolver,
  DisputeResolver,
  RefundResolver,
  OrderViewerResolver,
  OrderMutationResolver,
  NotificationResolver,
  NotificationViewerResolver,
  NotificationCommentableResolver,
  PresenceResolver,
  PresenceViewerResolver,
  RoomResolver,
  RoomMutationResolver,
  RoomInvitationMutationResolver,
  RoomMemberResolver,
  RoomInvitationResolver,
  RoomLinkResolver,
  RoomBanResolver,
  RoomListResolver,
  RoomEventResolver,
  RoomPresenceResolver,
  MemberPresenceResolver,
  ChatViewerResolver,
  ChatLiveResolver,
  MessageResolver,
  MessageAttachmentResolver,
  MessageMutationResolver,
  MessageSearchResolver,
  ContactResolver,
  DeviceResolver,
  DeviceOwnerResolver,
  DeviceRosterResolver,
  RoomDeviceResolver,
  ClaimedPrekeyResolver,
  PollResolver,
  PollOptionResolver,
  PollListResolver,
  PollableResolver,
  PollViewerResolver,
  PollMutationResolver,
  VoteResolver,
  PollLiveResolver,
  SurveyResolver,
  SurveyQuestionResolver,
  SurveyOptionResolver,
  SurveyTextResolver,
  SurveyableResolver,
  SurveyViewerResolver,
  SurveyMutationResolver,
  MovieResolver,
  MovieViewerResolver,
  TheatreResolver,
  ScreenResolver,
  ShowtimeResolver,
  ShowtimeScheduleResolver,
  SeatMapResolver,
  SeatHoldResolver,
  HoldCartResolver,
  SeatsTakenResolver,
  SeatsLeftAloneResolver,
  ScreenBusyResolver,
  CinemaViewerResolver,
  TicketResolver,
  TicketViewerResolver,
  ExerciseResolver,
  PersonalRecordResolver,
  WorkoutPlanResolver,
  WorkoutPlanExerciseResolver,
  TargetSetResolver,
  WorkoutResolver,
  WorkoutExerciseResolver,
  WorkoutSetResolver,
  WorkoutMutationResolver,
  WorkoutLogResolver,
  WorkoutRepeatResolver,
  WorkoutViewerResolver,
  WorkoutReportResolver,
  ExerciseReportResolver,
  MuscleReportResolver,
  WeekReportResolver,
  ProgressPointResolver,
  WorkoutLiveResolver,
  ExchangeRateResolver,
  ExpenseResolver,
  ExpenseCategoryResolver,
  ExpenseChangeResolver,
  ExpenseSummaryResolver,
  ExpenseBudgetResolver,
  ExpenseMutationResolver,
  RecurringExpenseResolver,
  ImportResolver,
  BillGroupResolver,
  BillMemberResolver,
  BillResolver,
  BillPartResolver,
  BillSettlementResolver,
  BillMutationResolver,
  BillLiveResolver,
  BillChangeResolver,
  RecipeResolver,
  RecipeEdgeResolver,
  RecipeMutationResolver,
  RecipeChefResolver,
  RecipeLogResolver,
  RecipeViewerResolver,
  CookedMealResolver,
  FoodResolver,
  PlannedMealResolver,
  ShoppingListResolver,
  ShoppingItemResolver,
  MealViewerResolver,
  MealMutationResolver,
  TicketOrderResolver,
  WaitlistEntryResolver,
  WaitlistShowtimeResolver,
  WaitlistViewerResolver,
  UploadResolver,
  UploadViewerResolver,
  ImageResolver,
  StoredFileResolver,
] as const
