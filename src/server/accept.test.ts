import { describe, expect, test } from 'vitest'
import { acceptsHtml } from './accept.ts'

const CHROMIUM = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'

describe('who gets a page where others get JSON', () => {
  test.each([
    ['a browser', CHROMIUM, true],
    ['a client that only takes HTML', 'text/html', true],
    ['a client that likes HTML as much as JSON', 'application/json, text/html', true],
    ['a GraphQL client', 'application/graphql-response+json, application/json;q=0.9', false],
    ['a GraphQL client that would take HTML if need be', 'application/json, text/html;q=0.5', false],
    ['a client that takes anything, such as curl', '*/*', false],
    ['a client that refuses HTML', 'text/html;q=0', false],
    ['a client that says nothing', undefined, false],
  ])('%s: %s → %s', (_who, accept, gets) => {
    expect(acceptsHtml({ headers: { accept } })).toBe(gets)
  })
})
