import { shortened, type Texts } from './content.ts'

/** What staff has to know of a payment that needs them. */
interface PaymentTrouble {
  /** As the graph knows it: `order_01…`. */
  orderId: string
  /** `12.50 EUR` */
  amount: string
  /** The gateway's word for what happened. */
  code: string | null
  status: string
  shopUrl: string
}

export interface ShopMails {
  lowStock: { productName: string; variantName: string; sku: string; quantity: number; productUrl: string }
  refundTrouble: PaymentTrouble
  dispute: PaymentTrouble
  receipt: {
    /** A line each: `2 × Cup: €25.00`. */
    items: readonly string[]
    /** `Shipping: €4.90`, the total last. */
    sums: readonly string[]
    total: string
    paidOn: string
    receiptUrl: string
    /** Where all tickets of the order are; null where it has none. */
    ticketsUrl: string | null
  }
  refund: { amount: string; reason: string; receiptUrl: string }
}

const DISPUTED: Readonly<Record<string, string>> = {
  OPEN: 'Answer at the payment gateway before its time is over; think twice before you send the goods.',
  WON: 'The bank has decided for the shop: the money stays.',
  LOST: 'The bank has decided for the buyer: the money is gone, and nothing of it can be refunded any more.',
}

export const SHOP_TEXTS: Texts<ShopMails> = {
  lowStock: ({ name }, { productName, variantName, sku, quantity, productUrl }) => ({
    subject: `Low stock: ${shortened(productName, 80)} (${sku})`,
    paragraphs: [
      `Hello ${name},`,
      `there ${quantity === 1 ? 'is 1 piece' : `are ${quantity} pieces`} left of “${[productName, variantName].filter((part) => part !== '').join(', ')}”, SKU ${sku}.`,
    ],
    link: { label: 'Look at the product', url: productUrl },
    reason: 'You get this mail because you are staff of the shop.',
  }),
  refundTrouble: ({ name }, { orderId, amount, code, status, shopUrl }) => ({
    subject: `A refund of ${amount} did not go`,
    paragraphs: [
      `Hello ${name},`,
      status === 'STALLED'
        ? `a refund of ${amount} for ${orderId} could not be sent: the payment gateway was away for too long. Whether it went is not known; when it is tried again it goes once.`
        : `a refund of ${amount} for ${orderId} has failed (${(code ?? 'no reason given').replaceAll('_', ' ')}). The money is still owed to the buyer.`,
      'Try it again with retryRefund, or send the money in another way.',
    ],
    link: { label: 'Open the shop', url: shopUrl },
    reason: 'You get this mail because you are staff of the shop.',
  }),
  dispute: ({ name }, { orderId, amount, code, status, shopUrl }) => ({
    subject: `A payment of ${amount} is disputed: ${status.toLowerCase()}`,
    paragraphs: [
      `Hello ${name},`,
      `the buyer of ${orderId} has disputed a payment of ${amount} at their bank (${(code ?? 'no reason given').replaceAll('_', ' ')}). ${DISPUTED[status] ?? ''}`,
    ],
    link: { label: 'Open the shop', url: shopUrl },
    reason: 'You get this mail because you are staff of the shop.',
  }),
  receipt: ({ name }, { items, sums, total, paidOn, receiptUrl, ticketsUrl }) => ({
    subject: ticketsUrl === null ? `Your receipt: ${total}` : `Your tickets and your receipt: ${total}`,
    paragraphs: [`Hello ${name},`, `thank you for your order. We have received ${total} on ${paidOn}.`],
    quote: [...items, '', ...sums].join('\n'),
    ...(ticketsUrl === null
      ? { link: { label: 'Read and print the receipt', url: receiptUrl } }
      : {
          link: { label: 'Show and print the tickets', url: ticketsUrl },
          second: { label: 'Read and print the receipt', url: receiptUrl },
        }),
    reason:
      ticketsUrl === null
        ? 'You get this mail because you bought something with this address. The link is the key to your receipt.'
        : 'You get this mail because you bought something with this address. The links are the keys to your tickets and your receipt.',
  }),
  refund: ({ name }, { amount, reason, receiptUrl }) => ({
    subject: `${amount} goes back to you`,
    paragraphs: [
      `Hello ${name},`,
      `we have sent ${amount} of your order back the way it came. Banks take some days to show it. You need to do nothing.`,
    ],
    quote: reason === '' ? null : reason,
    link: { label: 'Look at the receipt', url: receiptUrl },
    reason: 'You get this mail because you bought something with this address. The link is the key to your receipt.',
  }),
}
