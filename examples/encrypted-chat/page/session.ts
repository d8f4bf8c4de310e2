import { done, Graph } from '../graph.ts'
import { OpenRoom, SignIn, Somebody } from '../operations.ts'

/** The people of the demo data share it. A page of your own asks for it. */
const DEMO_PASSWORD = 'open the demo atrium please'

export interface Person {
  readonly id: string
  readonly name: string
}

export interface Session {
  readonly graph: Graph
  readonly me: Person
  readonly other: Person
  readonly roomId: string
  /** Signs in again. */
  renew(): Promise<void>
}

/** Signs in, and opens the encrypted room of the two: the same one each time. */
export async function openSession(as: string, other: string): Promise<Session> {
  const graph = new Graph(new URL('/graphql', location.origin).href)
  const renew = async (): Promise<void> => {
    const { signIn } = await graph.ask(SignIn, { email: `${as}@example.com`, password: DEMO_PASSWORD })
    graph.authorize(done(signIn?.session, signIn).accessToken ?? '')
  }
  await renew()
  const [mine, theirs] = await Promise.all([
    graph.ask(Somebody, { handle: as }),
    graph.ask(Somebody, { handle: other }),
  ])
  if (mine.account == null || theirs.account == null) throw new Error(`There is no ${as} or no ${other} here.`)
  const { openDirectRoom } = await graph.ask(OpenRoom, { with: theirs.account.id })
  const { id: roomId } = done(openDirectRoom?.room, openDirectRoom)
  return { graph, me: mine.account, other: theirs.account, roomId, renew }
}
