import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import type { PageOptions } from './page.ts'
import { contentSecurityPolicy, playground, playgroundHandler } from './playground.ts'

const CHROMIUM = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'

describe('the content security policy', () => {
  test('allows scripts, workers and connections to this host alone, and no inline script', () => {
    const policy = contentSecurityPolicy('localhost:4000')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("worker-src 'self';")
    expect(policy).toContain("connect-src 'self' ws://localhost:4000 wss://localhost:4000;")
    expect(policy).toContain("frame-ancestors 'none'")
  })

  test('takes an IPv6 host', () => {
    expect(contentSecurityPolicy('[::1]:4000')).toContain('ws://[::1]:4000')
  })

  test.each(['evil.example; script-src *', "x 'unsafe-inline'", 'a,b', '*', ''])(
    'cannot be widened by the Host header %j',
    (host) => {
      expect(contentSecurityPolicy(host)).toContain("connect-src 'self';")
      expect(contentSecurityPolicy(host)).not.toContain('ws:')
    },
  )
})

describe('the page and its assets', () => {
  let directory: string
  let app: FastifyInstance

  async function serve(demo: PageOptions['demo'], built = true) {
    directory = mkdtempSync(join(tmpdir(), 'atrium-playground-'))
    if (built) {
      mkdirSync(join(directory, 'playground'))
      mkdirSync(join(directory, 'assets'))
      writeFileSync(
        join(directory, 'playground', 'index.html'),
        '<title>Atrium</title><script type="application/json" id="settings"></script>',
      )
      writeFileSync(join(directory, 'assets', 'app-1a2b.js'), 'plain')
      writeFileSync(join(directory, 'assets', 'app-1a2b.js.br'), 'small')
    }
    app = Fastify()
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({ vary: 'Origin', 'content-security-policy': "default-src 'none'" })
    })
    app.setNotFoundHandler((_request, reply) => reply.code(404).send({ errors: [{ message: 'Not here.' }] }))
    await app.register(playground, { directory })
    app.get('/graphql', playgroundHandler({ directory, demo }))
  }

  afterEach(async () => {
    await app.close()
    rmSync(directory, { recursive: true })
  })

  test('the page carries the demo members, whatever is in their names', async () => {
    const name = '</script><script>alert("$&")</script>'
    await serve({ people: [{ handle: 'mal', name, email: 'mal@example.com', password: 'x', role: 'MEMBER' }] })
    const { body, headers } = await app.inject({ url: '/graphql', headers: { accept: CHROMIUM } })
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['cache-control']).toBe('no-cache')
    expect(headers.vary).toBe('Origin, accept')
    expect(body.match(/<\/script>/g)).toHaveLength(1)
    const settings = /id="settings">(.*)<\/script>/.exec(body)?.[1] ?? ''
    expect(JSON.parse(settings).people[0].name).toBe(name)
  })

  test('without demo data the page offers nobody to act as', async () => {
    await serve(null)
    const { body } = await app.inject('/graphql')
    expect(body).toContain('{"people":[]}')
  })

  test('a page that was never built is a clear JSON error', async () => {
    await serve(null, false)
    const answer = await app.inject({ url: '/graphql', headers: { accept: CHROMIUM } })
    expect(answer.statusCode).toBe(503)
    expect(answer.json().errors[0].extensions.code).toBe('PLAYGROUND_NOT_BUILT')
    expect((await app.inject('/assets/app-1a2b.js')).statusCode).toBe(404)
  })

  test('assets may be kept for ever and come compressed to those who take it', async () => {
    await serve(null)
    const plain = await app.inject('/assets/app-1a2b.js')
    expect(plain.body).toBe('plain')
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(plain.headers['content-type']).toMatch('javascript')
    const small = await app.inject({ url: '/assets/app-1a2b.js', headers: { 'accept-encoding': 'gzip, br' } })
    expect(small.body).toBe('small')
    expect(small.headers['content-encoding']).toBe('br')
    expect(small.headers.vary).toBe('Origin, accept-encoding')
    expect(small.headers['content-security-policy']).toBe("default-src 'none'; script-src 'self'")
  })

  test.each([
    '/assets/none.js',
    '/assets/',
    '/assets/../playground/index.html',
    '/assets/..%2fplayground%2findex.html',
  ])('%s is not found, as JSON', async (url) => {
    await serve(null)
    const answer = await app.inject(url)
    expect(answer.headers['content-type']).toMatch('application/json')
    expect([403, 404]).toContain(answer.statusCode)
  })
})
