import type { Bus, Topic } from './bus.ts'

/** Who may listen, and which of several versions they hear. */
export interface Gate {
  /**
   * Called before anything is sent, after each event of `recheckOn`, and now and then.
   * @returns the audience: listeners of one audience hear the same. The empty string where there is only one.
   * @throws DomainError when the viewer may not listen, or no longer: the subscription ends with it.
   */
  admit(): Promise<string>
  /**
   * Events after which what `admit` said may no longer hold for this listener: it left the room, it has voted. Each
   * costs a call of `admit` for every listener, so a topic of what happens often does not belong here.
   */
  readonly recheckOn?: readonly Topic<unknown>[]
}

interface SourceOptions extends Gate {
  readonly bus: Bus
  /** Sources of one key and one audience show the same: `pollUpdated:<uuid>`. */
  readonly key: string
  /** Their events say that there may be something new; what they carry is not looked at. */
  readonly topics: readonly Topic<unknown>[]
  /** What an event that got lost would have told is found after this time at the latest. */
  readonly healMs?: number
}

export interface StateOptions<State> extends SourceOptions {
  /** The state as this audience may see it now. Must not look at the viewer. A DomainError ends the subscriptions. */
  load(audience: string): Promise<State>
  /** Changes that come faster are sent as one; the last one is always sent. */
  readonly minIntervalMs?: number
}

export interface StreamOptions<Row> extends SourceOptions {
  /** The sequence number of the last row that the client has; null means: only what comes from now on. */
  readonly after: number | null
  /**
   * At most `limit` rows with a sequence number above `afterSeq`, in ascending order; fewer only where there are no more.
   * Must not look at the viewer. A number must not become visible after a higher one did, or the lower row is never
   * delivered: take it while the parent row is locked.
   */
  fetch(afterSeq: number, limit: number): Promise<readonly Row[]>
  seqOf(row: Row): number
  /**
   * The row as it is when it is about to be sent; null leaves it out. What is on a page may have been taken away since
   * the page was read.
   */
  current?(row: Row): Promise<Row | null>
  /** The last sequence number that there is. */
  start(): Promise<number>
  /** How many rows `fetch` answers at most. */
  readonly pageSize?: number
}

/**
 * What the `subscribe` of a subscription field answers: a description of what to listen to, for the hub. graphql-js
 * insists on an async iterable; nobody may iterate it, because one reader for each subscriber is what the hub is there
 * to avoid.
 */
abstract class Described implements AsyncIterable<never> {
  [Symbol.asyncIterator](): never {
    throw new Error('A live source is served by the hub')
  }
}

export class LiveState<State> extends Described {
  readonly kind = 'state'
  constructor(readonly options: StateOptions<State>) {
    super()
  }
}

export class LiveStream<Row> extends Described {
  readonly kind = 'stream'
  constructor(readonly options: StreamOptions<Row>) {
    super()
  }
}

export type LiveSource = LiveState<unknown> | LiveStream<unknown>

export const isLiveSource = (value: unknown): value is LiveSource =>
  value instanceof LiveState || value instanceof LiveStream

/** The present state first, then each change of it: a listener that comes back has missed nothing. */
export const liveState = <State>(options: StateOptions<State>): LiveState<State> => new LiveState(options)

/** Rows in order, what was missed `after` a cursor first: without gap or duplicate. */
export const liveStream = <Row>(options: StreamOptions<Row>): LiveStream<Row> => new LiveStream(options)
