import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Limits } from './core/limits.ts'
import { LOG_LEVELS } from './core/log.ts'
import { type Seller, sellerOf } from './core/seller.ts'
import type { S3Settings } from './gateways/storage/s3.ts'

export type { Limits } from './core/limits.ts'

/** A setting is wrong. The message is one line and names the setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be a whole number from ${from} to ${to}`)

const limit = (fallback: number, to = 1_000_000_000) => wholeNumber(1, to).default(fallback)

const textLine = z.string().regex(/^[^\p{Cc}\u2028\u2029]{1,300}$/u, 'must be one line of 300 characters at most')

const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true')

const url = (...protocols: string[]) =>
  z.string().refine(
    (value) => {
      const parsed = URL.canParse(value) ? new URL(value) : null
      return parsed !== null && protocols.includes(parsed.protocol.slice(0, -1))
    },
    `must be a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  )

/** As long as the hash that signs with it. */
const SECRET_LENGTH = 32

/** Every environment variable that Atrium reads. `.env.example` explains them; a house test compares the two. */
export const SETTINGS = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'must be development, test or production')
    .default('development'),
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: z.string().min(1, 'must not be empty').default('localhost'),
  PUBLIC_URL: url('http', 'https').optional(),
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    )
    .refine(
      (origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      'must be a comma-separated list of origins such as https://app.example.com',
    ),
  TRUST_PROXY: flag.default(false),
  ATRIUM_DATA: z.string().min(1, 'must not be empty').default('data'),
  ATRIUM_DEMO: flag.optional(),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  DATABASE_POOL: wholeNumber(1, 200).default(10),
  REDIS_URL: url('redis', 'rediss').optional(),
  JWT_SECRET: z.string().min(SECRET_LENGTH, `must be at least ${SECRET_LENGTH} characters long`).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  SMTP_URL: url('smtp', 'smtps').optional(),
  MAIL_FROM: z
    .string()
    .min(3, 'must be an address such as Atrium <atrium@example.com>')
    .default('Atrium <atrium@localhost>'),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[rs]k_(test|live)_\w+$/, 'must be a secret key of Stripe such as sk_live_…')
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_\S+$/, 'must be the signing secret of a webhook endpoint of Stripe such as whsec_…')
    .optional(),
  SELLER_NAME: textLine.default('Atrium'),
  SELLER_ADDRESS: textLine.optional(),
  SELLER_TAX_ID: textLine.optional(),
  EXCHANGE_RATES_URL: url('http', 'https').optional(),
  MAX_REQUEST_BYTES: limit(1_000_000),
  MAX_FRAME_BYTES: limit(256_000),
  MAX_TOKENS: limit(5_000),
  MAX_DEPTH: limit(15),
  MAX_ALIASES: limit(50),
  MAX_DIRECTIVES: limit(50),
  MAX_COST: limit(20_000),
  MAX_LIST_INPUT: limit(100),
  MAX_ANSWER_CHARACTERS: limit(10_000_000),
  MAX_SOCKET_OPERATIONS: limit(50),
  MAX_SOCKETS_PER_ADDRESS: limit(100),
  RATE_PER_VIEWER: limit(1_200),
  RATE_PER_ADDRESS: limit(2_400),
  SIGN_IN_ATTEMPTS_PER_ACCOUNT: limit(10),
  SIGN_IN_ATTEMPTS_PER_ADDRESS: limit(50),
  CONTACT_HASHES_PER_VIEWER: limit(2_000),
  CONTACT_HASHES_PER_ADDRESS: limit(10_000),
  DEVICE_REGISTRATIONS_PER_VIEWER: limit(30),
  PREKEY_CLAIMS_PER_VIEWER: limit(2_000),
  RECIPE_IMPORTS_PER_VIEWER: limit(100),
  GUEST_SEATS_PER_SHOWTIME: limit(30),
  GUEST_SEATS_PER_ADDRESS: limit(60),
  GUEST_ORDERS_PER_ADDRESS: limit(20),
  PAYMENT_ATTEMPTS_PER_BUYER: limit(60),
  MAX_UPLOAD_BYTES: limit(25_000_000),
  MAX_IMAGE_PIXELS: limit(60_000_000),
  UPLOAD_QUOTA_BYTES: limit(1_000_000_000, 999_999_999_999),
  UPLOADS_PER_VIEWER: limit(500),
  S3_ENDPOINT: url('http', 'https').optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  S3_REGION: z.string().min(1, 'must not be empty').default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().min(1, 'must not be empty').optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1, 'must not be empty').optional(),
} as const

