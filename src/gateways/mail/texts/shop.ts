import { greeting, shortened, type Texts } from './content.ts'

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
  /** `status` is the order's. */
  refundElsewhere: PaymentTrouble & { hasGoods: boolean; hasTickets: boolean }
  dispute: PaymentTrouble
  receipt: {
    /** A line each: `2 × Cup: €25.00`. */
    items: readonly string[]
    /** `Shipping: €4.90`, the total last. */
    sums: readonly string[]
    total: string
    paidOn: string
    /** Who sold it, line by line. */
    seller: readonly string[]
    receiptUrl: string
    /** Where all tickets of the order are; null where it has none. */
    ticketsUrl: string | null
  }
  refund: {
    amount: string
    reason: string
    receiptUrl: string
    /** Of the whole order: how many tickets were taken back, and how many still let somebody in. */
    tickets: { void: number; valid: number }
  }
}

function ofTickets({ void: gone, valid }: ShopMails['refund']['tickets']): string[] {
  if (gone === 0) return []
  if (valid === 0) {
    return [
      gone === 1 ? 'The ticket of this order is no longer valid.' : 'The tickets of this order are no longer valid.',
    ]
  }
  const others = valid === 1 ? 'The other one still is.' : `The other ${valid} still are.`
  return [
    `${gone === 1 ? '1 ticket' : `${gone} tickets`} of this order ${gone === 1 ? 'is' : 'are'} no longer valid. ${others}`,
  ]
}

/** What a refund that nobody made through the shop leaves for staff to do. */
function afterRefundElsewhere({ status, hasGoods, hasTickets }: ShopMails['refundElsewhere']): string[] {
  if (status !== 'REFUNDED') {
    const stays = hasTickets ? 'Its tickets stay valid, and nothing' : 'Nothing'
    return [
      `The shop cannot know what it was for. ${stays} was taken back. If you know, name the lines to refundOrder with isPaidBack: they are taken back, and no money is sent twice.`,
    ]
  }
  return [
    'All of what was paid is back, and the order is refunded.',
    ...(hasTickets ? ['Its tickets that had let nobody in are void, and their seats are on sale again.'] : []),
    ...(hasGoods
      ? ['Its goods are not back on the shelf: enter what comes back, or was never sent, with moveStock.']
      : []),
  ]
}

const DISPUTED: Readonly<Record<string, string>> = {
  OPEN: 'Answer at the payment gateway before its time is over; think twice before you send the goods.',
  WON: 'The bank has decided for the shop: the money stays.',
  LOST: 'The bank has decided for the buyer: the money is gone, and nothing of it can be refunded any more.',
}

export const SHOP_TEXTS: Texts<ShopMails> = {
  lowStock: (recipient, { productName, variantName, sku, quantity, productUrl }) => ({
    subject: `Low stock: ${shortened(productName, 80)} (${sku})`,
    paragraphs: [
      greeting(recipient),
      `there ${quantity === 1 ? 'is 1 piece' : `are ${quantity} pieces`} left of “${[productName, variantName].filter((part) => part !== '').join(', ')}”, SKU ${sku}.`,
    ],
    link: { label: 'Look at the product', url: productUrl },
    reason: 'You get this mail because you are staff of the shop.',
  }),
  refundTrouble: (recipient, { orderId, amount, code, status, shopUrl }) => ({
    subject: `A refund of ${amount} did not go`,
    paragraphs: [
      greeting(recipient),
      status === 'STALLED'
        ? `a refund of ${amount} for ${orderId} could not be sent: the payment gateway was away for too long. Whether it went is not known; when it is tried again it goes once.`
        : `a refund of ${amount} for ${orderId} has failed (${(code ?? 'no reason given').replaceAll('_', ' ')}). The money is still owed to the buyer.`,
      'Try it again with retryRefund, or send the money in another way.',
    ],
    link: { label: 'Open the shop', url: shopUrl },
    reason: 'You get this mail because you are staff of the shop.',
  }),
  refundElsewhere: (recipient, params) => ({
    subject: `${params.amount} was refunded at the payment gateway`,
    paragraphs: [
      greeting(recipient),
      `${params.amount} of ${params.orderId} was refunded at the payment gateway itself, and not through the shop.`,
      afterRefundElsewhere(params).join(' '),
    ],
    link: { label: 'Open the shop', url: params.shopUrl },
    reason: 'You get this mail because you are staff of the shop.',
  }),
  dispute: (recipient, { orderId, amount, code, status, shopUrl }) => ({
    subject: `A payment of ${amount} is disputed: ${status.toLowerCase()}`,
    paragraphs: [
      greeting(recipient),
      `the buyer of ${orderId} has disputed a payment of ${amount} at their bank (${(code ?? 'no reason given').replaceAll('_', ' ')}). ${DISPUTED[status] ?? ''}`,
    ],
    link: { label: 'Open the shop', url: shopUrl },
    reason: 'You get this mail because you are staff of the shop.',
  }),
  receipt: (recipient, { items, sums, total, paidOn, seller, receiptUrl, ticketsUrl }) => ({
    subject: ticketsUrl === null ? `Your receipt: ${total}` : `Your tickets and your receipt: ${total}`,
    paragraphs: [greeting(recipient), `thank you for your order. We have received ${total} on ${paidOn}.`],
    quote: [...items, '', ...sums, '', 'Sold by', ...seller].join('\n'),
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
  refund: (recipient, { amount, reason, receiptUrl, tickets }) => ({
    subject: `${amount} goes back to you`,
    paragraphs: [
      greeting(recipient),
      `we have sent ${amount} of your order back the way it came. Banks take some days to show it. You need to do nothing.`,
      ...ofTickets(tickets),
    ],
    quote: reason === '' ? null : reason,
    link: { label: 'Look at the receipt', url: receiptUrl },
    reason: 'You get this mail because you bought something with this address. The link is the key to your receipt.',
  }),
}
