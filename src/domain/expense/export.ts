import { createHmac, timingSafeEqual } from 'node:crypto'
import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { encodeCursor } from '../../core/cursor.ts'
import { invalidInput } from '../../core/errors.ts'
import { encodeId, parseId, type Uuid } from '../../core/ids.ts'
import { currencyOf, formatAmount, money } from '../../core/money.ts'
import { KEYS } from '../../db/keyset.ts'
import { expensesOf, findCategories, findExpenses } from '../../db/queries/expense/list.ts'
import type { Deps } from '../deps.ts'
import { markedInside } from '../import/formula.ts'
import { type AskedFilter, readFilter } from './summary.ts'

export const EXPENSES_CSV_PATH = '/expenses.csv'

/** Long enough to save a file, too short to be found later in a history. */
const LINK_SECONDS = 15 * 60
/** A query is part of an address, which proxies cut at eight thousand characters. */
const MAX_FILTER_CHARACTERS = 4_000

interface Wanted {
  readonly accountId: Uuid
  readonly filter: AskedFilter
  readonly withBom: boolean
}

/** With a name for what is signed, so that this can never be taken for the signature of something else. */
const signatureOf = (secret: Uint8Array, query: string): Buffer =>
  createHmac('sha256', secret).update(`atrium expenses.csv ${query}`).digest()

const queryOf = (account: string, expires: number, withBom: boolean, filter: string): string =>
  new URLSearchParams({ account, expires: String(expires), bom: withBom ? '1' : '0', filter }).toString()

/** A link to a file of the viewer's expenses; whoever has it may save them, for a quarter of an hour. */
export function exportLink(
  deps: Pick<Deps, 'publicUrl' | 'jwtSecret' | 'clock'>,
  wanted: Wanted,
): { url: string; expiresAt: string } {
  const filter = JSON.stringify(wanted.filter)
  if (filter.length > MAX_FILTER_CHARACTERS) throw invalidInput(['filter'], 'This filter is too long for a link.')
  const expires = Math.floor(deps.clock.now().getTime() / 1000) + LINK_SECONDS
  const query = queryOf(encodeId('account', wanted.accountId), expires, wanted.withBom, filter)
  const signature = signatureOf(deps.jwtSecret, query).toString('base64url')
  return {
    url: `${deps.publicUrl()}${EXPENSES_CSV_PATH}?${query}&signature=${signature}`,
    expiresAt: new Date(expires * 1000).toISOString(),
  }
}

/** What a link is good for; null for one that is not ours, or has ended. */
export function readExportLink(
  deps: Pick<Deps, 'jwtSecret' | 'clock'>,
  link: Readonly<Record<string, string | undefined>>,
): Wanted | null {
  const { account = '', expires = '', bom = '', filter = '', signature = '' } = link
  if (!/^\d{1,12}$/.test(expires) || Number(expires) * 1000 <= deps.clock.now().getTime()) return null
  const expected = signatureOf(deps.jwtSecret, queryOf(account, Number(expires), bom === '1', filter))
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  const id = parseId(account)
  return id?.prefix === 'account'
    ? { accountId: id.uuid, filter: JSON.parse(filter) as AskedFilter, withBom: bom === '1' }
    : null
}

const PAGE = 1_000
const COLUMNS = ['date', 'amount', 'currency', 'category', 'description', 'note', 'source', 'id']

/**
 * The expenses as a table, the oldest first, read page by page while they are sent. Cells that a programme would take for a formula
 * begin with an apostrophe; amounts are numbers and stay as they are. Importing the file again books nothing.
 */
export async function exportExpenses(
  deps: Pick<Deps, 'db' | 'clock'>,
  { accountId, filter, withBom }: Wanted,
): Promise<Readable> {
  const { filter: read } = await readFilter(deps, accountId, filter, ['filter'])
  const categories = new Map((await findCategories(deps.db, accountId, true)).map(({ id, name }) => [id, name]))
  async function* rows(): AsyncGenerator<unknown[]> {
    for (let after: string | null = null; ; ) {
      const page = { limit: PAGE, toward: 'forward', after, before: null } as const
      const found: Awaited<ReturnType<typeof findExpenses>> = await findExpenses(
        deps.db,
        expensesOf(read),
        'OLDEST',
        page,
      )
      for (const row of found.rows) {
        const amount = formatAmount(money(row.amountMinor, currencyOf(row.currency)))
        const { spentOn, currency, categoryId, description, note, source, id } = row
        // An object is cast by `cast.object`, and not looked through for formulas.
        yield [
          spentOn,
          { amount },
          currency,
          markedInside(categories.get(categoryId) ?? ''),
          markedInside(description),
          markedInside(note),
          source,
          encodeId('expense', id),
        ]
      }
      const last = found.rows.at(-1)
      if (!found.hasNextPage || last === undefined) return
      after = encodeCursor(found.order.name, last[KEYS])
    }
  }
  const table = stringify({
    header: true,
    columns: COLUMNS,
    bom: withBom,
    escape_formulas: true,
    record_delimiter: 'windows',
    // Only its own line ends are quoted by itself; to whoever reads the file any other one ends a row too.
    quoted_match: /[\r\n]/,
    cast: {
      object: (value) => ({ value: String((value as { amount?: string }).amount ?? ''), escape_formulas: false }),
    },
  })
  const source = Readable.from(rows())
  source.on('error', (error) => table.destroy(error))
  table.on('close', () => source.destroy())
  return source.pipe(table)
}
