import { Field, ID, InterfaceType } from 'type-graphql'

/** Rows carry the name of their type (see `loaders/batch`), which is all that an interface needs to know. */
export const typeOfRow = (row: { __typename?: string }): string | undefined => row.__typename

@InterfaceType({
  description: 'Anything with an id that a client can hold on to and ask for again with `node(id)`.',
  resolveType: typeOfRow,
})
export abstract class Node {
  @Field(() => ID, { description: 'A typed, sortable id such as `post_01jd…`: the kind of thing and a UUIDv7.' })
  id: string
}
