import { type Logger, pino, type SerializedError, stdSerializers } from 'pino'

export type Log = Logger

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Where database drivers put the values of a statement: addresses, password hashes, drafts. The log needs none of them. */
const VALUES = ['params', 'parameters', 'args', 'detail'] as const

/** An error for the log, with the statement that failed but without its values, which drizzle's message repeats too. */
export function loggedError(error: Error): SerializedError {
  // Whoever throws or logs something else gets it as it is.
  if (!(error instanceof Error)) return error
  const logged: SerializedError = stdSerializers.err(error)
  const causes = [error, ...(error.cause instanceof Error ? [error.cause] : [])]
  for (const cause of causes) {
    if (!('params' in cause)) continue
    const values = `\nparams: ${String(cause.params)}`
    logged.message = logged.message.replaceAll(values, '')
    logged.stack = logged.stack.replaceAll(values, '')
  }
  for (const name of VALUES) delete logged[name]
  return logged
}

/** JSON lines on standard error, so that standard output stays free for what a person or a program asked for. */
export const createLog = (level: LogLevel): Log =>
  pino(
    {
      level,
      serializers: { err: loggedError },
      redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token'],
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  )
