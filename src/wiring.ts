import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Config } from './config.ts'
import { type Clock, systemClock } from './core/clock.ts'
import type { Log } from './core/log.ts'
import { migrate } from './db/migrate.ts'
import { type OpenSettings, openDatabase } from './db/open.ts'
import { tellFollowers } from './domain/blog/announcement.ts'
import { publishDue } from './domain/blog/publication.ts'
import { MAX_HOLD_MINUTES } from './domain/cinema/rules.ts'
import { fillSchedules } from './domain/cinema/schedule.ts'
import { refundShowtime } from './domain/cinema/showtime.ts'
import { serveLine } from './domain/cinema/waitlist-offer.ts'
import type { Deps } from './domain/deps.ts'
import { tellVoters } from './domain/poll/announcement.ts'
import { closeDue } from './domain/poll/closing.ts'
import { tellRecipeFollowers } from './domain/recipe/publication.ts'
import { stallRefund } from './domain/shop/money-back.ts'
import { RESERVATION_MINUTES } from './domain/shop/order-rules.ts'
import { closeDueSurvey } from './domain/survey/survey.ts'
import { createIncoming } from './domain/upload/incoming.ts'
import { processImage } from './domain/upload/process-image.ts'
import { syncExercises } from './domain/workout/catalogue.ts'
import { fillRepeats } from './domain/workout/repeat.ts'
import { createImageWorker } from './gateways/image/worker.ts'
import { sendMail } from './gateways/mail/outbox.ts'
import { createStripeGateway, type StripeAddress } from './gateways/payment/stripe.ts'
import { createTestGateway, type TestGateway } from './gateways/payment/test-gateway.ts'
import { createQueue, type Queue } from './gateways/queue.ts'
import { createRateLimiter, type RateLimiter } from './gateways/rate-limiter.ts'
import { connectRedis } from './gateways/redis.ts'
import { createStorage } from './gateways/storage/open.ts'
import { createWebPages } from './gateways/web-page/web-page.ts'
import { createLocalBus } from './live/bus.ts'
import { createPresence } from './live/presence.ts'
import { createMemoryStore } from './live/presence-store.ts'
import { createRedisBus } from './live/redis-bus.ts'
import { createRedisStore } from './live/redis-presence.ts'

export interface OpenOptions {
  log: Log
  clock?: Clock
  /** What it is busy with, for steps that may take seconds. */
  onProgress?: (step: string) => void
  /** For tests: what else than the public internet pages are fetched from. */
  isWebAddressAllowed?: (address: string, port: number) => boolean
  /** Hears of each SQL statement, with its parameters. */
  onStatement?: OpenSettings['onStatement']
  /** A Stripe for tests. No setting leads to it: the secret key goes to Stripe's own address. */
  stripeAddress?: StripeAddress
}

export interface Atrium {
  readonly deps: Deps
  readonly queue: Queue
  /** The built-in gateway, where payments go through it. */
  readonly testGateway: TestGateway | null
  /** A limiter of this server, over all servers where there is a Redis. */
  limiter(name: string, points: number, durationSeconds: number): RateLimiter
  /** Where people reach this server, once that is known. */
  setPublicUrl(url: string): void
  close(): Promise<void>
}

const SIGN_IN_WINDOW_SECONDS = 15 * 60
/** As long as unpaid seats are kept, extended and then ordered: who keeps them no longer may hold others. */
const GUEST_SEATS_SECONDS = (MAX_HOLD_MINUTES + RESERVATION_MINUTES) * 60
const HOUR_SECONDS = 60 * 60
const DAY_SECONDS = 24 * HOUR_SECONDS

/**
 * Opens everything that the business needs: database (migrated), queue, bus and limiters. Servers, workers and commands
 * all begin here; what it opened is closed in the opposite order.
 */
