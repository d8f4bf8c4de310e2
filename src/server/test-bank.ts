import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { escapeHtml } from '../core/html.ts'
import { SITE } from './head.ts'
import { FORM_PAGE_HEADERS, printable } from './printable.ts'

/** What the gateway makes: text of any other form, NUL among it, is none of its references and secrets. */
const TOKEN = /^\w{1,200}$/

const isToken = (given: unknown): given is string => typeof given === 'string' && TOKEN.test(given)

export interface TestBankOptions {
  path: string
  /** What waits for a decision, as people write money; null where nothing does. */
  find: (reference: string, secret: string) => Promise<{ amount: string } | null>
  /** False for a payment that is not asked to be approved. */
  decide: (reference: string, secret: string, isApproved: boolean) => Promise<boolean>
}

const nothingWaits = () => new DomainError('NOT_FOUND', 'No payment waits for this decision.')

const page = (title: string, body: string): string =>
  printable({
    title,
    body: `<header><h1>Test bank</h1><span>No money moves here</span></header><article>${body}</article>`,
  })

/** The bank of the built-in test gateway: where a buyer is sent by cards that ask for one more step. */
export const testBank: FastifyPluginAsync<TestBankOptions> = async (app, { path, find, decide }) => {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(FORM_PAGE_HEADERS)
  })
  app.get<{ Params: { reference: string }; Querystring: { secret?: unknown } }>(
    `${path}/:reference`,
    async ({ params: { reference }, query: { secret } }, reply) => {
      const payment = isToken(reference) && isToken(secret) ? await find(reference, secret) : null
      if (payment === null) throw nothingWaits()
      const form = `<h2>Pay ${escapeHtml(payment.amount)}?</h2><p class="quiet">Your card asks whether it is you who buys at ${SITE}.</p>
<form method="post" action="${escapeHtml(`${path}/${encodeURIComponent(reference)}`)}"><input type="hidden" name="secret" value="${escapeHtml(String(secret))}">
<button class="main" name="decision" value="approve">Yes, pay</button><button name="decision" value="refuse">No, it is not me</button></form>`
      return reply.type('text/html; charset=utf-8').send(page('Test bank', form))
    },
  )
  app.post<{ Params: { reference: string }; Body: { decision?: unknown; secret?: unknown } | null | undefined }>(
    `${path}/:reference`,
    async ({ params: { reference }, body }, reply) => {
      const isApproved = body?.decision === 'approve'
      const secret = body?.secret
      const isTaken = isToken(reference) && isToken(secret) && (await decide(reference, secret, isApproved))
      if (!isTaken) throw nothingWaits()
      const said = isApproved ? 'You have approved the payment' : 'You have refused the payment'
      const next = isApproved ? 'The receipt comes by mail.' : 'Nothing was paid; the order waits for another card.'
      return reply
        .type('text/html; charset=utf-8')
        .send(
          page(
            'Test bank',
            `<h2>${said}</h2><p class="quiet">${next} You can close this page and go back to the shop.</p>`,
          ),
        )
    },
  )
}
