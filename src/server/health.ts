import type { FastifyInstance } from 'fastify'
import type { Log } from '../core/log.ts'
import type { Metrics } from './metrics.ts'

const PING_TIMEOUT_MS = 2_000

interface HealthOptions {
  log: Log
  metrics: Metrics
  /** Resolves when the database answers. */
  ping(): Promise<unknown>
  isStopping(): boolean
}

/** `GET /health`: the process lives. `GET /ready`: it can serve. `GET /metrics`: Prometheus's text format. */
export function registerHealth(app: FastifyInstance, { log, metrics, ping, isStopping }: HealthOptions): void {
  app.get('/health', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))

  app.get('/ready', async (_request, reply) => {
    const problem = isStopping() ? 'The server is stopping.' : await findProblem(ping, log)
    reply.header('cache-control', 'no-store')
    if (problem === null) return reply.send({ status: 'ready' })
    return reply.code(503).send({ errors: [{ message: problem, extensions: { code: 'NOT_READY' } }] })
  })

  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}

async function findProblem(ping: () => Promise<unknown>, log: Log): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PING_TIMEOUT_MS} ms`)), PING_TIMEOUT_MS)
  })
  try {
    await Promise.race([ping(), timeout])
    return null
  } catch (error) {
    log.warn({ err: error }, 'The database does not answer')
    return 'The database does not answer.'
  } finally {
    clearTimeout(timer)
  }
}
