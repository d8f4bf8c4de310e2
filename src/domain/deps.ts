import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Seller } from '../core/seller.ts'
import type { Database, Transaction } from '../db/database.ts'
import type { ImageWorker } from '../gateways/image/image.ts'
import type { PaymentGateway } from '../gateways/payment/gateway.ts'
import type { Jobs } from '../gateways/queue.ts'
import type { RateLimiter } from '../gateways/rate-limiter.ts'
import type { Storage } from '../gateways/storage/storage.ts'
import type { WebPages } from '../gateways/web-page/web-page.ts'
import type { Bus } from '../live/bus.ts'
import type { Presence } from '../live/presence.ts'
import type { Incoming } from './upload/incoming.ts'

/** What the business needs of the world. A resolver, a job and a command hand in the same. */
export interface Deps {
  readonly db: Database
  readonly jobs: Jobs
  readonly bus: Bus
  readonly payments: PaymentGateway
  readonly presence: Presence
  readonly clock: Clock
  readonly log: Log
  /** Where people reach this server, without a slash at the end. */
  readonly publicUrl: () => string
  /** Who sells what the shop and the cinema sell, as receipts have to say. */
  readonly seller: Seller
  /** Signs access tokens (HS256). */
  readonly jwtSecret: Uint8Array
  readonly signInAttempts: { readonly perAccount: RateLimiter; readonly perAddress: RateLimiter }
  /** Hashes of e-mail addresses that were looked up. */
  readonly contactHashes: { readonly perViewer: RateLimiter; readonly perAddress: RateLimiter }
  readonly deviceRegistrations: RateLimiter
  readonly webPages: WebPages
  /** Pages that a member had read. */
  readonly recipeImports: RateLimiter
  /** Devices whose prekeys a member asked for. */
  readonly prekeyClaims: RateLimiter
  /** Seats that guests hold; the keys are network addresses, with the showtime's id and without. */
  readonly guestSeats: { readonly perShowtime: RateLimiter; readonly perAddress: RateLimiter }
  /** Orders of guests; the keys are network addresses. */
  readonly guestOrders: RateLimiter
  /** To pay, of one member, and of guests by network address. */
  readonly paymentAttempts: RateLimiter
  readonly storage: Storage
  readonly images: ImageWorker
  readonly uploads: UploadLimits
}

/** The same world for what is part of a transaction already: what it writes stands or falls with the rest. */
export const within = (deps: Deps, tx: Transaction): Deps => ({
  ...deps,
  db: { ...deps.db, ...tx, transaction: (work) => work(tx) },
})

export interface UploadLimits {
  /** Of one file. */
  readonly maxBytes: number
  /** Of all files of one member. */
  readonly quotaBytes: number
  /** What is on its way in. */
  readonly incoming: Incoming
  /** Files of one member. */
  readonly rate: RateLimiter
}
