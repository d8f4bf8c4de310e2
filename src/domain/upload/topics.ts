import type { Uuid } from '../../core/ids.ts'
import { topic } from '../../live/bus.ts'

/** Its status has changed, or it is gone. */
export const uploadChanged = (uploadId: Uuid) => topic<Record<string, never>>('uploadChanged', uploadId)
