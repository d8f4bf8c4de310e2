import 'reflect-metadata'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/core/log.ts'
import { startServer } from '../../src/start.ts'

/** A whole server in a process of its own, whose Stripe is a fake one on this machine: `node … <port>`. Prints its address. */
const config = readConfig()
const stripeAddress = { host: '127.0.0.1', port: Number(process.argv[2]), protocol: 'http', timeoutMs: 60_000 } as const
const server = await startServer(config, { log: createLog(config.logLevel), stripeAddress })
process.stdout.write(`Listens at ${server.url}\n`)
