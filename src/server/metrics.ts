import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { HubMetrics } from '../live/hub/workshop.ts'

/** Operation names come from clients: without a ceiling each new one would be a time series for ever. */
const OPERATION_NAMES = 200
const OPERATION_NAME_LENGTH = 80

export interface PoolState {
  open: number
  idle: number
  waiting: number
}

type Transport = 'http' | 'socket'

export interface Metrics extends HubMetrics {
  readonly registry: Registry
  requestEnded(method: string, route: string, status: number): void
  operationEnded(operation: { transport: Transport; type: string; name: string | undefined; seconds: number }): void
  errorLeft(code: string): void
  socketOpened(): void
  socketClosed(code: number): void
  subscriptionStarted(): void
  subscriptionEnded(): void
  slowReaderClosed(): void
}

/** A registry of its own for each server, so that two in one process do not collide. */
export function createMetrics({ poolState }: { poolState(): PoolState }): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Counter({
    name: 'atrium_http_requests_total',
    help: 'HTTP requests answered',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const operations = new Histogram({
    name: 'atrium_operation_duration_seconds',
    help: 'Time from receiving a GraphQL operation to its result; for subscriptions until the source is open',
    labelNames: ['transport', 'type', 'operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  const errors = new Counter({
    name: 'atrium_errors_total',
    help: 'Errors that left, by code',
    labelNames: ['code'],
    registers,
  })
  const sockets = new Gauge({ name: 'atrium_sockets', help: 'Open WebSockets', registers })
  const closes = new Counter({
    name: 'atrium_sockets_closed_total',
    help: 'WebSockets closed, by close code',
    labelNames: ['code'],
    registers,
  })
  const subscriptions = new Gauge({ name: 'atrium_subscriptions', help: 'Running subscriptions', registers })
  const groups = new Gauge({
    name: 'atrium_live_groups',
    help: 'Groups of subscriptions that are executed together',
    registers,
  })
  const executions = new Counter({
    name: 'atrium_live_executions_total',
    help: 'Events executed: once for all who share it (shared), or for one subscription alone (own)',
    labelNames: ['kind'],
    registers,
  })
  const deliveries = new Counter({
    name: 'atrium_live_deliveries_total',
    help: 'Events handed to a socket',
    registers,
  })
  const slowReaders = new Counter({
    name: 'atrium_slow_readers_closed_total',
    help: 'WebSockets that were closed because what was sent did not leave',
    registers,
  })
  new Gauge({
    name: 'atrium_pool_connections',
    help: 'Database connections (open, idle) and callers waiting for one (waiting)',
    labelNames: ['state'],
    registers,
    collect() {
      const { open, idle, waiting } = poolState()
      this.set({ state: 'open' }, open)
      this.set({ state: 'idle' }, idle)
      this.set({ state: 'waiting' }, waiting)
    },
  })

  const names = new Set<string>()
  const labelOf = (name: string | undefined): string => {
    if (name === undefined) return 'anonymous'
    if (names.has(name)) return name
    if (names.size >= OPERATION_NAMES || name.length > OPERATION_NAME_LENGTH) return 'other'
    names.add(name)
    return name
  }

  return {
    registry,
    requestEnded: (method, route, status) => requests.inc({ method, route, status }),
    operationEnded: ({ transport, type, name, seconds }) =>
      operations.observe({ transport, type, operation: labelOf(name) }, seconds),
    errorLeft: (code) => errors.inc({ code }),
    socketOpened: () => sockets.inc(),
    socketClosed(code) {
      sockets.dec()
      // Clients may invent codes from 3000 to 4999.
      closes.inc({ code: CLOSE_CODES_COUNTED.has(code) ? code : 'other' })
    },
    subscriptionStarted: () => subscriptions.inc(),
    subscriptionEnded: () => subscriptions.dec(),
    groupOpened: () => groups.inc(),
    groupClosed: () => groups.dec(),
    executed: (kind) => executions.inc({ kind }),
    delivered: (count) => deliveries.inc(count),
    slowReaderClosed: () => slowReaders.inc(),
  }
}

const CLOSE_CODES_COUNTED: ReadonlySet<number> = new Set([
  1000, 1001, 1003, 1005, 1006, 1007, 1009, 1011, 1013, 4400, 4401, 4403, 4406, 4408, 4409, 4413, 4429,
])
