import type { Deps } from '../domain/deps.ts'
import { closeDueSurvey, closeDueSurveys } from '../domain/survey/survey.ts'
import type { Queue } from '../gateways/queue.ts'

/** Each closing time wakes this; the clock looks once a minute as well, should a wake-up get lost. */
export function surveyJobs(queue: Queue, deps: Deps): void {
  queue.work(closeDueSurvey, async () => {
    const closed = await closeDueSurveys(deps)
    if (closed.length > 0) deps.log.info({ surveys: closed }, 'surveys closed at their time')
  })
  queue.schedule(closeDueSurvey, '* * * * *', {})
}
