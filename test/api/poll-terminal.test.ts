import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { PollClient } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const root = join(import.meta.dirname, '../..')

let server: TestServer
let polls: PollClient
let owner: Viewer
let ada: Viewer

beforeAll(async () => {
  server = await startTestServer()
  polls = new PollClient(server)
  owner = await server.world.person({ handle: 'owner' })
  ada = await server.world.person({ handle: 'ada' })
})
const children = new Set<ChildProcess>()
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})
afterAll(() => server.close())

/** The command in a pipe, as `npm run poll` runs it once it is built. */
function poll(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/poll.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  const out = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out.stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    out.stderr += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const lines = () => out.stdout.split('\n').filter((line) => line !== '')
  const sees = (line: string) => expect.poll(lines, { timeout: 30_000 }).toContain(line)
  return { child, out, ended, lines, sees }
}

const id = (poll: Uuid): string => encodeId('poll', poll)

test('a line for each change, until Ctrl-C', async () => {
  const made = await server.world.poll(owner)
  const terminal = poll(id(made), '--url', server.url)
  await terminal.sees('Tea or coffee? | OPEN | 0 voters | Tea 0 (0.0 %) | Coffee 0 (0.0 %)')
  await server.world.vote(ada, made, 0)
  await terminal.sees('Tea or coffee? | OPEN | 1 voter | Tea 1 (100.0 %) | Coffee 0 (0.0 %)')
  await polls.run('closePoll', owner, { id: id(made) })
  await terminal.sees('Tea or coffee? | CLOSED | 1 voter | Tea 1 (100.0 %) | Coffee 0 (0.0 %)')
  terminal.child.kill('SIGINT')
  expect(await terminal.ended).toBe(0)
  expect([terminal.lines().length, terminal.out.stderr]).toEqual([3, ''])
}, 60_000)

test('what is hidden stays hidden, and is shown to who signs in and has voted', async () => {
  const made = await server.world.poll(owner, { resultsShown: 'AFTER_VOTING' })
  await server.world.vote(ada, made, 1)
  const stranger = poll(id(made), '--url', `${server.url}/graphql`)
  const voter = poll(
    id(made),
    '--url',
    server.url,
    '--email',
    'ada@example.com',
    '--password',
    'a passphrase for this world',
  )
  const token = poll(id(made), '--url', server.url, '--token', await server.tokenOf(ada))
  await stranger.sees('Tea or coffee? | OPEN | 1 voter | Tea | Coffee')
  for (const each of [voter, token]) {
    await each.sees('Tea or coffee? | OPEN | 1 voter | Tea 0 (0.0 %) | Coffee 1 (100.0 %)')
  }
}, 60_000)

test('it comes back after the server was away, with what it missed', async () => {
  const first = await startTestServer({ databaseUrl: server.databaseUrl })
  const { port } = first.running
  const made = await server.world.poll(owner)
  const terminal = poll(id(made), '--url', first.url)
  await terminal.sees('Tea or coffee? | OPEN | 0 voters | Tea 0 (0.0 %) | Coffee 0 (0.0 %)')
  await first.close()
  await expect.poll(() => terminal.out.stderr, { timeout: 20_000 }).toContain('The connection is lost; trying again …')
  await server.world.vote(ada, made, 1)
  const second = await startTestServer({ databaseUrl: server.databaseUrl, config: { port } })
  await terminal.sees('Tea or coffee? | OPEN | 1 voter | Tea 0 (0.0 %) | Coffee 1 (100.0 %)')
  expect(terminal.out.stderr).toContain('Connected again.')
  terminal.child.kill('SIGTERM')
  expect(await terminal.ended).toBe(0)
  await second.close()
}, 90_000)

test('it ends with one line where there is nothing to show', async () => {
  const gone = await server.world.poll(owner)
  const watching = poll(id(gone), '--url', server.url)
  await watching.sees('Tea or coffee? | OPEN | 0 voters | Tea 0 (0.0 %) | Coffee 0 (0.0 %)')
  await polls.run('deletePoll', owner, { id: id(gone) })
  const unknown = poll('poll_nonsense', '--url', server.url)
  const nowhere = poll(id(gone), '--url', 'http://127.0.0.1:1')
  const wrong = poll(id(gone), '--url', 'localhost')
  const badToken = poll(id(gone), '--url', server.url, '--token', 'nonsense')
  const badPassword = poll(id(gone), '--url', server.url, '--email', 'ada@example.com', '--password', 'wrong')
  for (const [each, message] of [
    [watching, 'The poll was taken away.'],
    [unknown, `There is no poll poll_nonsense at ${server.url}, or it is not yours to see.`],
    [nowhere, 'There is no Atrium at http://127.0.0.1:1. Start it with npm start, or say where it is with --url.'],
    [wrong, '--url must be an address such as http://localhost:4000; it is localhost'],
    [badToken, 'The token is not good, or has ended. Get a new one.'],
    [badPassword, 'The e-mail address or the password is wrong.'],
  ] as const) {
    expect([await each.ended, each.out.stderr]).toEqual([1, `${message}\n`])
  }
}, 60_000)
