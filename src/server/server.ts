import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Config } from '../config.ts'
import type { Log } from '../core/log.ts'
import { createHub, type HubOptions } from '../live/hub/hub.ts'
import { type AdmissionOptions, createAdmission } from './admission.ts'
import { createDocuments } from './documents.ts'
import { createMask } from './errors.ts'
import { type Playground, registerGraphql } from './graphql.ts'
import { registerHealth } from './health.ts'
import { createHttp } from './http.ts'
import { createMetrics, type PoolState } from './metrics.ts'
import type { NextEvent } from './socket/frame.ts'
import { createSockets, type SocketTuning } from './socket/socket.ts'
import { type UploadsOptions, uploads } from './uploads.ts'

/** `/graphql` admits each operation by itself; the others are asked by monitors, or belong to a page that was admitted. */
const UNCOUNTED = /^\/(?:graphql|uploads|health|ready|metrics|assets\/.*|art\/.*|webhooks\/.*)$/

/**
 * Supervisors commonly wait ten seconds between SIGTERM and SIGKILL, and the database is closed (an embedded PostgreSQL
 * stopped) after this.
 */
const STOP_TIMEOUT_MS = 7_000

export interface ServerOptions<Context extends object> extends AdmissionOptions<Context> {
  config: Pick<Config, 'host' | 'port' | 'publicUrl' | 'allowedOrigins' | 'trustProxy' | 'limits'>
  log: Log
  /** Resolves when the database answers. */
  ping(): Promise<unknown>
  poolState(): PoolState
  /** Answers `GET /graphql` in a browser. */
  playground?: Playground
  /** Further routes: the playground's files, feeds, reader pages. */
  plugins?: readonly FastifyPluginAsync[]
  /** Answers `POST /uploads`, and hands out the files. */
  uploads?: UploadsOptions
  socket?: SocketTuning
  live?: Pick<HubOptions<NextEvent>, 'outageMs' | 'sweepMs'>
}

export interface AtriumServer {
  readonly app: FastifyInstance
  /** @throws the operating system's error, such as `EADDRINUSE`. */
  listen(): Promise<{ url: string; port: number }>
  /**
   * Finishes requests in flight, closes sockets with 1001, and cuts what is left after seven seconds.
   * Calling it again waits for the same stop.
   */
  stop(): Promise<void>
}

/** Wires every transport around one graph. */
export async function createServer<Context extends object>(options: ServerOptions<Context>): Promise<AtriumServer> {
  const { config, door, log, playground, ping } = options
  const { limits } = config
  let stopping: Promise<void> | undefined
  const isStopping = (): boolean => stopping !== undefined

  const metrics = createMetrics(options)
  const mask = createMask({ log, onError: metrics.errorLeft })
  const documents = createDocuments({ schema: door.schema, limits })
  const admission = createAdmission(options)
  const shared = { door, documents, admission, mask, metrics, limits, log }

  const app = await createHttp({ config, mask, metrics, isStopping })
  app.addHook('onRequest', async (request) => {
    if (!UNCOUNTED.test(request.routeOptions.url ?? '')) await admission.admitAddress(request.ip)
  })
  const stopGraphql = await registerGraphql(app, { ...shared, playground })
  registerHealth(app, { log, metrics, ping, isStopping })
  for (const plugin of options.plugins ?? []) await app.register(plugin)
  if (options.uploads !== undefined) {
    await app.register(uploads, { ...options.uploads, admission, door, origins: config })
  }
  const hub = createHub<NextEvent>({ ...options.live, metrics, isSame: (a, b) => a.json === b.json })
  const sockets = createSockets({ ...shared, ...options.socket, hub, origins: config })
  sockets.attach(app.server)

  const stop = async (): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        log.warn('Some requests did not end in time and were cut')
        app.server.closeAllConnections()
        resolve()
      }, STOP_TIMEOUT_MS)
    })
    await Promise.race([Promise.all([app.close(), sockets.stop()]), tooLate])
    clearTimeout(timer)
    hub.close()
    await stopGraphql()
  }

  return {
    app,
    async listen() {
      await app.listen({ host: config.host, port: config.port })
      const address = app.server.address()
      const port = typeof address === 'object' && address !== null ? address.port : config.port
      const host = config.host.includes(':') ? `[${config.host}]` : config.host
      return { url: `http://${host}:${port}`, port }
    },
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}
