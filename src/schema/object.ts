import { ObjectType } from 'type-graphql'

/** A class as TypeScript's decorators see it; interfaces are abstract ones. */
export type AnyClass = abstract new (...args: never[]) => object

/**
 * An object type of the graph. Its plain fields are read straight off the row: type-graphql would otherwise wrap each in
 * a resolver with a middleware chain of its own.
 */
export const GraphObject = (description: string, interfaces: AnyClass[] = []): ClassDecorator =>
  ObjectType({ implements: interfaces, description, simpleResolvers: true })
