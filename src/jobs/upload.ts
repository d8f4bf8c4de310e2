import { availableParallelism } from 'node:os'
import type { Deps } from '../domain/deps.ts'
import { processImage, processUploadedImage } from '../domain/upload/process-image.ts'
import { clearDiscardedUploads, clearUploads } from '../domain/upload/upkeep.ts'
import type { Queue } from '../gateways/queue.ts'

/** Half of the processors at most: the other half answers. Each picture takes some 100 MB while it is being made. */
const PICTURES_AT_ONCE = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)))

export function uploadJobs(queue: Queue, deps: Deps): void {
  queue.work(processImage, (run) => processUploadedImage(deps, run), { concurrency: PICTURES_AT_ONCE })
  queue.work(clearUploads, async () => {
    const cleared = await clearDiscardedUploads(deps)
    if (cleared > 0) deps.log.info({ uploads: cleared }, 'files that nothing shows any more were deleted')
  })
  queue.schedule(clearUploads, '* * * * *', {})
}
