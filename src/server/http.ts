import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import cors from '@fastify/cors'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { DomainError } from '../core/errors.ts'
import { escapeHtml } from '../core/html.ts'
import { acceptsHtml, varyOn } from './accept.ts'
import { type Mask, statusOf } from './errors.ts'
import { SITE } from './head.ts'
import type { Metrics } from './metrics.ts'
import { PRINTABLE_HEADERS, printable } from './printable.ts'
import { UPLOADS_PATH } from './uploads.ts'

/** A client that takes longer than this to send its request keeps a connection from others. */
const REQUEST_TIMEOUT_MS = 30_000
/** A photograph over a bad line takes its time. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000

interface HttpOptions {
  config: Pick<Config, 'allowedOrigins' | 'trustProxy' | 'limits'>
  mask: Mask
  metrics: Metrics
  isStopping(): boolean
  /** For requests that are no uploads (30,000). */
  requestTimeoutMs?: number
}

const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  431: 'HEADERS_TOO_LARGE',
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'This request is malformed.',
  404: 'There is nothing at this address.',
  413: 'This request is too large.',
  415: 'Send the body as application/json.',
}

const codeOf = (status: number): string => CODES[status] ?? 'BAD_REQUEST'
const bodyOf = (status: number) => ({
  errors: [
    {
      message: MESSAGES[status] ?? STATUS_CODES[status] ?? 'This request cannot be served.',
      extensions: { code: codeOf(status) },
    },
  ],
})

/** Fastify with the manners that every route shares: JSON errors, safe headers, one body limit, CORS. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { config, mask, metrics, isStopping, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options
  const app = Fastify({
    logger: false,
    // One hop: the last entry of X-Forwarded-For is our proxy's, all others are what the client claims.
    trustProxy: config.trustProxy ? (_address: string, hop: number) => hop === 0 : false,
    bodyLimit: config.limits.requestBytes,
    // Node has one limit for all requests; the shorter one of the others is kept below.
    requestTimeout: UPLOAD_TIMEOUT_MS,
    // Node answers a request without a host with an empty body; below it gets the JSON that every bad host gets.
    http: { requireHostHeader: false },
    // A request that arrives on an open connection while we stop is still answered; Fastify's 503 is not our JSON.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply, mask),
    clientErrorHandler: answerClientError,
  })
  app.server.headersTimeout = requestTimeoutMs
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply, mask))
  app.setNotFoundHandler((request, reply) =>
    wantsPage(request) ? sendNotFoundPage(reply, 'There is nothing here.') : reply.code(404).send(bodyOf(404)),
  )

  app.addHook('onRequest', async ({ raw, routeOptions }) => {
    const hasBody = raw.headers['content-length'] !== undefined || raw.headers['transfer-encoding'] !== undefined
    if (!hasBody || routeOptions.url === UPLOADS_PATH) return
    const late = setTimeout(() => answerLate(raw), requestTimeoutMs)
    raw.once('close', () => clearTimeout(late))
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      // Pages set their own; nothing else that we send is to be rendered.
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
    if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000')
    // Routes build URLs from these two headers, which are whatever the client sent.
    if (!URL.canParse(request.url, `${request.protocol}://${request.host}/`)) {
      return reply.code(400).send(bodyOf(400))
    }
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isStopping()) reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    metrics.requestEnded(request.method, request.routeOptions.url ?? 'none', reply.statusCode)
  })

  await app.register(cors, {
    origin: [...config.allowedOrigins],
    credentials: true,
    strictPreflight: false,
    exposedHeaders: ['retry-after'],
    maxAge: 600,
  })
  return app
}

/** Fastify's own errors carry a status; its messages name its internals, so the status speaks for them. */
/** Somebody followed a link in a browser; programs that ask for anything get JSON. */
const wantsPage = (request: FastifyRequest): boolean => request.method === 'GET' && acceptsHtml(request)

function sendNotFoundPage(reply: FastifyReply, message: string): FastifyReply {
  const body = `<header><h1>${SITE}</h1><span>404</span></header><article><h2>${escapeHtml(message)}</h2><p class="quiet">The address may be cut off, or what was here is gone. <a href="/graphql">Go to the playground</a>.</p></article>`
  return reply
    .code(404)
    .headers({ ...PRINTABLE_HEADERS, vary: varyOn(reply, 'accept') })
    .type('text/html; charset=utf-8')
    .send(printable({ title: message, body }))
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply, mask: Mask): void {
  const status = error instanceof DomainError ? statusOf(mask(error).extensions.code) : (error.statusCode ?? 500)
  if (!(error instanceof DomainError) && status >= 400 && status < 500) {
    void reply.code(status).send(bodyOf(status))
    return
  }
  const masked = mask(error)
  if (status === 404 && wantsPage(request)) {
    void sendNotFoundPage(reply, masked.message)
    return
  }
  const { retryAfterSeconds } = masked.extensions
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  void reply.code(error instanceof DomainError ? status : 500).send({ errors: [masked] })
}

/** The rest of the body did not come in time. */
function answerLate({ complete, socket }: IncomingMessage): void {
  if (complete) return
  socket.once('finish', () => socket.destroy())
  answerClientError(Object.assign(new Error('the body did not come'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket)
}

/** What is not even HTTP never becomes a request. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  const body = JSON.stringify(bodyOf(status))
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
