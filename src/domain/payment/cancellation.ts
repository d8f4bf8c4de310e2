import type { Uuid } from '../../core/ids.ts'
import type { PaymentSnapshot } from '../../gateways/payment/gateway.ts'
import type { Deps } from '../deps.ts'
import { findPayment, openPayment } from './payment.ts'

/**
 * Gives up the payment of a cancelled order at the gateway; answers what became of it, null where there is nothing to give
 * up yet. A payment without a name may be open there all the same: a server that was killed before it wrote the name down
 * leaves it so. Asking for it once more finds it, or opens it, and has this done again.
 */
export async function cancelAtGateway(deps: Deps, orderId: Uuid): Promise<PaymentSnapshot | null> {
  const payment = await findPayment(deps.db, orderId)
  if (payment === null || payment.gateway !== deps.payments.name) return null
  if (payment.reference === null) {
    await openPayment(deps, orderId)
    return null
  }
  return deps.payments.cancel(payment.reference)
}
