import { describe, expect, test } from 'vitest'
import { renderMail } from '../templates.ts'

const staff = { name: 'Dara' }
const trouble = { orderId: 'order_01', amount: '12.50 EUR', code: null, status: '', shopUrl: 'https://shop.example/' }
const last = (text: string): string => text.split('\n\n').at(-1) ?? ''

describe('of a refund that did not go, staff is told', () => {
  test('what failed and why, in the gateway’s words, and that it is owed', () => {
    const mail = renderMail('refundTrouble', staff, { ...trouble, status: 'FAILED', code: 'expired_or_canceled_card' })
    expect(mail.subject).toBe('A refund of 12.50 EUR did not go')
    expect(mail.text).toBe(`Hello Dara,

a refund of 12.50 EUR for order_01 has failed (expired or canceled card). The money is still owed to the buyer.

Try it again with retryRefund, or send the money in another way.

Open the shop: https://shop.example/

-- 
You get this mail because you are staff of the shop.
`)
  })

  test('that one which the gateway could not be asked for may have gone, and goes once', () => {
    const { text } = renderMail('refundTrouble', staff, { ...trouble, status: 'STALLED', code: 'gateway_away' })
    expect(text).toContain('could not be sent: the payment gateway was away for too long.')
    expect(text).toContain('Whether it went is not known; when it is tried again it goes once.')
    expect(text).not.toContain('owed')
  })

  test('where the gateway gives no reason, that there is none', () => {
    expect(renderMail('refundTrouble', staff, { ...trouble, status: 'FAILED' }).text).toContain('(no reason given)')
  })
})

describe('of a disputed payment, staff is told', () => {
  test.each([
    ['OPEN', 'A payment of 12.50 EUR is disputed: open', 'Answer at the payment gateway before its time is over'],
    ['WON', 'A payment of 12.50 EUR is disputed: won', 'The bank has decided for the shop: the money stays.'],
    ['LOST', 'A payment of 12.50 EUR is disputed: lost', 'The bank has decided for the buyer: the money is gone'],
  ])('while it is %s what that means for them', (status, subject, sentence) => {
    const mail = renderMail('dispute', staff, { ...trouble, status, code: 'product_not_received' })
    expect(mail.subject).toBe(subject)
    expect(mail.text).toContain('of 12.50 EUR at their bank (product not received).')
    expect(mail.text).toContain(sentence)
    expect(last(mail.text)).toContain('because you are staff of the shop')
  })
})

describe('of money that went back at the gateway itself, staff is told', () => {
  test.each([
    [
      'PAID',
      false,
      true,
      ['cannot know what it was for. Nothing was taken back', 'isPaidBack'],
      ['tickets', 'moveStock'],
    ],
    ['FULFILLED', true, false, ['Its tickets stay valid, and nothing was taken back'], ['moveStock', 'void']],
    ['REFUNDED', true, false, ['the order is refunded', 'are void'], ['moveStock', 'stay valid']],
    ['REFUNDED', false, true, ['the order is refunded', 'not back on the shelf', 'moveStock'], ['tickets', 'void']],
    ['REFUNDED', true, true, ['are void', 'moveStock'], ['stay valid']],
  ])('of an order that is %s (tickets: %s, goods: %s)', (status, hasTickets, hasGoods, says, saysNot) => {
    const { subject, text } = renderMail('refundElsewhere', staff, { ...trouble, status, hasTickets, hasGoods })
    expect(subject).toBe('12.50 EUR was refunded at the payment gateway')
    expect(text).toContain('12.50 EUR of order_01 was refunded at the payment gateway itself')
    for (const part of says) expect(text).toContain(part)
    for (const part of saysNot) expect(text).not.toContain(part)
  })
})

describe('of money that goes back, its buyer is told', () => {
  const params = { amount: '9.00 EUR', reason: 'The showtime was cancelled.', receiptUrl: 'https://shop.example/r' }

  test.each([
    [0, 2, null],
    [1, 0, 'The ticket of this order is no longer valid.'],
    [2, 0, 'The tickets of this order are no longer valid.'],
    [1, 1, '1 ticket of this order is no longer valid. The other one still is.'],
    [2, 3, '2 tickets of this order are no longer valid. The other 3 still are.'],
  ])('where %d of its tickets are void and %d valid: %s', (gone, valid, sentence) => {
    const { text } = renderMail('refund', { name: 'Ada' }, { ...params, tickets: { void: gone, valid } })
    expect(text).toContain('we have sent 9.00 EUR of your order back the way it came.')
    expect(text).toContain('> The showtime was cancelled.')
    if (sentence === null) expect(text).not.toContain('valid')
    else expect(text).toContain(sentence)
  })
})