export interface Config {
  production: boolean
  port: number
  host: string
  /** Where people reach this server from outside; null means: at the address it listens on. */
  publicUrl: string | null
  allowedOrigins: readonly string[]
  trustProxy: boolean
  dataDirectory: string
  demo: boolean
  /** Null means the embedded Postgres in the data directory. */
  databaseUrl: string | null
  databasePool: number
  redisUrl: string | null
  jwtSecret: string
  logLevel: (typeof LOG_LEVELS)[number]
  smtpUrl: string | null
  mailFrom: string
  /** Null means the built-in test gateway, which moves no money. */
  stripe: { readonly secretKey: string; readonly webhookSecret: string } | null
  seller: Seller
  /** Where the day's exchange rates are; null means that nobody is asked for any. */
  exchangeRatesUrl: string | null
  /** Null keeps files in the data directory. */
  s3: S3Settings | null
  limits: Limits
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads and checks the whole environment once.
 * @throws ConfigError that names the first wrong setting.
 */
export function readConfig(environment: Environment = process.env): Config {
  // A variable that is set to nothing (`PORT=`) means the same as one that is not set.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = z.object(SETTINGS).safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new ConfigError(`${String(issue?.path[0])} ${issue?.message}`)
  }
  const settings = parsed.data
  const production = settings.NODE_ENV === 'production'
  if (production && settings.DATABASE_URL !== undefined && settings.JWT_SECRET === undefined) {
    throw new ConfigError('JWT_SECRET must be set in production with a DATABASE_URL, and be the same on every server')
  }
  const demo = settings.ATRIUM_DEMO ?? !production
  const dataDirectory = resolve(settings.ATRIUM_DATA)
  // A server with everything elsewhere keeps nothing here, and may run on a disk that cannot be written.
  const needsData = [settings.DATABASE_URL, settings.JWT_SECRET, settings.SMTP_URL, settings.S3_BUCKET].includes(
    undefined,
  )
  if (needsData) inDataDirectory(dataDirectory, () => {})
  return {
    production,
    port: settings.PORT,
    host: settings.HOST,
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    trustProxy: settings.TRUST_PROXY,
    dataDirectory,
    demo,
    databaseUrl: settings.DATABASE_URL ?? null,
    databasePool: settings.DATABASE_POOL,
    redisUrl: settings.REDIS_URL ?? null,
    jwtSecret: settings.JWT_SECRET ?? inDataDirectory(dataDirectory, () => keptSecret(dataDirectory)),
    logLevel: settings.LOG_LEVEL,
    smtpUrl: settings.SMTP_URL ?? null,
    mailFrom: settings.MAIL_FROM,
    stripe: stripeOf(settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET),
    seller: sellerOf(settings, demo),
    exchangeRatesUrl: settings.EXCHANGE_RATES_URL ?? null,
    s3: s3Of(settings),
    limits: {
      requestBytes: settings.MAX_REQUEST_BYTES,
      frameBytes: settings.MAX_FRAME_BYTES,
      tokens: settings.MAX_TOKENS,
      depth: settings.MAX_DEPTH,
      aliases: settings.MAX_ALIASES,
      directives: settings.MAX_DIRECTIVES,
      cost: settings.MAX_COST,
      listInput: settings.MAX_LIST_INPUT,
      answerCharacters: settings.MAX_ANSWER_CHARACTERS,
      socketOperations: settings.MAX_SOCKET_OPERATIONS,
      socketsPerAddress: settings.MAX_SOCKETS_PER_ADDRESS,
      ratePerViewer: settings.RATE_PER_VIEWER,
      ratePerAddress: settings.RATE_PER_ADDRESS,
      signInAttemptsPerAccount: settings.SIGN_IN_ATTEMPTS_PER_ACCOUNT,
      signInAttemptsPerAddress: settings.SIGN_IN_ATTEMPTS_PER_ADDRESS,
      contactHashesPerViewer: settings.CONTACT_HASHES_PER_VIEWER,
      contactHashesPerAddress: settings.CONTACT_HASHES_PER_ADDRESS,
      deviceRegistrationsPerViewer: settings.DEVICE_REGISTRATIONS_PER_VIEWER,
      prekeyClaimsPerViewer: settings.PREKEY_CLAIMS_PER_VIEWER,
      recipeImportsPerViewer: settings.RECIPE_IMPORTS_PER_VIEWER,
      guestSeatsPerShowtime: settings.GUEST_SEATS_PER_SHOWTIME,
      guestSeatsPerAddress: settings.GUEST_SEATS_PER_ADDRESS,
      guestOrdersPerAddress: settings.GUEST_ORDERS_PER_ADDRESS,
      paymentAttemptsPerBuyer: settings.PAYMENT_ATTEMPTS_PER_BUYER,
      uploadBytes: settings.MAX_UPLOAD_BYTES,
      imagePixels: settings.MAX_IMAGE_PIXELS,
      uploadQuotaBytes: settings.UPLOAD_QUOTA_BYTES,
      uploadsPerViewer: settings.UPLOADS_PER_VIEWER,
    },
  }
}

