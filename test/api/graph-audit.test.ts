import { auditServer } from 'graphql-http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('the audit of graphql-http finds no error in how the real server speaks GraphQL over HTTP', async () => {
  const results = await auditServer({ url: `${server.url}/graphql`, fetchFn: fetch })
  expect(results.length).toBeGreaterThan(50)
  const named = (status: string) => results.filter((result) => result.status === status).map(({ name }) => name)
  expect(named('error')).toEqual([])
  expect(named('ok').length).toBeGreaterThan(50)
}, 60_000)
