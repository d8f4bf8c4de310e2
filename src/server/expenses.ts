import type { Readable } from 'node:stream'
import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../core/errors.ts'

export interface ExpensesOptions {
  path: string
  /** The table that a signed link is good for; null for a link that is not ours, or has ended. */
  open: (link: Readonly<Record<string, string | undefined>>) => Promise<Readable | null>
}

/** `GET /expenses.csv` with the link of `expensesCsv`. Errors are thrown: the application's error handler writes them as JSON. */
export const expenses: FastifyPluginAsync<ExpensesOptions> = async (app, { path, open }) => {
  app.get<{ Querystring: Record<string, unknown> }>(path, async (request, reply) => {
    const texts = Object.entries(request.query).filter(([, value]) => typeof value === 'string')
    const table = await open(Object.fromEntries(texts) as Record<string, string>)
    if (table === null) throw new DomainError('NOT_FOUND', 'This link has ended. Ask for a new one with expensesCsv.')
    return reply
      .headers({
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': 'attachment; filename="expenses.csv"',
        'cache-control': 'private, no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      .send(table)
  })
}
