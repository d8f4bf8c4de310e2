import type { Uuid } from '../../core/ids.ts'
import type { PaymentSnapshot } from '../../gateways/payment/gateway.ts'
import type { Deps } from '../deps.ts'
import { findPayment } from './payment.ts'

/** Gives up the payment of a cancelled order at the gateway; answers what became of it, null where none was opened. */
export async function cancelAtGateway(deps: Deps, orderId: Uuid): Promise<PaymentSnapshot | null> {
  const payment = await findPayment(deps.db, orderId)
  if (!payment?.reference || payment.gateway !== deps.payments.name) return null
  return deps.payments.cancel(payment.reference)
}
