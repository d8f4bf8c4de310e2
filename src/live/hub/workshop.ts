import type { Member } from './member.ts'
import type { Operation } from './operation.ts'

export interface HubMetrics {
  groupOpened(): void
  groupClosed(): void
  executed(kind: 'shared' | 'own'): void
  delivered(count: number): void
}

/** What a group needs of the hub. */
export interface Workshop<Event> {
  readonly operation: Operation<Event>
  readonly metrics: HubMetrics
  isSame(a: Event, b: Event): boolean
  /** Sits an outage out. */
  retrying<T>(work: () => Promise<T>, isWanted: () => boolean): Promise<T>
  /** Executes for each of the members alone. One whose execution fails is ended with it. */
  executeOwn(
    members: readonly Member<Event>[],
    value: unknown,
    deliver: (member: Member<Event>, event: Event) => void,
  ): Promise<void>
}
