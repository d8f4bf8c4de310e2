import { GraphQLError } from 'graphql'

/** Codes of operations that are refused before they run. Part of the contract with clients: never renamed. */
export const REFUSAL_CODES = [
  'QUERY_TOO_DEEP',
  'TOO_MANY_ALIASES',
  'TOO_MANY_DIRECTIVES',
  'TOO_MANY_TOKENS',
  'QUERY_TOO_COMPLEX',
  'LIST_TOO_LONG',
  'TOO_MANY_OPERATIONS',
  'SUBSCRIPTION_OVER_HTTP',
] as const
type RefusalCode = (typeof REFUSAL_CODES)[number]

export const refusal = (
  code: RefusalCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): GraphQLError => new GraphQLError(message, { extensions: { ...details, code } })
