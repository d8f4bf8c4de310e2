import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'
import { DomainError, notFound } from '../core/errors.ts'
import { parseId, type Uuid } from '../core/ids.ts'
import { everyone, Rule } from '../permissions/rules.ts'
import type { Context } from '../schema/context.ts'
import { Costs } from '../schema/cost.ts'
import { Node } from '../schema/node.ts'
import { type GraphNode, loadNode } from './nodes.ts'

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: 'Anything by its id. `NOT_FOUND` when it does not exist or the viewer may not see it.',
  })
  @Rule(everyone)
  async node(@Ctx() context: Context, @Arg('id', () => ID) id: string): Promise<GraphNode> {
    const node = await findById(context, id)
    if (node === null) throw notFound('node', ['id'])
    return node
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: 'Several things by their ids, in the order asked; null in the place of each that cannot be seen.',
  })
  @Rule(everyone)
  @Costs({ perItemOf: 'ids' })
  nodes(@Ctx() context: Context, @Arg('ids', () => [ID]) ids: string[]): Promise<(GraphNode | null)[]> {
    return Promise.all(ids.map((id) => findById(context, id)))
  }
}

function findById(context: Context, id: string): Promise<GraphNode | null> {
  const parsed = parseId(id)
  return parsed === null ? Promise.resolve(null) : findNode(context, parsed.prefix, parsed.uuid)
}

/** The thing with this id, or null where there is none that the viewer may see. */
export async function findNode(context: Context, prefix: string, id: Uuid): Promise<GraphNode | null> {
  try {
    return await loadNode(context, prefix, id)
  } catch (error) {
    if (error instanceof DomainError && error.code === 'NOT_FOUND') return null
    throw error
  }
}
