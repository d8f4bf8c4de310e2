import { createHash } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { DomainError, invalidInput } from '../core/errors.ts'
import type { Uuid } from '../core/ids.ts'
import type { Executor, Transaction } from '../db/database.ts'
import { idempotencyKeys } from '../db/tables/account.ts'

/** A client may repeat a request safely for at least this long; `jobs/account` removes older keys. */
export const IDEMPOTENCY_KEY_DAYS = 7

/** Text that is the same for equal inputs, whatever the order of their fields. */
function canonical(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    fields.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** SHA-256 of an input, in hex: the same for equal inputs, whatever the order of their fields. */
export const hashInput = (input: unknown): string => createHash('sha256').update(canonical(input)).digest('hex')

/** @throws DomainError `INVALID_INPUT` for what is no idempotency key. */
export function ensureKey(key: string): void {
  const path = ['input', 'idempotencyKey']
  if (!/^[\x21-\x7e]{8,100}$/.test(key)) throw invalidInput(path, 'A key has 8 to 100 printable ASCII characters.')
}

/**
 * Runs `work` once per account and key: the same key and input again gets the first answer (ids, as JSON), another
 * input under the same key is refused. The key is taken inside the transaction, so of two requests at once the second
 * waits for the first one's commit; a transaction that rolls back leaves the key free for another try.
 * @throws DomainError `CONFLICT` when the key was used for another input.
 */
export async function once<Answer>(
  tx: Transaction,
  accountId: Uuid,
  operation: string,
  input: { idempotencyKey?: string | null | undefined },
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { idempotencyKey: key, ...rest } = input
  if (key === undefined || key === null) return work()
  ensureKey(key)
  const inputHash = hashInput(rest)
  const taken = await tx.orm
    .insert(idempotencyKeys)
    .values({ accountId, key, operation, inputHash })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key })
  if (taken.length === 0) {
    const first = await findFirst<Answer>(tx, accountId, operation, key, inputHash)
    if (first === null) throw conflict()
    return first.answer
  }
  const answer = await work()
  await tx.orm.update(idempotencyKeys).set({ answer }).where(isKey(accountId, key))
  return answer
}

/**
 * What `once` would answer without doing anything: for who has to ask the outside world first, which may answer otherwise
 * by now or not at all. Null where the key is still free.
 * @throws DomainError as `once`.
 */
export async function findAnswered<Answer>(
  db: Executor,
  accountId: Uuid,
  operation: string,
  { idempotencyKey: key, ...input }: { idempotencyKey?: string | null | undefined },
): Promise<{ readonly answer: Answer } | null> {
  if (key === undefined || key === null) return null
  ensureKey(key)
  return findFirst(db, accountId, operation, key, hashInput(input))
}

const isKey = (accountId: Uuid, key: string) =>
  and(eq(idempotencyKeys.accountId, accountId), eq(idempotencyKeys.key, key))

const conflict = (): DomainError =>
  new DomainError('CONFLICT', 'This idempotency key was used for another request.', ['input', 'idempotencyKey'])

async function findFirst<Answer>(
  db: Executor,
  accountId: Uuid,
  operation: string,
  key: string,
  inputHash: string,
): Promise<{ readonly answer: Answer } | null> {
  const [first] = await db.orm.select().from(idempotencyKeys).where(isKey(accountId, key))
  if (first === undefined) return null
  if (first.operation !== operation || first.inputHash !== inputHash) throw conflict()
  return { answer: first.answer as Answer }
}
