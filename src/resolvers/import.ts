import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql'
import { invalidInput, notFound } from '../core/errors.ts'
import { decodeId } from '../core/ids.ts'
import { findImport, findImports, importsOf } from '../db/queries/import.ts'
import { countRows } from '../db/queries/page.ts'
import { type ImportRow, importById, importRefusalCount, importRefusalList } from '../db/relations/import.ts'
import { importChanged, startImport } from '../domain/import/import.ts'
import type { ImportKind, ImportOptions } from '../domain/import/rules.ts'
import { liveState } from '../live/source.ts'
import { isSignedIn, isStaff, Rule } from '../permissions/rules.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import {
  Import,
  ImportConnection,
  ImportExchangeRatesPayload,
  ImportExpensesInput,
  ImportExpensesPayload,
  ImportInput,
  ImportProductsPayload,
  ImportRefusalConnection,
} from '../schema/import.ts'
import { payload } from '../schema/user-error.ts'
import type { NodeType } from './node-type.ts'

export const importNode: NodeType = {
  typename: 'Import',
  prefix: 'import',
  async load({ viewer, loaders }, id) {
    const found = await loaders.one(importById, id)
    return found !== null && found.accountId === viewer?.accountId ? found : null
  },
}

function start(context: Context, kind: ImportKind, input: ImportInput, more: Partial<ImportOptions> = {}) {
  return payload(context, 'import', async () => {
    const { delimiter, decimalComma, encoding, idempotencyKey } = input
    if (delimiter != null && !/^[,;|\t]$/.test(delimiter)) {
      throw invalidInput(['input', 'delimiter'], 'Cells are divided by a comma, a semicolon, a tab or a bar.')
    }
    const options: ImportOptions = {
      delimiter,
      decimalComma,
      encoding,
      dateFormat: 'ISO',
      isNegated: false,
      createCategories: false,
      ...more,
    }
    const uploadId = decodeId('upload', input.uploadId, ['input', 'uploadId'])
    const id = await startImport(context.deps, signedIn(context), { kind, uploadId, options, idempotencyKey })
    return context.loaders.one(importById, id)
  })
}

const WHY = 'User errors: `NOT_FOUND`, `TAKEN`, `INVALID_INPUT` (upload, encoding), `LIMIT_EXCEEDED`, `CONFLICT` (key).'

@Resolver(() => Import)
export class ImportResolver {
  @Query(() => ImportConnection, { description: 'The viewer’s own imports, the latest first.' })
  @Rule(isSignedIn)
  async imports(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const { db } = context.deps
    const source = importsOf(signedIn(context).accountId)
    return new Connection(await findImports(db, source, toPageRequest(page)), () => countRows(db, source))
  }

  @Mutation(() => ImportExpensesPayload, {
    nullable: true,
    description: `Books the rows of a CSV file in the background: good rows are kept, the others say why not, and what was booked from this or another file is not booked again. ${WHY}`,
  })
  @Rule(isSignedIn)
  importExpenses(@Ctx() context: Context, @Arg('input', () => ImportExpensesInput) input: ImportExpensesInput) {
    const { columns, dateFormat, isNegated, currency, createCategories } = input
    const more = { dateFormat, isNegated, currency, createCategories }
    return start(context, 'EXPENSES', input, { ...more, ...(columns ? { columns: { ...columns } } : {}) })
  }

  @Mutation(() => ImportProductsPayload, {
    nullable: true,
    description: `For staff: products from a CSV file with the columns sku, product, variant, category, brand, description, price, stock, low stock at. Known SKUs are changed, the stock by an entry in the ledger; new products are drafts. ${WHY}`,
  })
  @Rule(isStaff)
  importProducts(@Ctx() context: Context, @Arg('input', () => ImportInput) input: ImportInput) {
    return start(context, 'PRODUCTS', input)
  }

  @Mutation(() => ImportExchangeRatesPayload, {
    nullable: true,
    description: `For staff: rates from a table of the European Central Bank (\`eurofxref-hist.csv\`). What staff has set stays. ${WHY}`,
  })
  @Rule(isStaff)
  importExchangeRates(@Ctx() context: Context, @Arg('input', () => ImportInput) input: ImportInput) {
    return start(context, 'EXCHANGE_RATES', input)
  }

  @Subscription(() => Import, {
    description: 'One of the viewer’s imports as it is, then whenever it got further.',
    async subscribe({ args, context }) {
      const { deps } = context as Context
      const { accountId } = signedIn(context as Context)
      const id = decodeId('import', (args as { id: string }).id, ['id'])
      const load = async () => {
        const found = await findImport(deps.db, id)
        if (found === null || found.accountId !== accountId) throw notFound('import', ['id'])
        return found
      }
      return liveState({
        bus: deps.bus,
        key: `importUpdated:${id}`,
        topics: [importChanged(id)],
        async admit() {
          await load()
          return ''
        },
        load,
      })
    },
  })
  @Rule(isSignedIn)
  importUpdated(@Root() found: ImportRow, @Arg('id', () => ID) _id: string) {
    return found
  }

  @FieldResolver(() => ImportRefusalConnection, { description: 'In the order of the file; the first thousand.' })
  async refusals(
    @Ctx() { loaders }: Context,
    @Root() { id }: ImportRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(importRefusalList, id, toPageRequest(page))
    return new Connection(found, () => loaders.count(importRefusalCount, id))
  }
}