/** @throws ConfigError for one without the other: payments would never be heard of, or events never taken. */
function stripeOf(secretKey: string | undefined, webhookSecret: string | undefined): Config['stripe'] {
  if (secretKey === undefined && webhookSecret === undefined) return null
  if (secretKey === undefined) throw new ConfigError('STRIPE_SECRET_KEY must be set where STRIPE_WEBHOOK_SECRET is')
  if (webhookSecret === undefined) throw new ConfigError('STRIPE_WEBHOOK_SECRET must be set where STRIPE_SECRET_KEY is')
  return { secretKey, webhookSecret }
}

type S3Variables = Partial<
  Record<'S3_ENDPOINT' | 'S3_BUCKET' | 'S3_REGION' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY', string>
>

/** @throws ConfigError when some of what a bucket needs is set, and some is not. */
function s3Of(settings: S3Variables): S3Settings | null {
  const { S3_ENDPOINT, S3_BUCKET, S3_REGION = '', S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = settings
  const needed = { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY }
  const missing = Object.entries(needed).filter(([, value]) => value === undefined)
  if (missing.length === Object.keys(needed).length) return null
  if (missing[0] !== undefined)
    throw new ConfigError(`${missing[0][0]} must be set together with the other S3_ settings`)
  return {
    endpoint: (S3_ENDPOINT ?? '').replace(/\/+$/, ''),
    bucket: S3_BUCKET ?? '',
    region: S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: S3_SECRET_ACCESS_KEY ?? '',
  }
}

/** The signing secret of this data directory: made at the first start and readable by its owner only. */
function keptSecret(dataDirectory: string): string {
  const file = join(dataDirectory, 'jwt-secret')
  if (!existsSync(file)) {
    // Made beside and linked: of two servers that start at once one wins, and neither reads half a secret.
    const draft = `${file}.${randomBytes(4).toString('hex')}`
    writeFileSync(draft, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' })
    try {
      linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(draft, { force: true })
    }
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < SECRET_LENGTH) throw new Error(`${file} holds no secret; delete it and a new one is made`)
  return secret
}

/** @throws ConfigError when the directory cannot be made or written. */
function inDataDirectory<T>(dataDirectory: string, use: () => T): T {
  try {
    // The embedded PostgreSQL of root runs as another user, who must get through to its folder but need not look around.
    mkdirSync(dataDirectory, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
    accessSync(dataDirectory, constants.R_OK | constants.W_OK | constants.X_OK)
    return use()
  } catch (error) {
    throw new ConfigError(`ATRIUM_DATA cannot be used: ${(error as Error).message}`)
  }
}

/** The folder that a command was typed in: npm goes to the project's before it runs anything. */
export const callerDirectory = (environment: Environment = process.env): string => environment.INIT_CWD ?? process.cwd()
