import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql'
import { encodeCursor } from '../core/cursor.ts'
import { invalidInput } from '../core/errors.ts'
import { KEYS, type Keyed, type KeysetOrder, type Page, type PageRequest } from '../db/keyset.ts'
import { Costs } from './cost.ts'
import { type AnyClass, GraphObject } from './object.ts'

export const DEFAULT_PAGE_SIZE = 20
export const MAX_PAGE_SIZE = 100
/** In each place of the page, so that a count, which reads every row of the list, costs like one more page. */
const COUNT_COST = 1

@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many from the start (or after \`after\`): 1 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} unless told.`,
  })
  first?: number

  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string

  @Field(() => Int, {
    nullable: true,
    description: `How many from the end (or before \`before\`): 1 to ${MAX_PAGE_SIZE}.`,
  })
  last?: number

  @Field(() => String, { nullable: true, description: 'Only what comes before this cursor.' })
  before?: string
}

/** @throws DomainError `INVALID_INPUT` for a size out of range or arguments that contradict each other. */
export function toPageRequest({ first, after, last, before }: ConnectionArgs): PageRequest {
  const has = (value: unknown): boolean => value !== undefined && value !== null
  if (has(first) && has(last)) throw invalidInput(['last'], 'Ask for `first` or for `last`, not for both.')
  const limit = first ?? last ?? DEFAULT_PAGE_SIZE
  const argument = has(last) ? 'last' : 'first'
  if (limit < 1 || limit > MAX_PAGE_SIZE) {
    throw invalidInput([argument], `\`${argument}\` must be from 1 to ${MAX_PAGE_SIZE}.`)
  }
  const toward = has(last) || (has(before) && !has(after) && !has(first)) ? 'backward' : 'forward'
  return { limit, toward, after: after ?? null, before: before ?? null }
}

@GraphObject('Where a page lies in its list.')
export class PageInfo {
  @Field(() => Boolean, { description: 'There is more after this page.' })
  hasNextPage: boolean

  @Field(() => Boolean, { description: 'There is more before this page.' })
  hasPreviousPage: boolean

  @Field(() => String, { nullable: true, description: 'Hand it in as `before` for the page before.' })
  startCursor: string | null

  @Field(() => String, { nullable: true, description: 'Hand it in as `after` for the next page.' })
  endCursor: string | null
}

const cursorOf = (order: KeysetOrder, row: Keyed<object> | undefined): string | null =>
  row === undefined ? null : encodeCursor(order.name, row[KEYS])

/** One row in its list. The cursor is only encoded where a client asks for it. */
class Edge<Row extends object> {
  readonly #order: KeysetOrder

  constructor(
    readonly node: Keyed<Row>,
    order: KeysetOrder,
  ) {
    this.#order = order
  }

  get cursor(): string | null {
    return cursorOf(this.#order, this.node)
  }
}

/** A page as the graph shows it. `count` runs only where `totalCount` is asked for. */
export class Connection<Row extends object> {
  readonly #page: Page<Row>
  readonly totalCount: () => Promise<number>

  constructor(page: Page<Row>, count: () => Promise<number>) {
    this.#page = page
    this.totalCount = count
  }

  get nodes(): readonly Row[] {
    return this.#page.rows
  }

  get edges(): Edge<Row>[] {
    return this.#page.rows.map((row) => new Edge(row, this.#page.order))
  }

  get pageInfo(): PageInfo {
    const { rows, order, hasNextPage, hasPreviousPage } = this.#page
    return {
      hasNextPage,
      hasPreviousPage,
      startCursor: cursorOf(order, rows[0]),
      endCursor: cursorOf(order, rows.at(-1)),
    }
  }
}

/** The Relay types `<Name>Connection` and `<Name>Edge` for a list of `item`; another name where the edges say more. */
export function connectionOf<T extends AnyClass>(
  item: T,
  name: string = item.name,
): { Connection: ClassType; Edge: ClassType } {
  @ObjectType(`${name}Edge`, { description: 'One row of a list, with its place.', simpleResolvers: true })
  class EdgeType {
    @Field(() => String, { description: 'Its place in the list, for `after` and `before`.' })
    cursor: string

    @Field(() => item)
    node: InstanceType<T>
  }

  @ObjectType(`${name}Connection`, { description: 'A page of a list.', simpleResolvers: true })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The rows with their cursors.' })
    edges: EdgeType[]

    @Field(() => [item], { description: 'The rows alone.' })
    nodes: InstanceType<T>[]

    @Field(() => PageInfo)
    pageInfo: PageInfo

    @Costs({ own: COUNT_COST })
    @Field(() => Int, {
      description: 'How many the whole list has. It is counted only if asked for, and costs a count.',
    })
    totalCount: number
  }
  return { Connection: ConnectionType, Edge: EdgeType }
}
