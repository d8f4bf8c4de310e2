import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_PEOPLE } from '../../src/demo/demo.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ config: { demo: true } })
}, 120_000)
afterAll(() => server.close())

test('the demo’s houses are neither empty nor full, and its members have tickets with a code', async () => {
  const { email, password } = DEMO_PEOPLE[0] ?? { email: '', password: '' }
  const signIn = `mutation ($email: String!, $password: String!) { signIn(input: { email: $email, password: $password }) { session { accessToken } } }`
  const token = (await server.ask(signIn, { email, password })).data.signIn.session.accessToken
  const { data, errors } = await server.ask(
    '{ viewer { tickets(first: 5) { nodes { status url isCancellable showtime { seatMap { freeCount seats { status } } } } } } }',
    {},
    token,
  )
  expect(errors).toBeUndefined()
  expect(data.viewer.tickets.nodes).toHaveLength(2)
  for (const { status, url, showtime } of data.viewer.tickets.nodes) {
    expect(status).toBe('VALID')
    expect((await fetch(url)).status).toBe(200)
    const sold = showtime.seatMap.seats.filter((seat: { status: string }) => seat.status === 'SOLD').length
    expect(sold).toBeGreaterThan(5)
    expect(showtime.seatMap.freeCount).toBeGreaterThan(5)
  }
})
