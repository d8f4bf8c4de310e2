import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import Fastify from 'fastify'
import { BatchLoaders } from '../src/loaders/batch.ts'
import { type Context, TextBudget } from '../src/schema/context.ts'
import { createUnguardedGraph } from '../src/server/schema.ts'
import { type Client, openClient } from './client.ts'
import { sideBySide, type Verdict } from './measure.ts'
import type { BenchServer } from './server.ts'
import { POSTS_QUERY } from './statements.ts'

const LIMIT = 1.25
const ROUNDS = 400
const TINY_ROUNDS = 2_000

/**
 * The same graph on the same database without anything of `src/server`: no rules, no limits, no rate, no masks, no
 * metrics. What a tutorial ends with.
 */
async function startBareServer({ running }: BenchServer): Promise<{ url: string; stop(): Promise<void> }> {
  const { deps } = running.atrium
  const apollo = new ApolloServer<Context>({
    schema: await createUnguardedGraph(),
    introspection: true,
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
  })
  await apollo.start()
  const app = Fastify()
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: fastifyApolloHandler(apollo, {
      context: async (request) => ({
        deps,
        viewer: null,
        loaders: new BatchLoaders(deps.db),
        texts: new TextBudget(Number.MAX_SAFE_INTEGER),
        origin: { address: request.ip, userAgent: null },
        cookies: { values: {}, set: null },
      }),
    }),
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    async stop() {
      await app.close()
      await apollo.stop()
    },
  }
}

/** What rules and limits cost a query of fifty posts, one of twenty plain ones, and the smallest one. */
export async function measureGuard(server: BenchServer, guarded: Client): Promise<Verdict[]> {
  const bareServer = await startBareServer(server)
  const bare = await openClient(bareServer.url)
  const compare = async (what: string, query: string, variables: Record<string, unknown>, rounds: number) => {
    const same = [await guarded.ask(query, variables), await bare.ask(query, variables)]
    if (same[0] !== same[1]) throw new Error(`the two servers answer differently:\n${same.join('\n')}`)
    const { aMs, bMs, ratio } = await sideBySide(
      () => guarded.ask(query, variables),
      () => bare.ask(query, variables),
      rounds,
    )
    const detail = `${aMs.toFixed(2)} ms, ${bMs.toFixed(2)} ms without`
    return { what, value: ratio, limit: LIMIT, unit: 'times', detail } satisfies Verdict
  }
  try {
    return [
      await compare('Guard and limits: 50 posts with all of it', POSTS_QUERY, { first: 50 }, ROUNDS),
      await compare(
        'Guard and limits: 20 posts with author',
        '{ posts(first: 20) { nodes { id title author { handle } } } }',
        {},
        ROUNDS * 2,
      ),
      {
        ...(await compare('Guard and limits: the smallest query', '{ viewer { account { id } } }', {}, TINY_ROUNDS)),
        limit: Number.POSITIVE_INFINITY,
      },
    ]
  } finally {
    bare.close()
    await bareServer.stop()
  }
}
