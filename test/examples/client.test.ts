import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../support/server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ config: { demo: true } })
})
afterAll(() => server.close())

/** Runs the example as its README says, and waits for its end. */
async function run(url: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'examples/client/main.ts', url], { cwd: root })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { output, errors, code: await ended }
}

test('the example client writes a post, hears each comment on it as it is written, and ends by itself', async () => {
  const { output, errors, code } = await run(server.url)
  expect(errors).toBe('')
  expect(code).toBe(0)
  const [first, second, published, ...heard] = output.trim().split('\n')
  expect(first).toBe('Ada Marchetti is signed in.')
  expect(second).toBe('Bram Oyelaran is signed in.')
  expect(published).toBe(`“Written by a program” is published at ${server.url}/posts/ada/written-by-a-program`)
  expect(heard).toEqual(['  Bram Oyelaran: And an answer to them.', 'Bram Oyelaran: That is all.', 'Done.'])

  const { data } = await server.ask(
    '{ post(author: "ada", slug: "written-by-a-program") { tags { slug } commentCount } }',
  )
  expect(data.post).toEqual({ tags: [{ slug: 'graphql' }, { slug: 'typescript' }], commentCount: 3 })
})

test('the example client says why when there is nobody to talk to, and ends with an error', async () => {
  const { code, errors } = await run('http://127.0.0.1:1')
  expect(code).toBe(1)
  expect(errors).toContain('fetch failed')
})