export async function openAtrium(config: Config, options: OpenOptions): Promise<Atrium> {
  const { log, clock = systemClock, onProgress = () => {} } = options
  const db = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDirectory: config.dataDirectory,
    poolSize: config.databasePool,
    log,
    onProgress,
    onStatement: options.onStatement,
  })
  let redis: Redis | null = null
  try {
    onProgress('Migrating the database')
    await migrate(db, log)
    await syncExercises(db)
    redis = config.redisUrl === null ? null : connectRedis(config.redisUrl, log)
  } catch (error) {
    await db.close()
    throw error
  }
  const bus = redis === null ? createLocalBus({ log }) : createRedisBus({ redis, log })
  const server = randomUUID()
  const store = redis === null ? createMemoryStore(server) : createRedisStore({ redis, server })
  const presence = createPresence({ bus, store, log })
  const queue = createQueue({
    database: db,
    log,
    jobs: [
      stallRefund,
      sendMail,
      publishDue,
      closeDue,
      tellVoters,
      tellFollowers,
      closeDueSurvey,
      fillSchedules,
      tellRecipeFollowers,
      refundShowtime,
      serveLine,
      fillRepeats,
      processImage,
    ],
  })
  const limiter = (name: string, points: number, durationSeconds: number): RateLimiter =>
    createRateLimiter({ redis, name, points, durationSeconds })
  let publicUrl = config.publicUrl ?? `http://${config.host}:${config.port}`
  const { limits } = config
  const jwtSecret = new TextEncoder().encode(config.jwtSecret)
  const gateways = (): Pick<Atrium, 'testGateway'> & Pick<Deps, 'payments'> => {
    const { stripe } = config
    if (stripe !== null) {
      const { stripeAddress: address } = options
      return {
        testGateway: null,
        payments: createStripeGateway({ ...stripe, clock, returnUrl: () => publicUrl, address }),
      }
    }
    const secret = jwtSecret
    const testGateway = createTestGateway({ db, jobs: queue, clock, publicUrl: () => publicUrl, secret })
    return { testGateway, payments: testGateway }
  }
  const { testGateway, payments } = gateways()
  const images = createImageWorker({ maxPixels: limits.imagePixels, log })
  return {
    queue,
    testGateway,
    limiter,
    setPublicUrl(url) {
      publicUrl = config.publicUrl ?? url
    },
    deps: {
      db,
      bus,
      presence,
      clock,
      log,
      jobs: queue,
      publicUrl: () => publicUrl,
      payments,
      seller: config.seller,
      jwtSecret,
      signInAttempts: {
        perAccount: limiter('sign-in-account', limits.signInAttemptsPerAccount, SIGN_IN_WINDOW_SECONDS),
        perAddress: limiter('sign-in-address', limits.signInAttemptsPerAddress, SIGN_IN_WINDOW_SECONDS),
      },
      contactHashes: {
        perViewer: limiter('contact-viewer', limits.contactHashesPerViewer, DAY_SECONDS),
        perAddress: limiter('contact-address', limits.contactHashesPerAddress, DAY_SECONDS),
      },
      deviceRegistrations: limiter('device-registration', limits.deviceRegistrationsPerViewer, DAY_SECONDS),
      webPages: createWebPages({ isAllowed: options.isWebAddressAllowed }),
      recipeImports: limiter('recipe-import', limits.recipeImportsPerViewer, HOUR_SECONDS),
      prekeyClaims: limiter('prekey-claim', limits.prekeyClaimsPerViewer, HOUR_SECONDS),
      guestSeats: {
        perShowtime: limiter('guest-seats-showtime', limits.guestSeatsPerShowtime, GUEST_SEATS_SECONDS),
        perAddress: limiter('guest-seats-address', limits.guestSeatsPerAddress, GUEST_SEATS_SECONDS),
      },
      // Longer than unpaid orders are kept (RESERVATION_MINUTES), or the next ones could follow on them without end.
      guestOrders: limiter('guest-orders', limits.guestOrdersPerAddress, HOUR_SECONDS),
      paymentAttempts: limiter('payment-attempts', limits.paymentAttemptsPerBuyer, HOUR_SECONDS),
      storage: createStorage(config),
      images,
      uploads: {
        maxBytes: limits.uploadBytes,
        quotaBytes: limits.uploadQuotaBytes,
        incoming: createIncoming(),
        rate: limiter('upload', limits.uploadsPerViewer, HOUR_SECONDS),
      },
    },
    async close() {
      images.close()
      await presence.close()
      bus.close()
      await db.close()
      redis?.disconnect()
    },
  }
}
