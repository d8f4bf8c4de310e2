import { createHmac } from 'node:crypto'
import { newId, type Uuid } from '../../src/core/ids.ts'
import { signWebhook } from '../../src/gateways/payment/signature.ts'
import { openPostOffice, type PostOffice } from './post-office.ts'
import { startTestServer, type TestServer, type TestSettings } from './server.ts'
import { type FakeStripe, startFakeStripe } from './stripe.ts'

export type GatewayName = 'test' | 'stripe'

/** What a card is to do, and the payment method that does it at either gateway. */
export const CARDS = {
  pays: { test: '4242424242424242', stripe: 'pm_card_visa' },
  isDeclined: { test: '4000000000000002', stripe: 'pm_card_visa_chargeDeclined' },
  hasNoFunds: { test: '4000000000009995', stripe: 'pm_card_visa_chargeDeclinedInsufficientFunds' },
  hasExpired: { test: '4000000000000069', stripe: 'pm_card_chargeDeclinedExpiredCard' },
  asks: { test: '4000002500003155', stripe: 'pm_card_authenticationRequired' },
  asksInVain: {
    test: '4000008260003178',
    stripe: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
  },
  refundFails: { test: 'pm_card_refundFail', stripe: 'pm_card_refundFail' },
} as const

/** A server with one of the two gateways, and the gateway's side of things. */
export interface GatewayUnderTest {
  readonly name: GatewayName
  readonly server: TestServer
  /** Every event passes here. */
  readonly office: PostOffice
  /** Only where payments go through it. */
  readonly stripe: FakeStripe | null
  card(what: keyof typeof CARDS): string
  /** As the gateway signs. */
  sign(body: string, atSeconds?: number): string
  /** The buyer follows the next step. */
  goToBank(nextActionUrl: string, isApproved: boolean): Promise<void>
  /** What was really charged for an order, and what of it is back. */
  booksOf(orderId: Uuid): Promise<{ charges: number[]; refundedMinor: number }>
  /** Somebody refunds at the gateway itself. */
  refundElsewhere(reference: string, amountMinor: number): Promise<void>
  close(): Promise<void>
}

const WEBHOOK_SECRET = 'whsec_journeys'
export const STRIPE = { secretKey: 'sk_test_fake', webhookSecret: WEBHOOK_SECRET } as const

export async function startWithGateway(name: GatewayName, settings: TestSettings = {}): Promise<GatewayUnderTest> {
  const office = await openPostOffice()
  const stripe = name === 'stripe' ? await startFakeStripe(WEBHOOK_SECRET) : null
  stripe?.postTo(office.url)
  const server = await startTestServer({
    ...settings,
    // The built-in gateway posts to where the server is reached from outside.
    config: { ...settings.config, ...(stripe === null ? { publicUrl: office.url } : { stripe: STRIPE }) },
    ...(stripe && { stripeAddress: stripe.address }),
  })
  office.forwardTo(server.url)
  const { db, jwtSecret } = server.running.atrium.deps
  const secret =
    stripe === null
      ? createHmac('sha256', jwtSecret).update('webhooks of the test gateway').digest('hex')
      : WEBHOOK_SECRET
  return {
    name,
    server,
    office,
    stripe,
    card: (what) => CARDS[what][name],
    sign: (body, atSeconds = Math.floor(Date.now() / 1000)) => signWebhook(body, secret, atSeconds),
    async goToBank(nextActionUrl, isApproved) {
      const url = new URL(nextActionUrl)
      if (stripe !== null) return stripe.authenticate(url.pathname.split('/').at(-1) ?? '', isApproved)
      const form = { secret: url.searchParams.get('secret') ?? '', decision: isApproved ? 'approve' : 'refuse' }
      const answer = await fetch(server.url + url.pathname, { method: 'POST', body: new URLSearchParams(form) })
      if (!answer.ok) throw new Error(`the bank answered ${answer.status}`)
    },
    async booksOf(orderId) {
      if (stripe !== null) {
        const own = [...stripe.intents.values()].filter(({ metadata }) => metadata.order_id === orderId)
        const isOwn = (intent: string) => own.some(({ id }) => id === intent)
        const back = stripe.refunds.filter((each) => isOwn(each.payment_intent) && each.status !== 'failed')
        return {
          charges: stripe.charges.filter(({ intent }) => isOwn(intent)).map(({ amount }) => amount),
          refundedMinor: back.reduce((sum, { amount }) => sum + amount, 0),
        }
      }
      const rows = await db.query<{ amount: number; refunded: number }>(
        `select amount_minor as amount, refunded_minor as refunded from test_payments where order_id = $1 and status = 'SUCCEEDED'`,
        [orderId],
      )
      return {
        charges: rows.map(({ amount }) => amount),
        refundedMinor: rows.reduce((sum, { refunded }) => sum + refunded, 0),
      }
    },
    async refundElsewhere(reference, amountMinor) {
      if (stripe !== null) stripe.refundInDashboard(reference, amountMinor)
      else await server.running.atrium.testGateway?.refund({ id: newId(), reference, amountMinor, currency: 'EUR' })
    },
    async close() {
      office.forwardTo(null)
      await server.close()
      stripe?.stop()
      office.stop()
    },
  }
}
