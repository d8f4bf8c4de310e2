import type { IncomingMessage } from 'node:http'
import multipart from '@fastify/multipart'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, forbidden, invalidInput, unauthenticated } from '../core/errors.ts'
import { type Admission, bearerToken, readCookies } from './admission.ts'
import type { Cookies, Viewer } from './door.ts'
import { isAllowedOrigin, type OriginRules } from './origin.ts'
import { createGate, createTurnstile } from './turnstile.ts'

export const UPLOADS_PATH = '/uploads'

/** What the lines of a form around a file take at most. */
const FORM_BYTES = 10_000

/** Each file that is being read holds some hundreds of kilobytes. */
const MAX_READ_AT_ONCE = 24
/** Of one member. */
const MAX_READ_OF_EACH = 12

/** Of what separates the parts of a form: RFC 2046, 5.1.1. */
const MAX_BOUNDARY_CHARACTERS = 70

/** For what a refused client still sends. */
const DRAIN_MS = 30_000

export interface ReceivedFile {
  keep(): Promise<string>
  drop(): Promise<void>
}

export interface UploadsOptions {
  /** What a file may be sent for. */
  readonly uses: readonly string[]
  /** @throws DomainError for a viewer who may not send this, or not so much. */
  admit(viewer: Viewer, use: string, announcedBytes: number): Promise<{ maxBytes: number }>
  /** Reads the file. @throws DomainError */
  receive(
    viewer: Viewer,
    file: { use: string; filename: string | undefined; content: AsyncIterable<Buffer>; signal: AbortSignal },
  ): Promise<ReceivedFile>
}

interface Shared {
  admission: Admission
  door: { forgetSession?(cookies: Cookies): readonly string[]; active?(viewer: Viewer): void }
  origins: OriginRules
}

const malformed = (message: string): DomainError => invalidInput(['file'], message)

/** The sender's own fault, which is told to nobody: they are gone. */
const isHungUp = (error: unknown): boolean =>
  error instanceof Error &&
  ['ABORT_ERR', 'FST_PREMATURE_CLOSE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'].includes(
    'code' in error ? String(error.code) : error.name,
  )

/**
 * `POST /uploads?use=AVATAR`, a form with one file: `{ "id": "upload_…" }`, which mutations take. The caller is the one of
 * `/graphql`, by token or cookie; a form is something that any page can send, so a cookie counts from our own pages only.
 */
export const uploads: FastifyPluginAsync<UploadsOptions & Shared> = async (app, options) => {
  const { admission, door, origins, uses } = options
  const turnstile = createTurnstile()
  const gate = createGate({ most: MAX_READ_AT_ONCE, ofEach: MAX_READ_OF_EACH })
  const inTurns = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      await turnstile.turn()
      yield piece
    }
  }
  // Nothing but a form is read, and nothing is read before it is known who sends it.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, null))
  await app.register(multipart, { throwFileSizeLimit: false })

  const callerOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Viewer> => {
    const { origin } = request.headers
    const bearer = bearerToken(request.headers.authorization)
    if (
      origin === undefined
        ? bearer === null && request.headers.cookie !== undefined
        : !isAllowedOrigin(origin, request.raw, origins)
    ) {
      throw forbidden('This origin may not upload here.')
    }
    const cookies = readCookies(request.headers.cookie)
    try {
      const viewer = await admission.admit(request.ip, { bearer, cookies })
      if (viewer === null) throw unauthenticated()
      door.active?.(viewer)
      return viewer
    } catch (error) {
      if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') {
        reply.header('www-authenticate', 'Bearer')
        if (bearer === null)
          for (const header of door.forgetSession?.(cookies) ?? []) reply.header('set-cookie', header)
      }
      throw error
    }
  }

  const purposeOf = (request: FastifyRequest): string => {
    const { use } = request.query as { use?: unknown }
    const known = uses.find((each) => each === use)
    if (known === undefined) throw invalidInput(['use'], `Say what it is for, ?use= one of ${uses.join(', ')}.`)
    return known
  }

  const readForm = async (request: FastifyRequest, viewer: Viewer, use: string): Promise<string> => {
    const announced = Number(request.headers['content-length'] ?? 0)
    const { maxBytes } = await options.admit(viewer, use, Math.max(0, announced - FORM_BYTES))
    if (!request.isMultipart()) throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send the file as multipart/form-data.')
    if (boundaryOf(request).length > MAX_BOUNDARY_CHARACTERS) {
      throw malformed(`The boundary of a form has at most ${MAX_BOUNDARY_CHARACTERS} characters.`)
    }
    const gone = new AbortController()
    const hangUp = (): void => {
      if (!request.raw.complete) gone.abort()
    }
    request.raw.once('close', hangUp)
    const leave = await gate.enter(viewer.accountId)
    let received: ReceivedFile | undefined
    try {
      // One byte more than may be, so that a file that is cut off is known for one.
      const limits = { fileSize: maxBytes + 1, files: 1, fields: 0, parts: 1, headerPairs: 20 }
      for await (const part of request.parts({ limits })) {
        if (part.type !== 'file' || received !== undefined) throw malformed('Send one file, and nothing else.')
        const { filename, file: content } = part
        received = await options.receive(viewer, { use, filename, content: inTurns(content), signal: gone.signal })
      }
      if (received === undefined) throw malformed('Send one file.')
      request.raw.off('close', hangUp)
      leave()
      return await received.keep()
    } catch (error) {
      await received?.drop()
      throw formError(error)
    } finally {
      leave()
      request.raw.off('close', hangUp)
    }
  }

  app.post(UPLOADS_PATH, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    try {
      const viewer = await callerOf(request, reply)
      const id = await readForm(request, viewer, purposeOf(request))
      return await reply.code(201).send({ id })
    } catch (error) {
      drain(request.raw)
      throw error
    }
  })
}

/**
 * Throws away what else comes, for a while: many clients read the answer only when they have sent all, and a connection
 * that is closed under them tells them nothing.
 */
function drain(request: IncomingMessage): void {
  if (request.complete) return
  request.unpipe()
  request.resume()
  const late = setTimeout(() => request.destroy(), DRAIN_MS).unref()
  request.once('close', () => clearTimeout(late))
}

const BOUNDARY = /;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/i

/** As it is written; empty where there is none, which the parser refuses. */
function boundaryOf({ headers }: FastifyRequest): string {
  const [, quoted, plain] = BOUNDARY.exec(headers['content-type'] ?? '') ?? []
  return quoted ?? plain?.trim() ?? ''
}

/** The parser of forms has errors of its own. */
function formError(error: unknown): unknown {
  if (error instanceof DomainError) return error
  if (isHungUp(error)) return malformed('This form is malformed, or was cut off.')
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (/^FST_(?:FILES|PARTS|FIELDS)_LIMIT$/.test(code)) return malformed('Send one file, and nothing else.')
  if (error instanceof Error && /multipart|boundary|needle|header|unexpected end|part/i.test(error.message)) {
    return malformed('This form is malformed, or was cut off.')
  }
  return error
}
