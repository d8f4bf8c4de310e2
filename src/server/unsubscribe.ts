import type { FastifyPluginAsync } from 'fastify'

export interface UnsubscribeOptions {
  readonly path: string
  /** Whether the token of the link is one of ours. */
  isValid(token: string): Promise<boolean>
  /** Answers the same, and ends the mails that the link is for. */
  unsubscribe(token: string): Promise<boolean>
}

const MAX_FORM_BYTES = 1_000

const page = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title></head>
<body><h1>${title}</h1>${body}</body>
</html>
`

const ASK = page('No more of these mails?', '<form method="post"><button>Stop these mails</button></form>')
const DONE = page('Done', '<p>You get no more of these mails. Your notification settings can turn them on again.</p>')
const UNKNOWN = page('This link does not work', '<p>Look at your notification settings instead.</p>')

/**
 * The link at the foot of a mail. Only a POST does something, a mail program's (RFC 8058) or the page's own: those who
 * look through mails for harm open every link in them.
 */
export const unsubscribePage: FastifyPluginAsync<UnsubscribeOptions> = async (app, { path, isValid, unsubscribe }) => {
  // What the form says is known already.
  const forms = ['application/x-www-form-urlencoded', 'multipart/form-data']
  app.addContentTypeParser(forms, { parseAs: 'string', bodyLimit: MAX_FORM_BYTES }, (_request, _body, done) => {
    done(null, null)
  })
  const tokenOf = (query: unknown): string => {
    const { token } = query as { token?: unknown }
    return typeof token === 'string' ? token : ''
  }

  app.get(path, async (request, reply) => {
    const isOurs = await isValid(tokenOf(request.query))
    return reply
      .code(isOurs ? 200 : 404)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(isOurs ? ASK : UNKNOWN)
  })
  app.post(path, async (request, reply) => {
    const isOurs = await unsubscribe(tokenOf(request.query))
    return reply
      .code(isOurs ? 200 : 404)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(isOurs ? DONE : UNKNOWN)
  })
}
