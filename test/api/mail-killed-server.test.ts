import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test, vi } from 'vitest'
import { parseMail } from '../support/mail.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { startTestServer } from '../support/server.ts'
import { startSmtpServer } from '../support/smtp.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

/** A mail server that takes connections and then says nothing. */
async function startSilentServer() {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `smtp://127.0.0.1:${address.port}`, connections: () => connections, stop: () => server.close() }
}

/** A whole server in a process of its own; resolves with its address. */
async function spawnServer(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'error',
      ATRIUM_DEMO: 'false',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) {
    const url = /Health\s+(http:\S+)\/health/.exec(line)?.[1]
    if (url !== undefined) return { child, url }
  }
  throw new Error('the server did not start')
}

test('a mail on which a server was killed with kill -9 is sent by the next server, once', async () => {
  const database = await createTestDatabase({ poolSize: 1 })
  const directory = await mkdtemp(join(tmpdir(), 'atrium-killed-'))
  const [silent, smtp] = [await startSilentServer(), await startSmtpServer()]
  const { child, url } = await spawnServer({
    DATABASE_URL: database.url,
    ATRIUM_DATA: directory,
    SMTP_URL: silent.url,
  })
  try {
    const query = `mutation { signUp(input: { handle: "fay", email: "fay@example.org", password: "seventeen green umbrellas" }) { userErrors { code } } }`
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    expect(await response.json()).toEqual({ data: { signUp: { userErrors: [] } } })
    await vi.waitFor(() => expect(silent.connections()).toBe(1), { timeout: 10_000 })
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited

    const states = async () => {
      const rows = await database.database.query<{ state: string }>(
        "select state::text from pgboss.job where name = 'mail.send'",
      )
      return rows.map(({ state }) => state)
    }
    expect(await states()).toEqual(['active'])
    // An hour passes.
    await database.database.query(
      "update pgboss.job set started_on = started_on - interval '1 hour' where state = 'active'",
    )
    const next = await startTestServer({ databaseUrl: database.url, config: { smtpUrl: smtp.url } })
    try {
      await vi.waitFor(
        async () => {
          await database.database.query("update pgboss.job set start_after = now() where state = 'retry'")
          expect(smtp.mails).toHaveLength(1)
        },
        { timeout: 50_000, interval: 200 },
      )
      expect(smtp.mails[0]?.to).toEqual(['fay@example.org'])
      expect(parseMail(smtp.mails[0]?.source ?? '').headers.subject).toBe('Welcome to Atrium')
      await vi.waitFor(async () => expect(await states()).toEqual(['completed']), 10_000)
    } finally {
      await next.close()
    }
  } finally {
    child.kill('SIGKILL')
    silent.stop()
    await smtp.stop()
    await database.close()
    await rm(directory, { recursive: true, force: true })
  }
}, 90_000)
