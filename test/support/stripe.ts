import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Stripe from 'stripe'

/** What Stripe answers, and whether it goes through. */
interface Reply {
  status: number
  body: Record<string, unknown>
  headers?: Record<string, string>
}

export interface StripeRequest {
  readonly method: string
  readonly path: string
  readonly parameters: URLSearchParams
  readonly idempotencyKey: string | null
}

/** What a test does to a request: before Stripe does anything, or after it has done it and before it answers. */
export interface Trouble {
  /** A prefix of `POST /v1/refunds`. */
  readonly at: string
  readonly when: 'before' | 'after'
  /** `drop` cuts the connection, a number is answered as status, `hold` waits until `release`. */
  readonly what: 'drop' | 'hold' | number
  readonly times?: number
}

interface Intent {
  id: string
  amount: number
  currency: string
  status: string
  client_secret: string
  metadata: Record<string, string>
  last_payment_error: object | null
  next_action: object | null
  /** After the buyer was at the bank. */
  card: Card | null
  charge: string | null
}

interface Refund {
  id: string
  amount: number
  currency: string
  payment_intent: string
  status: string
  failure_reason: string | null
  metadata: Record<string, string>
}

type Card = { decline?: string; code?: string; asks?: true; refunds?: 'waits' | 'fails' }

/** docs.stripe.com/testing */
const CARDS: Readonly<Record<string, Card>> = {
  pm_card_visa: {},
  pm_card_mastercard: {},
  pm_card_visa_chargeDeclined: { decline: 'generic_decline' },
  pm_card_visa_chargeDeclinedInsufficientFunds: { decline: 'insufficient_funds' },
  pm_card_visa_chargeDeclinedLostCard: { decline: 'lost_card' },
  pm_card_chargeDeclinedExpiredCard: { code: 'expired_card' },
  pm_card_authenticationRequired: { asks: true },
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: { asks: true, decline: 'insufficient_funds' },
  pm_card_pendingRefund: { refunds: 'waits' },
  pm_card_refundFail: { refunds: 'fails' },
}

const FINAL = ['succeeded', 'canceled']

export interface FakeStripe {
  readonly address: { host: string; port: number; protocol: 'http' }
  readonly url: string
  readonly requests: readonly StripeRequest[]
  readonly intents: ReadonlyMap<string, Intent>
  readonly refunds: readonly Refund[]
  /** Money that moved: one entry for each charge, whatever became of it. */
  readonly charges: readonly { intent: string; amount: number }[]
  /** Where events are posted; nothing is posted before it is said. */
  postTo(url: string): void
  trouble(trouble: Trouble): void
  /** Requests that wait now. */
  held(): readonly StripeRequest[]
  /** Lets held requests go on; those whose client is gone go on as well. */
  release(): void
  /** A day goes by. */
  forgetKeys(): void
  authenticate(intentId: string, isApproved: boolean): void
  /** Somebody refunds in the dashboard. */
  refundInDashboard(intentId: string, amount: number): Refund
  /** The bank has decided about a refund. */
  settleRefund(refundId: string, status: 'succeeded' | 'failed'): void
  dispute(intentId: string, status: string, id?: string): string
  stop(): void
}

