import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DomainError } from '../../core/errors.ts'
import { currencyOf, money } from '../../core/money.ts'
import { type BillSplit, splitBill } from './split.ts'

const EUR = currencyOf('EUR')
const USD = currencyOf('USD')
const eur = (minor: number) => money(minor, EUR)
const owed = (
  total: number,
  split: BillSplit,
  parts: { memberId: string; shares?: number; amount?: ReturnType<typeof eur> }[],
) => splitBill(eur(total), split, parts, [{ memberId: 'a', amount: eur(total) }]).map(({ owedMinor }) => owedMinor)

describe('a bill', () => {
  test('is split equally, the first named taking the cent that is left', () => {
    expect(owed(1000, 'EQUAL', [{ memberId: 'a' }, { memberId: 'b' }, { memberId: 'c' }])).toEqual([334, 333, 333])
  })

  test('is split by shares, by the largest remainder', () => {
    expect(
      owed(100, 'SHARES', [
        { memberId: 'a', shares: 1 },
        { memberId: 'b', shares: 2 },
        { memberId: 'c', shares: 4 },
      ]),
    ).toEqual([14, 29, 57])
  })

  test('keeps exact parts as they are, and those who only paid', () => {
    const parts = splitBill(
      eur(100),
      'EXACT',
      [
        { memberId: 'b', amount: eur(99) },
        { memberId: 'c', amount: eur(1) },
      ],
      [{ memberId: 'a', amount: eur(100) }],
    )
    expect(parts).toEqual([
      { memberId: 'b', shares: null, owedMinor: 99, paidMinor: 0 },
      { memberId: 'c', shares: null, owedMinor: 1, paidMinor: 0 },
      { memberId: 'a', shares: null, owedMinor: 0, paidMinor: 100 },
    ])
  })

  test('adds up, nobody owing a cent more than their share rounded up', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 12 }), shares, (total, weights) => {
        const parts = weights.map((weight, n) => ({ memberId: `m${n}`, shares: weight }))
        const split = splitBill(eur(total), 'SHARES', parts, [{ memberId: 'm0', amount: eur(total) }])
        const sum = (field: 'owedMinor' | 'paidMinor') => split.reduce((all, part) => all + part[field], 0)
        expect([sum('owedMinor'), sum('paidMinor')]).toEqual([total, total])
        const all = weights.reduce((a, b) => a + b, 0)
        for (const { memberId, owedMinor } of split) {
          const weight = weights[Number(memberId.slice(1))] ?? 0
          const exact = BigInt(total) * BigInt(weight)
          expect(BigInt(owedMinor) * BigInt(all) - exact < BigInt(all)).toBe(true)
          expect(exact - BigInt(owedMinor) * BigInt(all) < BigInt(all)).toBe(true)
        }
      }),
    )
  })

  const paid = [{ memberId: 'a', amount: eur(100) }]
  test.each([
    ['exact parts that add up to less', 'EXACT', [{ memberId: 'a', amount: eur(99) }], paid],
    [
      'exact parts that add up to more',
      'EXACT',
      [
        { memberId: 'a', amount: eur(60) },
        { memberId: 'b', amount: eur(41) },
      ],
      paid,
    ],
    ['a part in another currency', 'EXACT', [{ memberId: 'a', amount: money(100, USD) }], paid],
    ['a part without an amount', 'EXACT', [{ memberId: 'a' }], paid],
    ['no shares', 'SHARES', [{ memberId: 'a', shares: 0 }], paid],
    ['half a share', 'SHARES', [{ memberId: 'a', shares: 0.5 }], paid],
    ['nobody', 'EQUAL', [], paid],
    ['a member twice', 'EQUAL', [{ memberId: 'a' }, { memberId: 'a' }], paid],
    ['payments that add up to less', 'EQUAL', [{ memberId: 'a' }], [{ memberId: 'a', amount: eur(99) }]],
    [
      'a payment below zero',
      'EQUAL',
      [{ memberId: 'a' }],
      [
        { memberId: 'a', amount: eur(101) },
        { memberId: 'b', amount: eur(-1) },
      ],
    ],
    ['nobody who paid', 'EQUAL', [{ memberId: 'a' }], []],
  ] as const)('is refused with %s', (_, split, parts, payments) => {
    expect(() => splitBill(eur(100), split, parts, payments)).toThrow(DomainError)
  })
})
