import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Command } from 'commander'
import { type Client, createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { CommandError, explain } from './explain.ts'
import { drawPoll, keyOf, type PollState, printPoll } from './poll-view.ts'

interface Options {
  url: string
  token?: string
  email?: string
  password?: string
}

const WATCH = `subscription WatchPoll($id: ID!) { pollUpdated(pollId: $id) {
  question state choice maxChoices resultsShown areResultsVisible voterCount closesAt
  options { id label voteCount percent isCorrect } } }`
const SIGN_IN = `mutation SignIn($email: String!, $password: String!) { signIn(input: { email: $email, password: $password }) {
  session { accessToken accessTokenExpiresAt } userErrors { message } } }`
const OWN_VOTE = 'query OwnVote($id: ID!) { node(id: $id) { ... on Poll { viewerVote { options { id } } } } }'
const voteWith = (mutation: 'castVote' | 'changeVote'): string =>
  `mutation Vote($input: VoteInput!) { vote: ${mutation}(input: $input) { userErrors { code message ... on AlreadyVoted { mayChangeVote } } } }`

const LONGEST_WAIT_MS = 5_000
/** A token this close to its end is not worth connecting with. */
const FRESH_MS = 60_000
const FORBIDDEN = 4403

interface GraphError {
  readonly message: string
  readonly extensions?: { readonly code?: string }
}
interface Answer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly GraphError[]
}

/** Where the server is: an address with or without `/graphql` and a slash at its end. */
function endpointOf(url: string): URL {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CommandError(`--url must be an address such as http://localhost:4000; it is ${url}`)
  }
  const endpoint = new URL(url)
  endpoint.pathname = `${endpoint.pathname.replace(/\/+$/, '').replace(/\/graphql$/, '')}/graphql`
  return endpoint
}

/** One operation over HTTP. @throws CommandError when there is no server, or none of ours. */
async function ask<Data>(endpoint: URL, token: string | null, query: string, variables: object): Promise<Data> {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ query, variables }),
  }).catch(() => null)
  if (response === null) throw unreachable(endpoint)
  const answer = (await response.json().catch(() => ({}))) as Answer<Data>
  const [error] = answer.errors ?? []
  if (error !== undefined) throw new CommandError(error.message)
  if (answer.data == null) throw unreachable(endpoint)
  return answer.data
}

const unreachable = (endpoint: URL): CommandError =>
  new CommandError(`There is no Atrium at ${endpoint.origin}. Start it with npm start, or say where it is with --url.`)

async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) throw new CommandError('Say the --password, or run this in a terminal.')
  process.stderr.write('Password: ')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await reader.question('')
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}

/** A token whenever one is needed; with an address and a password a new one when the old one ends. */
async function tokenSource(endpoint: URL, options: Options): Promise<() => Promise<string | null>> {
  const { token, email } = options
  if (email === undefined) return async () => token ?? null
  const password = options.password ?? (await askPassword())
  let session: { accessToken: string; accessTokenExpiresAt: string } | null = null
  const current = async (): Promise<string> => {
    if (session === null || Date.parse(session.accessTokenExpiresAt) - Date.now() < FRESH_MS) {
      type Answered = { signIn: { session: typeof session; userErrors: GraphError[] } }
      const { signIn } = await ask<Answered>(endpoint, null, SIGN_IN, { email, password })
      if (signIn.session === null) throw new CommandError(signIn.userErrors[0]?.message ?? 'You cannot sign in.')
      session = signIn.session
    }
    return session.accessToken
  }
  await current()
  return current
}

/** Draws in place in a terminal, prints a line for each change into a pipe. */
class Screen {
  readonly #isTerminal = process.stdout.isTTY === true
  #lines = 0
  #printed = ''
  poll: PollState | null = null
  marked: ReadonlySet<string> = new Set()
  note = ''

