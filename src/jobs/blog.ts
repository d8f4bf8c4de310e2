import { tellFollowers, tellNextFollowers } from '../domain/blog/announcement.ts'
import { publishDue, publishDuePosts } from '../domain/blog/publication.ts'
import type { Deps } from '../domain/deps.ts'
import type { Queue } from '../gateways/queue.ts'

/** Each scheduled post wakes this at its time; the clock looks once a minute as well, should a wake-up get lost. */
export function blogJobs(queue: Queue, deps: Deps): void {
  queue.work(publishDue, async () => {
    const published = await publishDuePosts(deps)
    if (published.length > 0) deps.log.info({ posts: published }, 'scheduled posts published')
  })
  queue.schedule(publishDue, '* * * * *', {})
  queue.work(tellFollowers, ({ data }) => tellNextFollowers(deps, data))
}
