import type { Viewer } from '../../src/domain/viewer.ts'
import type { Answer, TestServer } from './server.ts'

/** The payload of a mutation, and what refused it. */
interface Mutated {
  /** What the payload holds beside its errors. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  payload: Record<string, any>
  // biome-ignore lint/suspicious/noExplicitAny: user errors carry what their kind needs.
  userErrors: any[]
  /** Code of the first top-level error. */
  refused: string | null
}

/** Asks the server over HTTP as whoever is meant, each in one session. The rooms' own clients know their mutations. */
export class GraphClient {
  readonly #tokens = new Map<string, Promise<string>>()

  constructor(readonly server: TestServer) {}

  tokenOf(viewer: Viewer): Promise<string> {
    const token = this.#tokens.get(viewer.accountId) ?? this.server.tokenOf(viewer)
    this.#tokens.set(viewer.accountId, token)
    return token
  }

  async ask(query: string, variables: Record<string, unknown> = {}, viewer: Viewer | null = null): Promise<Answer> {
    return this.server.ask(query, variables, viewer === null ? null : await this.tokenOf(viewer))
  }

  /** A mutation with an input of this type; `selection` holds its user errors too. */
  protected async mutate(
    [mutation, inputType, selection]: readonly [mutation: string, inputType: string, selection: string],
    viewer: Viewer | null,
    input: Record<string, unknown>,
  ): Promise<Mutated> {
    const query = `mutation ($input: ${inputType}!) { done: ${mutation}(input: $input) { ${selection} } }`
    const { data, errors } = await this.ask(query, { input }, viewer)
    const { userErrors = [], ...payload } = data?.done ?? {}
    return { payload, userErrors, refused: errors?.[0]?.extensions.code ?? null }
  }
}
