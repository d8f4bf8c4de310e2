import type { Deps } from '../domain/deps.ts'
import { runImport, takeImport } from '../domain/import/import.ts'
import type { Queue } from '../gateways/queue.ts'

/** One file at a time: a large one keeps nobody's connection. */
export function importJobs(queue: Queue, deps: Deps): void {
  queue.work(runImport, ({ data, attempt }) => takeImport(deps, data.importId, { attempt }))
}
