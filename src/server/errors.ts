import { randomUUID } from 'node:crypto'
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql'
import { DomainError, type ErrorCode } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { REFUSAL_CODES } from './limits/refusal.ts'

/** Codes that a GraphQLError may carry to the client as it is: ours, graphql-js's as Apollo names them, and Apollo's. */
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  ...REFUSAL_CODES,
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'RATE_LIMITED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])

/** Domain errors that keep their code outside a payload; all others are about the input. */
const TOP_LEVEL: ReadonlySet<ErrorCode> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'RATE_LIMITED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'QUOTA_EXCEEDED',
])

/** Messages quote what the client sent; a megabyte of it back in each of twenty errors would be a lever. */
const MESSAGE_LENGTH = 1_000

/** Turns whatever was thrown into what may leave. The real error is logged under the support id, and nothing of it leaves. */
export type Mask = (error: unknown) => GraphQLFormattedError & { extensions: { code: string; [key: string]: unknown } }

interface MaskOptions {
  log: Log
  /** Hears the code of every error that leaves. */
  onError?(code: string): void
}

export function createMask({ log, onError }: MaskOptions): Mask {
  /** A loader rejects a whole batch with one error: it is logged once and has one id. */
  const supportIds = new WeakMap<object, string>()

  const supportIdOf = (cause: unknown, path: GraphQLError['path']): string => {
    const key = typeof cause === 'object' && cause !== null ? cause : null
    const known = key === null ? undefined : supportIds.get(key)
    if (known !== undefined) return known
    const supportId = randomUUID()
    if (key !== null) supportIds.set(key, supportId)
    log.error({ err: cause, supportId, path }, 'An operation failed')
    return supportId
  }

  return (error) => {
    const cause = rootCause(error)
    const located = error instanceof GraphQLError ? error : undefined
    const { message, extensions } = publicForm(error, cause) ?? internal(supportIdOf(cause, located?.path))
    onError?.(extensions.code)
    return {
      message: message.length > MESSAGE_LENGTH ? `${message.slice(0, MESSAGE_LENGTH)}…` : message,
      ...(located?.locations && { locations: located.locations }),
      ...(located?.path && { path: located.path }),
      extensions,
    }
  }
}

interface PublicForm {
  message: string
  extensions: { code: string; [key: string]: unknown }
}

const internal = (supportId: string): PublicForm => ({
  message: 'Something went wrong on our side.',
  extensions: { code: 'INTERNAL', supportId },
})

/** What was thrown first: graphql-js wraps it in errors that know the path. */
function rootCause(error: unknown): unknown {
  let cause = error
  while (cause instanceof GraphQLError && cause.originalError != null) cause = cause.originalError
  return cause
}

function publicForm(error: unknown, cause: unknown): PublicForm | null {
  if (cause instanceof DomainError) return fromDomain(cause)
  if (!(error instanceof GraphQLError)) return null
  // A scalar may throw anything while it reads a variable; graphql-js has made a message for the client of it.
  if (blames(error, Kind.VARIABLE_DEFINITION)) return { message: error.message, extensions: { code: 'BAD_USER_INPUT' } }
  if (!(cause instanceof GraphQLError)) return null
  const { http: _, stacktrace: __, ...extensions } = { ...cause.extensions, ...error.extensions }
  if (PUBLIC_CODES.has(extensions.code)) {
    return { message: error.message, extensions: { ...extensions, code: String(extensions.code) } }
  }
  // An error of graphql-js about an argument points at what the client wrote. One about a result points at the field,
  // and one that a resolver or a scalar's `serialize` throws points nowhere: those are ours.
  const about = cause.nodes?.[0]?.kind
  if (extensions.code === undefined && about !== undefined && about !== Kind.FIELD) {
    return { message: error.message, extensions: { code: 'BAD_USER_INPUT' } }
  }
  return null
}

const blames = (error: GraphQLError, kind: Kind): boolean => error.nodes?.[0]?.kind === kind

function fromDomain(error: DomainError): PublicForm {
  const code = TOP_LEVEL.has(error.code) ? error.code : 'BAD_USER_INPUT'
  return {
    message: error.message,
    extensions: {
      ...error.details,
      ...(error.argument.length > 0 && { argument: error.argument }),
      ...(code !== error.code && { reason: error.code }),
      code,
    },
  }
}

/** Statuses of refusals that concern the request as a whole. Everything else is 400. */
const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  QUOTA_EXCEEDED: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL: 500,
}

export const statusOf = (code: string): number => STATUS[code] ?? 400
