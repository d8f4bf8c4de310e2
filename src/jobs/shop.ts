import type { Deps } from '../domain/deps.ts'
import { cancelAtGateway } from '../domain/payment/cancellation.ts'
import { cancelPayment } from '../domain/payment/payment.ts'
import { cancelLapsedOrders } from '../domain/shop/order.ts'
import { observePayment, sendRefund, sendRefundToGateway } from '../domain/shop/settlement.ts'
import { cancelLapsed, clearGuestCarts, clearOldGuestCarts } from '../domain/shop/upkeep.ts'
import { sendTestWebhook, type TestGateway } from '../gateways/payment/test-gateway.ts'
import type { Queue } from '../gateways/queue.ts'

/** Refunds and cancellations reach the gateway from here, so that a gateway that is away keeps nobody waiting. */
export function shopJobs(queue: Queue, deps: Deps, testGateway: TestGateway | null): void {
  queue.work(sendRefund, ({ data }) => sendRefundToGateway(deps, data.refundId), { concurrency: 2 })
  queue.work(cancelPayment, async ({ data }) => {
    const told = await cancelAtGateway(deps, data.orderId)
    if (told !== null) await observePayment(deps, told)
  })
  if (testGateway !== null) {
    queue.work(sendTestWebhook, ({ data }) => testGateway.deliver(data.body), { concurrency: 4 })
  }
  queue.work(cancelLapsed, async () => {
    const count = await cancelLapsedOrders(deps)
    if (count > 0) deps.log.info({ count }, 'orders were not paid in time')
  })
  queue.schedule(cancelLapsed, '* * * * *', {})
  queue.work(clearGuestCarts, () => clearOldGuestCarts(deps))
  queue.schedule(clearGuestCarts, '41 3 * * *', {})
}
