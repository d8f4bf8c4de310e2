import type { Uuid } from '../core/ids.ts'
import type { Context } from '../schema/context.ts'

/** What the graph must know of a type with ids: its prefix, and how to load one, batched, if the viewer may see it. */
export interface NodeType {
  readonly typename: string
  /** Of its typed ids: `post` in `post_01jd…`. */
  readonly prefix: string
  load(context: Context, id: Uuid): Promise<{ readonly __typename: string } | null>
}
