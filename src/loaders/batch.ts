import DataLoader from 'dataloader'
import { pgArray } from '../db/array.ts'
import type { Executor } from '../db/database.ts'
import { type Page, type PageRequest, toPage } from '../db/keyset.ts'
import {
  type Batched,
  type BelongsTo,
  batchCountStatement,
  batchPageStatement,
  batchStatement,
  type Count,
  type HasMany,
  type ManyToMany,
} from '../db/relation.ts'
import type { Statement } from '../db/statement.ts'

/** More keys than this go out as a second statement; a page holds 100 rows, so few batches come near. */
const MAX_BATCH = 1000

/** A row that the graph can resolve interfaces by. */
export type Typed<Row> = Row & { readonly __typename: string }

/** Answers many keys at once. */
export interface BatchSource<Value> {
  of(keys: readonly string[]): Promise<ReadonlyMap<string, Value>>
}

const stamp = <Row extends object>(row: Row, typename: string): Typed<Row> =>
  Object.assign(row, { __typename: typename })

/**
 * The batched reads of one request: one loader per relation (and per set of page arguments), made when first asked.
 * A set lives as long as one request or one event of a subscription, never longer: it caches what it read.
 */
export class BatchLoaders {
  readonly #executor: Executor
  readonly #loaders = new Map<object, Map<string, DataLoader<string, unknown>>>()

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** The one row that `key` points at, or null when it is gone. */
  one<Row extends object>(relation: BelongsTo<Row>, key: string | null): Promise<Typed<Row> | null> {
    if (key === null) return Promise.resolve(null)
    return this.#loader(relation, async (keys: readonly string[]) => {
      const rows = await this.#run(batchStatement(relation), keys)
      const byKey = new Map(rows.map((row) => [row.__key, stamp(row, relation.to.typename)]))
      return keys.map((each) => byKey.get(each) ?? null)
    }).load(key) as Promise<Typed<Row> | null>
  }

  /** The first rows of a relation, in its order, at most its own limit. */
  async many<Row extends object>(
    relation: HasMany<Row> | ManyToMany<Row>,
    key: string,
  ): Promise<readonly Typed<Row>[]> {
    const page = await this.page(relation, key, { limit: relation.limit, toward: 'forward', after: null, before: null })
    return page.rows
  }

  /** One page of a relation; parents that ask with the same arguments share a statement. */
  page<Row extends object>(
    relation: HasMany<Row> | ManyToMany<Row>,
    key: string,
    request: PageRequest,
  ): Promise<Page<Typed<Row>>> {
    const argumentsKey = JSON.stringify([request.limit, request.toward, request.after, request.before])
    const { typename } = relation.kind === 'hasMany' ? relation.of : relation.to
    const loader = this.#loaderFor(relation, argumentsKey, async (keys) => {
      const rows = await this.#run(batchPageStatement(relation, request), keys)
      const byKey = new Map<string, Batched<Row>[]>(keys.map((each) => [each, []]))
      for (const row of rows) byKey.get(row.__key)?.push(stamp(row, typename))
      return keys.map((each) => toPage(relation.order, request, byKey.get(each) ?? []))
    })
    return loader.load(key) as Promise<Page<Typed<Row>>>
  }

  count(relation: Count, key: string): Promise<number> {
    return this.#loader(relation, async (keys) => {
      const rows = await this.#run(batchCountStatement(relation), keys)
      const byKey = new Map(rows.map((row) => [row.__key, row.count]))
      return keys.map((each) => byKey.get(each) ?? 0)
    }).load(key) as Promise<number>
  }

  /**
   * A batched read that is no plain relation. `statement` answers rows with `__key`; `pick` makes the value of one key
   * from its rows. The statement's identity is the loader's, so declare it once at module level.
   */
  grouped<Row extends object, Value>(
    declared: Statement<Batched<Row>>,
    key: string,
    placeholders: Record<string, unknown>,
    pick: (rows: readonly Batched<Row>[]) => Value,
  ): Promise<Value> {
    return this.#loaderFor(declared, JSON.stringify(placeholders), async (keys) => {
      const rows = await this.#run(declared, keys, placeholders)
      const byKey = new Map<string, Batched<Row>[]>(keys.map((each) => [each, []]))
      for (const row of rows) byKey.get(row.__key)?.push(row)
      return keys.map((each) => pick(byKey.get(each) ?? []))
    }).load(key) as Promise<Value>
  }

  /** A batched read of something else than the database. The source's identity is the loader's. */
  from<Value>(source: BatchSource<Value>, key: string): Promise<Value | null> {
    return this.#loader(source, async (keys) => {
      const found = await source.of(keys)
      return keys.map((each) => found.get(each) ?? null)
    }).load(key) as Promise<Value | null>
  }

  /** Forgets what was read. */
  clear(): void {
    this.#loaders.clear()
  }

  #run<Row>(declared: Statement<Row>, keys: readonly string[], placeholders: Record<string, unknown> = {}) {
    return declared.run(this.#executor, { ...placeholders, keys: pgArray(keys) })
  }

  #loader(identity: object, batch: (keys: readonly string[]) => Promise<unknown[]>): DataLoader<string, unknown> {
    return this.#loaderFor(identity, '', batch)
  }

  /** One loader for each set of arguments: what differs in them cannot share a statement. */
  #loaderFor(
    identity: object,
    argumentsKey: string,
    batch: (keys: readonly string[]) => Promise<unknown[]>,
  ): DataLoader<string, unknown> {
    const byArguments = this.#loaders.get(identity) ?? new Map<string, DataLoader<string, unknown>>()
    this.#loaders.set(identity, byArguments)
    const loader = byArguments.get(argumentsKey) ?? new DataLoader(batch, { maxBatchSize: MAX_BATCH })
    byArguments.set(argumentsKey, loader)
    return loader
  }
}
