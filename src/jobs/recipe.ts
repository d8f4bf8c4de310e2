import type { Deps } from '../domain/deps.ts'
import { tellNextRecipeFollowers, tellRecipeFollowers } from '../domain/recipe/publication.ts'
import type { Queue } from '../gateways/queue.ts'

export function recipeJobs(queue: Queue, deps: Deps): void {
  queue.work(tellRecipeFollowers, ({ data }) => tellNextRecipeFollowers(deps, data))
}
