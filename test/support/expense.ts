import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type Done, ShopClient } from './shop.ts'

export const GROCERIES = encodeId('expensecategory', '01940000-0000-7000-8000-000000000001')
export const LEISURE = encodeId('expensecategory', '01940000-0000-7000-8000-000000000002')
export const UTILITIES = encodeId('expensecategory', '01940000-0000-7000-8000-000000000004')
export const OTHERS = encodeId('expensecategory', '01940000-0000-7000-8000-000000000007')

export const EXPENSE = `id amount { amount currency minorUnits } category { id name isBuiltIn } spentOn description note source
  converted { amount { amount currency minorUnits } rate asOf isStale }`

/** What members do with their books, as they do it: over HTTP. */
export class ExpenseClient extends ShopClient {
  create = (
    viewer: Viewer | null,
    amount: string,
    more: Record<string, unknown> = {},
    currency = 'EUR',
  ): Promise<Done> =>
    this.run(
      'createExpense',
      viewer,
      { amount: { amount, currency }, description: 'Something', spentOn: '2025-04-24', ...more },
      `expense { ${EXPENSE} }`,
    )

  update = (viewer: Viewer | null, input: Record<string, unknown>): Promise<Done> =>
    this.run('updateExpense', viewer, input, `expense { ${EXPENSE} }`)

  delete = (viewer: Viewer | null, id: string): Promise<Done> =>
    this.run('deleteExpense', viewer, { id }, 'deletedId', 'ExpenseIdInput')

  category = (viewer: Viewer | null, name: string): Promise<Done> =>
    this.run('createExpenseCategory', viewer, { name }, 'category { id name isBuiltIn archivedAt }')

  async list(viewer: Viewer, filter: Record<string, unknown> = {}, orderBy = 'NEWEST') {
    const query = `query ($filter: ExpenseFilter, $orderBy: ExpenseOrder!) { expenses(first: 100, filter: $filter, orderBy: $orderBy) { totalCount nodes { ${EXPENSE} } } }`
    const { data, errors } = await this.ask(query, { filter, orderBy }, viewer)
    if (errors !== undefined) return errors[0]?.extensions.code
    return data.expenses.nodes
  }

  async summary(viewer: Viewer, filter: Record<string, unknown> | null = null) {
    const query = `query ($filter: ExpenseFilter) { expenseSummary(filter: $filter) { from to currency count oldestRateOn isStale changePercent
      total { amount } previousTotal { amount } unconverted { count total { amount currency } }
      byCategory { category { name } total { amount } percent count previousTotal { amount } } byMonth { month count total { amount } } } }`
    const { data, errors } = await this.ask(query, { filter }, viewer)
    return errors?.[0]?.extensions.code ?? data.expenseSummary
  }
}