  show(): void {
    if (this.poll === null) return
    if (!this.#isTerminal) {
      const line = printPoll(this.poll)
      if (line !== this.#printed) process.stdout.write(`${line}\n`)
      this.#printed = line
      return
    }
    const { columns: width = 80 } = process.stdout
    const isStyled = process.stdout.getColorDepth() > 1
    const drawn = drawPoll(this.poll, { width, nowMs: Date.now(), marked: this.marked, note: this.note, isStyled })
    const up = this.#lines === 0 ? '' : `\u001b[${this.#lines}A`
    process.stdout.write(`${up}\r\u001b[J${drawn.join('\n')}\n`)
    this.#lines = drawn.length
  }

  /** About the connection: beside the poll in a terminal, otherwise on standard error. */
  tell(note: string): void {
    this.note = note
    if (this.#isTerminal && this.poll !== null) this.show()
    else if (note !== '') process.stderr.write(`${note}\n`)
  }
}

/** Votes with the keys of the options, where somebody is signed in and sits at a terminal. */
async function listenForVotes(
  screen: Screen,
  id: string,
  endpoint: URL,
  token: () => Promise<string | null>,
  quit: () => void,
) {
  const { stdin } = process
  if (!stdin.isTTY || !process.stdout.isTTY) return
  stdin.setRawMode(true).resume().setEncoding('utf8')
  const signedIn = (await token()) !== null
  if (signedIn) {
    type Own = { node: { viewerVote: { options: { id: string }[] } | null } }
    const own = await ask<Own>(endpoint, await token(), OWN_VOTE, { id }).catch(() => null)
    screen.marked = new Set(own?.node.viewerVote?.options.map((option) => option.id))
    screen.tell('Press the key of an option to vote; q ends.')
  }

  const send = async (optionIds: readonly string[], mutation: 'castVote' | 'changeVote'): Promise<void> => {
    type Voted = { vote: { userErrors: { code: string; message: string; mayChangeVote?: boolean }[] } }
    const input = { pollId: id, optionIds }
    const { vote } = await ask<Voted>(endpoint, await token(), voteWith(mutation), { input })
    const [error] = vote.userErrors
    if (error?.mayChangeVote === true && mutation === 'castVote') return send(optionIds, 'changeVote')
    if (error === undefined) screen.marked = new Set(optionIds)
    screen.tell(error === undefined ? 'Your vote is counted.' : error.message)
  }

  stdin.on('data', (key: string) => {
    if (key === '\u0003' || key === 'q') return quit()
    const option = screen.poll?.options.find((_, position) => keyOf(position) === key)
    if (screen.poll === null || !signedIn) return
    const isMultiple = screen.poll.choice === 'MULTIPLE'
    if (option !== undefined && isMultiple) {
      const marked = new Set(screen.marked)
      if (!marked.delete(option.id)) marked.add(option.id)
      screen.marked = marked
      return screen.tell('Enter sends your vote.')
    }
    const chosen = isMultiple && key === '\r' ? [...screen.marked] : option === undefined ? [] : [option.id]
    if (chosen.length === 0) return
    send(chosen, 'castVote').catch((error: unknown) => screen.tell(explain(error)))
  })
}

async function watch(id: string, options: Options): Promise<void> {
  const endpoint = endpointOf(options.url)
  const token = await tokenSource(endpoint, options)
  const screen = new Screen()
  let isConnected = false
  const socket = new URL(endpoint)
  socket.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:'
  const client: Client = createClient({
    url: socket.href,
    webSocketImpl: WebSocket,
    connectionParams: async () => {
      const current = await token()
      return current === null ? {} : { authorization: `Bearer ${current}` }
    },
    retryAttempts: Number.POSITIVE_INFINITY,
    // Only a server that was there can be waited for: a wrong address would be tried for ever.
    shouldRetry: (event) => isConnected && !(isForbidden(event) && options.token !== undefined),
    retryWait: (retries) => new Promise((done) => setTimeout(done, Math.min(250 * 2 ** retries, LONGEST_WAIT_MS))),
    on: {
      connected: () => {
        if (isConnected) screen.tell('Connected again.')
        isConnected = true
      },
      closed: () => {
        if (isConnected && !isEnding) screen.tell('The connection is lost; trying again …')
      },
    },
  })
  let isEnding = false
  const clock = setInterval(() => {
    if (process.stdout.isTTY && screen.poll?.closesAt != null) screen.show()
  }, 1000).unref()

  await new Promise<void>((resolve, reject) => {
    const quit = (): void => {
      isEnding = true
      resolve()
    }
    process.once('SIGINT', quit)
    process.once('SIGTERM', quit)
    // Whoever reads the pipe has seen enough.
    process.stdout.on('error', quit)
    process.stdout.on('resize', () => screen.show())
    client.subscribe<{ pollUpdated: PollState }>(
      { query: WATCH, variables: { id } },
      {
        next({ data, errors }) {
          if (data == null) return reject(failure(errors, id, endpoint, screen.poll !== null))
          const isFirst = screen.poll === null
          screen.poll = data.pollUpdated
          screen.show()
          if (isFirst) void listenForVotes(screen, id, endpoint, token, quit)
        },
        error: (reason) => reject(failure(reason, id, endpoint, screen.poll !== null)),
        complete: quit,
      },
    )
  }).finally(async () => {
    isEnding = true
    clearInterval(clock)
    if (process.stdin.isTTY) process.stdin.setRawMode(false).pause()
    await client.dispose()
  })
}

const isForbidden = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'code' in event && event.code === FORBIDDEN

function failure(reason: unknown, id: string, endpoint: URL, wasThere: boolean): Error {
  if (reason instanceof CommandError) return reason
  if (isForbidden(reason)) return new CommandError('The token is not good, or has ended. Get a new one.')
  if (!Array.isArray(reason)) return unreachable(endpoint)
  const error = reason[0] as GraphError | undefined
  if (error?.extensions?.code !== 'NOT_FOUND') return new CommandError(error?.message ?? 'The server refused to tell.')
  return new CommandError(
    wasThere ? 'The poll was taken away.' : `There is no poll ${id} at ${endpoint.origin}, or it is not yours to see.`,
  )
}

const program = new Command('poll')
  .description('Shows a poll live: bars in a terminal, a line for each change in a pipe. Signed in, a key votes.')
  .argument('<id>', 'of the poll: poll_01j…')
  .option('--url <url>', 'where the server is', 'http://localhost:4000')
  .option('--token <token>', 'an access token, to see and vote as somebody')
  .option('--email <email>', 'sign in instead; asks for the password')
  .option('--password <password>', 'for --email, where nobody can be asked')
  .action(watch)

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
// Connections that are kept for another request would keep the process for some seconds.
process.exit()
