import type { Executor } from '../../db/database.ts'

declare const dataOf: unique symbol

/** A kind of job. `Data` exists for the compiler only; what is stored is its JSON. */
export interface JobDefinition<Data> {
  readonly name: string
  /** How often it is tried again after the first failure. */
  readonly retryLimit: number
  /** Before the first retry; doubled, with some randomness, before each further one when `retryBackoff` is set. */
  readonly retryDelaySeconds: number
  readonly retryBackoff: boolean
  /** A run that takes longer has failed. The job of a server that was killed is tried again after this time. */
  readonly expireInSeconds: number
  /** The queue where jobs end that failed for the last time. */
  readonly deadLetter: string
  readonly [dataOf]?: Data
}

export type JobSettings = Partial<Omit<JobDefinition<never>, 'name' | typeof dataOf>>

/** Defines a kind of job; the same name must always carry the same data, as old jobs outlive a release. */
export const defineJob = <Data extends object>(name: string, settings: JobSettings = {}): JobDefinition<Data> => ({
  name,
  retryLimit: settings.retryLimit ?? 5,
  retryDelaySeconds: settings.retryDelaySeconds ?? 5,
  retryBackoff: settings.retryBackoff ?? true,
  expireInSeconds: settings.expireInSeconds ?? 120,
  deadLetter: settings.deadLetter ?? `${name}.dead`,
})

export interface EnqueueOptions {
  startAfter?: Date
  /** While a job of this kind and key waits for its first run, another one is dropped. */
  singletonKey?: string
  /** A uuid; a job of this kind with the same id is dropped. */
  id?: string
}

/** What domain code sees of the queue. */
export interface Jobs {
  /**
   * Adds a job in the transaction of the change that wants it: it runs if and only if that commits. Outside a
   * transaction it is added at once.
   */
  enqueue<Data>(tx: Executor, job: JobDefinition<Data>, data: Data, options?: EnqueueOptions): Promise<void>
}

/** One run of a job. */
export interface JobRun<Data> {
  /** The same for each attempt. */
  readonly id: string
  readonly data: Data
  /** 1 for the first. */
  readonly attempt: number
  /** Aborted when the run has taken too long or the server stops; what is done afterwards may be done twice. */
  readonly signal: AbortSignal
}

/** Does the work. What it throws counts as a failed attempt. Jobs may run more than once, so it must bear that. */
export type JobHandler<Data> = (run: JobRun<Data>) => Promise<void>