/** As much of Stripe as Atrium uses, in memory, behind HTTP. Its events are signed by Stripe's own library. */
export async function startFakeStripe(webhookSecret: string): Promise<FakeStripe> {
  const intents = new Map<string, Intent>()
  const refunds: Refund[] = []
  const charges: { intent: string; amount: number }[] = []
  const requests: StripeRequest[] = []
  const keys = new Map<string, { asked: string; reply: Reply }>()
  const troubles: { trouble: Trouble; left: number }[] = []
  const waiting = new Map<StripeRequest, () => void>()
  let postUrl: string | null = null
  const idOf = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`

  const shown = ({ card: _, charge, ...intent }: Intent) => ({
    object: 'payment_intent',
    ...intent,
    latest_charge: charge,
  })
  const shownRefund = (refund: Refund) => ({ object: 'refund', ...refund })

  const emit = (type: string, object: object): void => {
    const created = Math.floor(Date.now() / 1000)
    const payload = JSON.stringify({ id: idOf('evt'), object: 'event', type, created, data: { object } })
    const post = async (attempt: number): Promise<void> => {
      if (postUrl === null || attempt > 600) return
      const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret })
      const answer = await fetch(`${postUrl}/webhooks/payments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'stripe-signature': signature },
        body: payload,
      }).catch(() => null)
      if (answer?.ok !== true) setTimeout(() => void post(attempt + 1), 200)
    }
    void post(0)
  }

  const fail = (status: number, error: Record<string, unknown>): Reply => ({ status, body: { error } })
  const invalid = (code: string, param?: string) =>
    fail(400, { type: 'invalid_request_error', code, param, message: code })

  const charge = (intent: Intent, card: Card): Reply => {
    if (card.decline !== undefined || card.code !== undefined) {
      const error = {
        type: 'card_error',
        code: card.code ?? 'card_declined',
        decline_code: card.decline,
        message: 'Declined.',
      }
      Object.assign(intent, { status: 'requires_payment_method', last_payment_error: error, next_action: null })
      emit('payment_intent.payment_failed', shown(intent))
      return fail(402, { ...error, payment_intent: shown(intent) })
    }
    Object.assign(intent, {
      status: 'succeeded',
      last_payment_error: null,
      next_action: null,
      card,
      charge: idOf('ch'),
    })
    charges.push({ intent: intent.id, amount: intent.amount })
    emit('charge.succeeded', chargeOf(intent))
    emit('payment_intent.succeeded', shown(intent))
    return { status: 200, body: shown(intent) }
  }

  const backOf = (intent: string): number =>
    refunds
      .filter((each) => each.payment_intent === intent && each.status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0)

  const chargeOf = (intent: Intent) => ({
    object: 'charge',
    id: intent.charge,
    payment_intent: intent.id,
    amount: intent.amount,
    amount_refunded: backOf(intent.id),
    currency: intent.currency,
    paid: true,
    metadata: intent.metadata,
  })

  const makeRefund = (intent: Intent, amount: number, metadata: Record<string, string>): Refund => {
    const status = intent.card?.refunds === 'waits' ? 'pending' : 'succeeded'
    const { id: payment_intent, currency } = intent
    const refund = { id: idOf('re'), amount, currency, payment_intent, status, failure_reason: null, metadata }
    refunds.push(refund)
    emit('refund.created', shownRefund(refund))
    emit('charge.refunded', chargeOf(intent))
    return refund
  }

  const handle = ({ method, path, parameters }: StripeRequest): Reply => {
    const [, , resource, id = '', action] = path.split('/')
    const metadata = Object.fromEntries(
      [...parameters].flatMap(([name, value]) => {
        const key = /^metadata\[(\w+)\]$/.exec(name)?.[1]
        return key === undefined ? [] : [[key, value]]
      }),
    )
    const amount = Number(parameters.get('amount'))
    if (resource === 'refunds' && method === 'GET') {
      const data = refunds.filter((each) => each.payment_intent === parameters.get('payment_intent')).map(shownRefund)
      return { status: 200, body: { object: 'list', url: '/v1/refunds', has_more: false, data } }
    }
    if (resource === 'payment_intents' && method === 'POST' && id === '') {
      const made = idOf('pi')
      const intent: Intent = {
        id: made,
        amount,
        currency: parameters.get('currency') ?? '',
        status: 'requires_payment_method',
        client_secret: `${made}_secret_${randomBytes(8).toString('hex')}`,
        metadata,
        last_payment_error: null,
        next_action: null,
        card: null,
        charge: null,
      }
      intents.set(made, intent)
      emit('payment_intent.created', shown(intent))
      return { status: 200, body: shown(intent) }
    }
    const intent = intents.get(resource === 'refunds' ? (parameters.get('payment_intent') ?? '') : id)
    if (intent === undefined)
      return fail(404, {
        type: 'invalid_request_error',
        code: 'resource_missing',
        param: 'intent',
        message: 'No such payment_intent',
      })
    if (resource === 'refunds') {
      if (intent.status !== 'succeeded') return invalid('payment_intent_unexpected_state')
      if (backOf(intent.id) + amount > intent.amount) return invalid('charge_already_refunded')
      return { status: 200, body: shownRefund(makeRefund(intent, amount, metadata)) }
    }
    if (method === 'GET') return { status: 200, body: shown(intent) }
    if (FINAL.includes(intent.status)) {
      return fail(400, {
        type: 'invalid_request_error',
        code: 'payment_intent_unexpected_state',
        message: 'It is over.',
        payment_intent: shown(intent),
      })
    }
    if (action === 'cancel') {
      Object.assign(intent, { status: 'canceled', next_action: null })
      emit('payment_intent.canceled', shown(intent))
      return { status: 200, body: shown(intent) }
    }
    const card = CARDS[parameters.get('payment_method') ?? '']
    if (card === undefined)
      return fail(400, {
        type: 'invalid_request_error',
        code: 'resource_missing',
        param: 'payment_method',
        message: 'No such PaymentMethod',
      })
    if (card.asks !== true) return charge(intent, card)
    const next_action = {
      type: 'redirect_to_url',
      redirect_to_url: { url: `https://hooks.stripe.test/3ds/${intent.id}`, return_url: parameters.get('return_url') },
    }
    Object.assign(intent, { status: 'requires_action', last_payment_error: null, next_action, card })
    emit('payment_intent.requires_action', shown(intent))
    return { status: 200, body: shown(intent) }
  }

  /** Stripe's idempotency layer: the first answer again, and 400 for other parameters under the same key. */
  const once_ = (request: StripeRequest): Reply => {
    const { idempotencyKey: key } = request
    if (request.method !== 'POST' || key === null) return handle(request)
    const asked = `${request.path}?${request.parameters}`
    const before = keys.get(key)
    if (before !== undefined) {
      if (before.asked !== asked)
        return fail(400, {
          type: 'idempotency_error',
          message: 'Keys for idempotent requests can only be used with the same parameters.',
        })
      return { ...before.reply, headers: { 'idempotent-replayed': 'true' } }
    }
    // As it is now: what a test or a later request changes does not change what was answered.
    const reply = structuredClone(handle(request))
    keys.set(key, { asked, reply })
    return reply
  }

  /** False where the request ends here. */
  const suffer = async (
    request: StripeRequest,
    when: Trouble['when'],
    message: IncomingMessage,
    response: ServerResponse,
  ) => {
    const found = troubles.find(
      ({ trouble, left }) =>
        left > 0 && trouble.when === when && `${request.method} ${request.path}`.startsWith(trouble.at),
    )
    if (found === undefined) return true
    found.left -= 1
    const { what } = found.trouble
    if (what === 'hold') {
      await new Promise<void>((resolve) => waiting.set(request, resolve))
      // What had not reached Stripe when its sender was killed never does.
      return when === 'after' || !message.socket.destroyed
    }
    if (what === 'drop') message.socket.destroy()
    else {
      const error = { type: what === 429 ? 'rate_limit_error' : 'api_error', message: `Trouble ${what}` }
      response.writeHead(what, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
    }
    return false
  }

  const server = createServer(async (message, response) => {
    const parts: Buffer[] = []
    for await (const part of message) parts.push(part as Buffer)
    const url = new URL(message.url ?? '', 'http://stripe.test')
    const body = Buffer.concat(parts).toString()
    const request: StripeRequest = {
      method: message.method ?? '',
      path: url.pathname,
      parameters: message.method === 'GET' ? url.searchParams : new URLSearchParams(body),
      idempotencyKey: message.headers['idempotency-key']?.toString() ?? null,
    }
    requests.push(request)
    if (message.headers.authorization !== 'Bearer sk_test_fake') {
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end('{"error":{"type":"invalid_request_error","message":"Invalid API Key"}}')
      return
    }
    if (!(await suffer(request, 'before', message, response))) return
    const reply = once_(request)
    if (!(await suffer(request, 'after', message, response))) return
    response.writeHead(reply.status, {
      'content-type': 'application/json',
      'request-id': idOf('req'),
      ...reply.headers,
    })
    response.end(JSON.stringify(reply.body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')

  const getIntent = (id: string): Intent => {
    const intent = intents.get(id)
    if (intent === undefined) throw new Error(`no intent ${id}`)
    return intent
  }
  return {
    address: { host: '127.0.0.1', port: bound.port, protocol: 'http' },
    url: `http://127.0.0.1:${bound.port}`,
    requests,
    intents,
    refunds,
    charges,
    postTo(url) {
      postUrl = url
    },
    trouble(trouble) {
      troubles.push({ trouble, left: trouble.times ?? 1 })
    },
    held: () => [...waiting.keys()],
    release() {
      for (const [request, resume] of waiting) {
        waiting.delete(request)
        resume()
      }
    },
    forgetKeys: () => keys.clear(),
    authenticate(id, isApproved) {
      const intent = getIntent(id)
      const card = intent.card ?? {}
      charge(intent, isApproved ? card : { code: 'payment_intent_authentication_failure' })
    },
    refundInDashboard: (id, amount) => makeRefund(getIntent(id), amount, {}),
    settleRefund(id, status) {
      const refund = refunds.find((each) => each.id === id)
      if (refund === undefined) throw new Error(`no refund ${id}`)
      Object.assign(refund, { status, failure_reason: status === 'failed' ? 'expired_or_canceled_card' : null })
      emit(status === 'failed' ? 'refund.failed' : 'refund.updated', shownRefund(refund))
      emit('charge.refund.updated', shownRefund(refund))
    },
    dispute(id, status, known) {
      const intent = getIntent(id)
      const disputeId = known ?? idOf('dp')
      const { amount, currency } = intent
      const type = known === undefined ? 'charge.dispute.created' : 'charge.dispute.closed'
      emit(type, {
        object: 'dispute',
        id: disputeId,
        payment_intent: id,
        charge: intent.charge,
        amount,
        currency,
        status,
        reason: 'fraudulent',
      })
      return disputeId
    },
    stop() {
      postUrl = null
      server.closeAllConnections()
      server.close()
    },
  }
}
