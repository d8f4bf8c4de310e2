/** An operation as all who sent it share it. `Event` is what is sent: executed, serialised, ready. */
export interface Operation<Event> {
  /** It depends on the viewer, and all of its listeners are of one viewer. */
  readonly isPersonal: boolean
  /** Executes it once for all; null when it turned out that it depends on who listens. */
  execute(value: unknown): Promise<Event | null>
}

/** Where the events of one subscription go. */
export interface Listener<Event> {
  /** Executes for this listener alone. */
  execute(value: unknown): Promise<Event>
  send(event: Event): void
  /** What was sent has not left yet, and it is so much that no more may be added. */
  isCongested(): boolean
  /** Resolves when it is congested no more. Never, where the listener is closed for it. */
  drained(): Promise<void>
  end(error: unknown): void
}
