import type { FastifyReply } from 'fastify'

/** The quality (0 to 1) that an `Accept` header gives a media type by its own name; null where it is not named. */
function qualityOf(accept: string, type: string): number | null {
  for (const range of accept.toLowerCase().split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim())
    if (name !== type) continue
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    return Number.isNaN(quality) ? 0 : quality
  }
  return null
}

/** Whether the client is a browser that opens a page: it names `text/html` and no form of JSON that it likes better. */
export function acceptsHtml(request: { readonly headers: { readonly accept?: string | undefined } }): boolean {
  const accept = request.headers.accept ?? ''
  const html = qualityOf(accept, 'text/html') ?? 0
  const json = Math.max(
    qualityOf(accept, 'application/json') ?? 0,
    qualityOf(accept, 'application/graphql-response+json') ?? 0,
  )
  return html > 0 && html >= json
}

/** Adds to what others, such as CORS, have said that the answer depends on. */
export function varyOn(reply: FastifyReply, header: string): string {
  const present = reply.getHeader('vary')
  return present === undefined ? header : `${present}, ${header}`
}
