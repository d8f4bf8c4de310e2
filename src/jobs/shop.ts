import type { Deps } from '../domain/deps.ts'
import { cancelAtGateway } from '../domain/payment/cancellation.ts'
import { cancelPayment, momentOf } from '../domain/payment/payment.ts'
import { forgetEvents, forgetOldEvents } from '../domain/payment/upkeep.ts'
import { markStalled, sendRefund, sendRefundToGateway, stallRefund } from '../domain/shop/money-back.ts'
import { cancelLapsedOrders } from '../domain/shop/order.ts'
import { observePayment } from '../domain/shop/settlement.ts'
import { cancelLapsed, clearGuestCarts, clearOldGuestCarts } from '../domain/shop/upkeep.ts'
import { sendTestWebhook, settleTestRefund, type TestGateway } from '../gateways/payment/test-gateway.ts'
import type { Queue } from '../gateways/queue.ts'

/** Refunds and cancellations reach the gateway from here, so that a gateway that is away keeps nobody waiting. */
export function shopJobs(queue: Queue, deps: Deps, testGateway: TestGateway | null): void {
  // Before the job whose last failure leads to it: a queue is made after the one that it names.
  queue.work(stallRefund, ({ data }) => markStalled(deps, data.refundId))
  queue.work(sendRefund, ({ data }) => sendRefundToGateway(deps, data.refundId), { concurrency: 2 })
  queue.work(cancelPayment, async ({ data }) => {
    const observedAt = await momentOf(deps.db)
    const told = await cancelAtGateway(deps, data.orderId)
    if (told !== null) await observePayment(deps, told, observedAt)
  })
  if (testGateway !== null) {
    queue.work(sendTestWebhook, ({ data }) => testGateway.deliver(data.body), { concurrency: 4 })
    queue.work(settleTestRefund, ({ data }) => testGateway.settleRefund(data.reference))
  }
  queue.work(cancelLapsed, async () => {
    const count = await cancelLapsedOrders(deps)
    if (count > 0) deps.log.info({ count }, 'orders were not paid in time')
  })
  queue.schedule(cancelLapsed, '* * * * *', {})
  queue.work(forgetEvents, async () => {
    const count = await forgetOldEvents(deps.db)
    if (count > 0) deps.log.info({ count }, 'old events of payments were deleted')
  })
  queue.schedule(forgetEvents, '23 3 * * *', {})
  queue.work(clearGuestCarts, () => clearOldGuestCarts(deps))
  queue.schedule(clearGuestCarts, '41 3 * * *', {})
}
