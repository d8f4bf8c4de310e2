/** The embedded PostgreSQL cannot run here. The message is one line for the person at the terminal. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError'
}
