import { addDays, addMonths } from '../core/calendar.ts'
import { newId, type Uuid } from '../core/ids.ts'
import { localDate } from '../core/local-time.ts'
import { currencyOf, money } from '../core/money.ts'
import { expenses } from '../db/tables/expense/expense.ts'
import { addBill } from '../domain/bill/bill.ts'
import { answerBillInvitation, createBillGroup, inviteToBillGroup } from '../domain/bill/group.ts'
import { setExpenseBudget } from '../domain/expense/budget.ts'
import { createExpenseCategory } from '../domain/expense/category.ts'
import { createRecurringExpense } from '../domain/expense/recurring.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { World } from './world.ts'

const EUR = currencyOf('EUR')
const builtIn = (number: number): Uuid => `01940000-0000-7000-8000-00000000000${number}`
const [GROCERIES, LEISURE, ELECTRONICS, UTILITIES, CLOTHING, HEALTH] = [1, 2, 3, 4, 5, 6].map(builtIn) as [
  Uuid,
  Uuid,
  Uuid,
  Uuid,
  Uuid,
  Uuid,
]

/** Every so many days, from so many cents, with so much more now and then. */
const HABITS = [
  { description: 'Market', categoryId: GROCERIES, every: 3, fromMinor: 1_840, spread: 2_600 },
  { description: 'Bakery', categoryId: GROCERIES, every: 2, fromMinor: 320, spread: 480 },
  { description: 'Concert', categoryId: LEISURE, every: 29, fromMinor: 2_400, spread: 3_100 },
  { description: 'Climbing hall', categoryId: LEISURE, every: 11, fromMinor: 1_250, spread: 0 },
  { description: 'Headphones', categoryId: ELECTRONICS, every: 170, fromMinor: 8_900, spread: 4_000 },
  { description: 'Walking boots', categoryId: CLOTHING, every: 120, fromMinor: 6_500, spread: 7_000 },
  { description: 'Pharmacy', categoryId: HEALTH, every: 37, fromMinor: 640, spread: 2_200 },
] as const

/** A year of somebody's books, with a journey abroad in them, and a flat that shares its bills. */
export async function fillExpenses(world: World, member: (handle: string) => Viewer): Promise<void> {
  const { deps } = world
  const today = localDate(deps.clock.now().getTime(), 'UTC')
  const ada = member('ada')
  const { accountId } = ada
  const rows: (typeof expenses.$inferInsert)[] = HABITS.flatMap(({ every, fromMinor, spread, ...habit }) =>
    Array.from({ length: Math.floor(365 / every) }, (_, n) => ({
      ...{ id: newId(), accountId, ...habit, currency: 'EUR' },
      amountMinor: fromMinor + (spread === 0 ? 0 : (n * 7_919) % spread),
      spentOn: addDays(today, -n * every - 1),
    })),
  )
  for (const [n, [description, amountMinor]] of [
    ['Ramen', 1_150],
    ['Museum', 1_500],
    ['Rail pass', 29_650],
  ].entries() as IterableIterator<[number, [string, number]]>) {
    const journey = { description, amountMinor, currency: 'JPY', categoryId: LEISURE, spentOn: addDays(today, -60 - n) }
    rows.push({ id: newId(), accountId, ...journey })
  }
  await deps.db.orm.insert(expenses).values(rows)
  await createExpenseCategory(deps, ada, { name: 'Books' })
  const rent = { amount: money(74_000, EUR), categoryId: UTILITIES, description: 'Rent' }
  await createRecurringExpense(deps, ada, {
    ...rent,
    frequency: 'MONTHLY',
    every: 1,
    startsOn: `${addMonths(today, -5).slice(0, 7)}-01`,
  })
  await setExpenseBudget(deps, ada, { categoryId: GROCERIES, month: null, amount: money(45_000, EUR) })
  await setExpenseBudget(deps, ada, { categoryId: null, month: null, amount: money(180_000, EUR) })

  const groupId = await createBillGroup(deps, ada, { name: 'Canal Street 9' })
  for (const handle of ['bram', 'chiyo']) {
    await inviteToBillGroup(deps, ada, { id: groupId, handle })
    await answerBillInvitation(deps, member(handle), groupId, true)
  }
  for (const [handle, description, amountMinor] of [
    ['ada', 'Electricity', 9_431],
    ['bram', 'Olive oil, five litres', 4_750],
    ['chiyo', 'Dinner for nine', 12_600],
  ] as const) {
    const bill = { amount: money(amountMinor, EUR), spentOn: addDays(today, -9), description, split: 'EQUAL' as const }
    await addBill(deps, member(handle), { groupId, ...bill })
  }
}
