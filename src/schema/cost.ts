import { Extensions } from 'type-graphql'

/** Where a field's extensions keep what it costs, for `server/limits`. */
export const COST = 'cost'

export interface DeclaredCost {
  /** In nodes, beside what is selected below the field. */
  readonly own?: number
  /** The argument whose list says how many things come back, as `first` does for a connection. */
  readonly perItemOf?: string
  /** How many things a list without page arguments can hold. */
  readonly atMost?: number
}

/** For fields whose cost their selection does not tell: those that read much, or as many things as a list asks for. */
export const Costs = (cost: DeclaredCost): MethodDecorator & PropertyDecorator => Extensions({ [COST]: cost })
