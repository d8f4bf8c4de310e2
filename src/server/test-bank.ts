import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { escapeHtml } from '../core/html.ts'

/** What the gateway makes: text of any other form, NUL among it, is none of its references and secrets. */
const TOKEN = /^\w{1,200}$/

const isToken = (given: unknown): given is string => typeof given === 'string' && TOKEN.test(given)

export interface TestBankOptions {
  path: string
  /** False for a payment that is not asked to be approved. */
  decide: (reference: string, secret: string, isApproved: boolean) => Promise<boolean>
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body style="font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem">${body}</body></html>`

/** The bank of the built-in test gateway: where a buyer is sent by cards that ask for one more step. */
export const testBank: FastifyPluginAsync<TestBankOptions> = async (app, { path, decide }) => {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'content-security-policy': POLICY, 'cache-control': 'no-store' })
  })
  app.get<{ Params: { reference: string }; Querystring: { secret?: string } }>(
    `${path}/:reference`,
    async ({ params, query }, reply) => {
      const action = `${path}/${encodeURIComponent(params.reference)}`
      const form = `<h1>Test bank</h1><p>No money moves here. Did you mean to pay?</p>
<form method="post" action="${escapeHtml(action)}"><input type="hidden" name="secret" value="${escapeHtml(String(query.secret ?? ''))}">
<button name="decision" value="approve">Yes, pay</button> <button name="decision" value="refuse">No</button></form>`
      return reply.type('text/html; charset=utf-8').send(page('Test bank', form))
    },
  )
  app.post<{ Params: { reference: string }; Body: { decision?: unknown; secret?: unknown } | null | undefined }>(
    `${path}/:reference`,
    async ({ params: { reference }, body }, reply) => {
      const isApproved = body?.decision === 'approve'
      const secret = body?.secret
      const isTaken = isToken(reference) && isToken(secret) && (await decide(reference, secret, isApproved))
      if (!isTaken) {
        throw new DomainError('NOT_FOUND', 'No payment waits for this decision.')
      }
      const said = isApproved ? 'You have approved the payment.' : 'You have refused the payment.'
      return reply
        .type('text/html; charset=utf-8')
        .send(page('Test bank', `<h1>${said}</h1><p>You can close this page.</p>`))
    },
  )
}
