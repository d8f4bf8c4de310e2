import type { Portability } from './account/portability.ts'
import { billPortability } from './bill/portability.ts'
import { blogPortability } from './blog/portability.ts'
import { chatPortability } from './chat/portability.ts'
import { cinemaPortability, waitlistPortability } from './cinema/portability.ts'
import { commentPortability } from './comment/portability.ts'
import { devicePortability } from './device/portability.ts'
import { exchangeRatePortability } from './exchange-rate/portability.ts'
import { expensePortability } from './expense/portability.ts'
import { importPortability } from './import/portability.ts'
import { mealPortability } from './meal/portability.ts'
import { notificationPortability } from './notification/portability.ts'
import { pollPortability } from './poll/portability.ts'
import { reactionPortability } from './reaction.ts'
import { recipePortability } from './recipe/portability.ts'
import { reportPortability } from './report.ts'
import { reviewPortability } from './review/portability.ts'
import { shopPortability } from './shop/portability.ts'
import { surveyPortability } from './survey/portability.ts'
import { uploadPortability } from './upload/portability.ts'
import { workoutPortability } from './workout/portability.ts'

/** Every room that keeps something of a member, for the export and the deletion of an account. */
export const ROOMS: readonly Portability[] = [
  blogPortability,
  commentPortability,
  chatPortability,
  cinemaPortability,
  waitlistPortability,
  pollPortability,
  surveyPortability,
  workoutPortability,
  reactionPortability,
  reportPortability,
  reviewPortability,
  shopPortability,
  expensePortability,
  billPortability,
  importPortability,
  exchangeRatePortability,
  recipePortability,
  mealPortability,
  notificationPortability,
  devicePortability,
  uploadPortability,
]
