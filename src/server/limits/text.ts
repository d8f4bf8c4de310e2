import { type GraphQLError, Lexer, type Source, TokenKind } from 'graphql'
import { refusal } from './refusal.ts'

/** graphql-js parses by recursion: a document of nothing but `[[[[` would exhaust the stack before any rule sees it. */
const BRACKETS_LIMIT = 200

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

/**
 * Reads the document's tokens without building a tree.
 * @returns how many there are, or why the document is refused.
 * @throws GraphQLError for text that is no sequence of tokens.
 */
export function countTokens(source: Source, limit: number): number | GraphQLError {
  const lexer = new Lexer(source)
  let count = 0
  let open = 0
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    count++
    if (count > limit) {
      return refusal('TOO_MANY_TOKENS', `A document may have at most ${limit} tokens.`, { limit })
    }
    if (OPENING.has(token.kind)) open++
    if (CLOSING.has(token.kind)) open--
    if (open > BRACKETS_LIMIT) {
      return refusal('QUERY_TOO_DEEP', `A document may nest at most ${BRACKETS_LIMIT} brackets.`, {
        limit: BRACKETS_LIMIT,
      })
    }
  }
  return count
}
