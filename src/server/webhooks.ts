import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { BadSignature } from '../gateways/payment/signature.ts'

export interface WebhooksOptions {
  path: string
  /** @throws BadSignature for what the gateway did not send. Anything else that it throws is told as our own failure. */
  receive: (body: string, signature: string) => Promise<void>
}

/**
 * Where the payment gateway posts its events. The signature is over the bytes as they came, so the body is not parsed
 * before it is checked. What fails here is answered with 500 and is sent again.
 */
export const webhooks: FastifyPluginAsync<WebhooksOptions> = async (app, { path, receive }) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.post(path, async (request, reply) => {
    const signature = request.headers['stripe-signature']
    const body = typeof request.body === 'string' ? request.body : ''
    try {
      await receive(body, typeof signature === 'string' ? signature : '')
    } catch (error) {
      if (error instanceof BadSignature) throw new DomainError('INVALID_INPUT', 'The signature is not right.')
      throw error
    }
    return reply.code(204).send()
  })
}
