import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { type Config, type Limits, readConfig } from '../../src/config.ts'
import { createLog } from '../../src/core/log.ts'
import { World } from '../../src/demo/world.ts'
import { openSession } from '../../src/domain/account/session.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { StripeAddress } from '../../src/gateways/payment/stripe.ts'
import { type RunningServer, startServer } from '../../src/start.ts'
import { createTestDatabase } from './postgres.ts'

export interface GraphError {
  message: string
  path?: (string | number)[]
  extensions: { code: string } & Record<string, unknown>
}

/** What a test asks of an answer, spelt loosely: it is the answer that is under test. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
export type Answer = { data: any; errors?: GraphError[]; extensions?: Record<string, unknown> }

export interface TestServer {
  readonly url: string
  readonly databaseUrl: string
  readonly dataDirectory: string
  readonly running: RunningServer
  readonly world: World
  /** One operation over HTTP, as `token` (or nobody). */
  ask(query: string, variables?: Record<string, unknown>, token?: string | null): Promise<Answer>
  /** An access token of a real session. */
  tokenOf(viewer: Viewer): Promise<string>
  /** A graphql-ws client; closed with the server. */
  socket(token?: string | null): Client
  close(): Promise<void>
}

export interface TestSettings {
  limits?: Partial<Limits>
  config?: Partial<Config>
  /** A second server on the database of another one. */
  databaseUrl?: string
  /** What else than the public internet the server fetches pages from. */
  isWebAddressAllowed?: (address: string, port: number) => boolean
  /** Hears of each SQL statement that the server sends. */
  onStatement?: (text: string, parameters: readonly unknown[]) => void
  /** Where payments go to, with `config.stripe`. */
  stripeAddress?: StripeAddress
}

/** The whole server on a database of its own, with high rate limits unless a test sets its own. */
export async function startTestServer(settings: TestSettings = {}): Promise<TestServer> {
  const own = settings.databaseUrl === undefined ? await createTestDatabase({ poolSize: 1 }) : null
  const databaseUrl = settings.databaseUrl ?? own?.url ?? ''
  const dataDirectory = await mkdtemp(join(tmpdir(), 'atrium-server-'))
  const defaults = readConfig({ ATRIUM_DATA: dataDirectory, JWT_SECRET: 'a secret for the tests, 32 long at least' })
  const plenty = 1_000_000
  const running = await startServer(
    {
      ...defaults,
      host: '127.0.0.1',
      port: 0,
      demo: false,
      databaseUrl,
      ...settings.config,
      limits: {
        ...defaults.limits,
        ratePerViewer: plenty,
        ratePerAddress: plenty,
        socketsPerAddress: plenty,
        signInAttemptsPerAccount: plenty,
        signInAttemptsPerAddress: plenty,
        deviceRegistrationsPerViewer: plenty,
        prekeyClaimsPerViewer: plenty,
        recipeImportsPerViewer: plenty,
        guestSeatsPerShowtime: plenty,
        guestSeatsPerAddress: plenty,
        guestOrdersPerAddress: plenty,
        paymentAttemptsPerBuyer: plenty,
        ...settings.limits,
      },
    },
    {
      log: createLog('silent'),
      ...(settings.onStatement && { onStatement: settings.onStatement }),
      ...(settings.isWebAddressAllowed && { isWebAddressAllowed: settings.isWebAddressAllowed }),
      ...(settings.stripeAddress && { stripeAddress: settings.stripeAddress }),
    },
  )
  const { url, atrium } = running
  const clients: Client[] = []
  return {
    url,
    databaseUrl,
    dataDirectory,
    running,
    world: new World(atrium.deps),
    async ask(query, variables = {}, token = null) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
      })
      return (await response.json()) as Answer
    },
    async tokenOf(viewer) {
      const origin = { address: '127.0.0.1', userAgent: null }
      const session = await atrium.deps.db.transaction((tx) => openSession(atrium.deps, tx, viewer.accountId, origin))
      return session.access.token
    },
    socket(token = null) {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        lazy: false,
        retryAttempts: 0,
        onNonLazyError: () => {},
        ...(token === null ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
      })
      clients.push(client)
      return client
    },
    async close() {
      for (const client of clients) await client.dispose()
      await running.stop()
      await own?.close()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}
