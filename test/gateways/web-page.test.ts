import { stat } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { isPublicAddress } from '../../src/gateways/web-page/address.ts'
import { createWebPages } from '../../src/gateways/web-page/web-page.ts'
import { openNameServer } from '../support/name-server.ts'
import { openWeb, type Web } from '../support/web.ts'

const html = (text: string) => `<!doctype html><title>${text}</title>`
const PAGES: Readonly<Record<string, [Record<string, string>, string | Buffer]>> = {
  '/page': [{ 'content-type': 'text/html; charset=utf-8' }, html('Käse')],
  '/latin': [{ 'content-type': 'text/html; charset=windows-1252' }, Buffer.from(html('Käse'), 'latin1')],
  '/meta': [{ 'content-type': 'text/html' }, Buffer.from(`<meta charset="iso-8859-1">${html('Käse')}`, 'latin1')],
  '/utf16': [{ 'content-type': 'text/html' }, Buffer.from(`\ufeff${html('Käse')}`, 'utf16le')],
  '/odd-charset': [{ 'content-type': 'text/html; charset=klingon' }, html('Käse')],
  '/xhtml': [{ 'content-type': 'application/xhtml+xml' }, html('Käse')],
  '/json': [{ 'content-type': 'application/json' }, '{}'],
  '/image': [{ 'content-type': 'image/svg+xml' }, '<svg/>'],
  '/untyped': [{}, html('Käse')],
  '/large': [{ 'content-type': 'text/html' }, 'x'.repeat(200_000)],
  '/bomb': [{ 'content-type': 'text/html', 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(50_000_000))],
  '/zipped': [{ 'content-type': 'text/html', 'content-encoding': 'gzip' }, gzipSync(html('Käse'))],
}

let web: Web
let secret: Web
beforeAll(async () => {
  secret = await openWeb((_, response) => response.setHeader('content-type', 'text/html').end('the inner network'))
  web = await openWeb((request, response) => {
    const path = request.url ?? ''
    const hop = /^\/hop\/(\d+)$/.exec(path)?.[1]
    if (hop !== undefined)
      return response.writeHead(302, { location: hop === '0' ? '/page' : `/hop/${Number(hop) - 1}` }).end()
    const to = new URL(path, 'http://x').searchParams.get('to')
    if (to !== null) return response.writeHead(301, { location: to }).end()
    if (path === '/missing') return response.writeHead(404, { 'content-type': 'text/html' }).end(html('no'))
    if (path === '/silent') return
    if (path === '/slow') {
      response.setHeader('content-type', 'text/html')
      response.write('<p>')
      const drip = setInterval(() => response.write('x'), 50)
      return response.on('close', () => clearInterval(drip))
    }
    const [headers, body] = PAGES[path] ?? [{}, '']
    response.writeHead(200, headers).end(body)
  })
})
beforeEach(() => {
  web.asked.length = 0
  secret.asked.length = 0
})
afterAll(() => Promise.all([web.close(), secret.close()]))

/** Only the little web is allowed, not its neighbour on the same machine. */
const pages = (more: Parameters<typeof createWebPages>[0] = {}) =>
  createWebPages({
    isAllowed: (address, port) => address === '127.0.0.1' && port === web.port,
    maxBytes: 100_000,
    timeoutMs: 5_000,
    ...more,
  })

const problemOf = (url: string, more = {}) =>
  pages(more)
    .fetch(url)
    .then(
      () => 'it came',
      ({ problem, message }) => {
        expect(message).not.toMatch(/127\.|ECONN|localhost/)
        return problem
      },
    )

describe('a page', () => {
  test.each(['/page', '/latin', '/meta', '/utf16', '/odd-charset', '/xhtml', '/zipped'])(
    'is read in its own encoding: %s',
    async (path) => {
      const page = await pages().fetch(`${web.url}${path}`)
      expect(page.html).toContain('<title>Käse</title>')
      expect(page.url).toBe(`${web.url}${path}`)
    },
  )

  test('is found behind five redirects and not behind six', async () => {
    expect((await pages().fetch(`${web.url}/hop/4`)).url).toBe(`${web.url}/page`)
    expect(await problemOf(`${web.url}/hop/5`)).toBe('TOO_MANY_REDIRECTS')
  })

  test.each([
    ['/missing', 'NO_PAGE'],
    ['/json', 'NO_PAGE'],
    ['/image', 'NO_PAGE'],
    ['/untyped', 'NO_PAGE'],
    ['/large', 'TOO_LARGE'],
    ['/bomb', 'TOO_LARGE'],
  ])('%s is none: %s', async (path, problem) => {
    expect(await problemOf(`${web.url}${path}`)).toBe(problem)
  })

  test.each(['/silent', '/slow'])('that takes too long is given up: %s', async (path) => {
    expect(await problemOf(`${web.url}${path}`, { timeoutMs: 400 })).toBe('TIMED_OUT')
  })

  test('that nobody serves cannot be reached', async () => {
    const closed = await openWeb(() => {})
    await closed.close()
    expect(await problemOf(closed.url, { isAllowed: () => true })).toBe('UNREACHABLE')
  })
})

describe('the guard', () => {
  test.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://127.0.0.1/',
    'javascript:alert(1)',
    'not an address',
    '',
    'http://user:pass@example.com/',
    'http://example.com:22/',
    'http://example.com:5432/',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://10.0.0.1/',
    'http://172.16.3.4/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://198.18.0.1/',
    'http://192.0.2.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[fc00::1]/',
    'http://[fd12:3456::1]/',
    'http://[ff02::1]/',
    'http://[2001:db8::1]/',
    'http://[100::1]/',
  ])('refuses %s', async (url) => {
    const guarded = createWebPages({ timeoutMs: 2_000 })
    await expect(guarded.fetch(url)).rejects.toMatchObject({ name: 'PageError', problem: 'ADDRESS_NOT_ALLOWED' })
  })

  test('refuses a name by what it resolves to, when the connection is made', async () => {
    const guarded = createWebPages({ timeoutMs: 5_000 })
    await expect(guarded.fetch('http://localhost/')).rejects.toMatchObject({ problem: 'ADDRESS_NOT_ALLOWED' })
    // The name is allowed no more than its address: this one points at the neighbour.
    expect(await problemOf(`http://localhost:${secret.port}/`)).toBe('ADDRESS_NOT_ALLOWED')
    expect(secret.asked).toEqual([])
  })

  test('refuses every redirect that leads inside, before it is followed', async () => {
    for (const to of [
      `http://127.0.0.1:${secret.port}/`,
      `http://localhost:${secret.port}/`,
      'http://169.254.169.254/',
      'file:///etc/passwd',
      'http://[::1]/',
      `http://user@127.0.0.1:${web.port}/page`,
    ]) {
      expect([to, await problemOf(`${web.url}/?to=${encodeURIComponent(to)}`)]).toEqual([to, 'ADDRESS_NOT_ALLOWED'])
    }
    expect(secret.asked).toEqual([])
  })

  test.each([
    ['93.184.215.14', true],
    ['8.8.8.8', true],
    ['2606:4700:4700::1111', true],
    ['2a00:1450:4001::1', true],
    ['127.0.0.1', false],
    ['fe80::1%eth0', false],
    ['', false],
    ['example.com', false],
  ])('knows that %s is public: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected)
  })
})

describe('a name', () => {
  test('is asked for once, and the page comes from the address that was checked', async () => {
    const names = await openNameServer({ 'kitchen.example': ['127.0.0.1'] })
    const page = await pages({ nameServers: [names.address] }).fetch(`http://kitchen.example:${web.port}/page`)
    expect(page.html).toContain('Käse')
    expect(names.asked.filter(({ type }) => type === 'A')).toEqual([{ name: 'kitchen.example', type: 'A' }])
    names.close()
  })

  test.each([
    ['inside', ['10.0.0.7']],
    ['inside and outside', ['93.184.215.14', '127.0.0.1']],
    ['in IPv6 that means IPv4', ['93.184.215.14', '64:ff9b::7f00:1']],
  ])('that lies %s is refused', async (_, addresses) => {
    const names = await openNameServer({ 'kitchen.example': addresses })
    expect(await problemOf('http://kitchen.example/', { nameServers: [names.address] })).toBe('ADDRESS_NOT_ALLOWED')
    names.close()
  })

  test('whose name server does not answer keeps nobody from their files and passwords', async () => {
    const names = await openNameServer({})
    const waiting = Array.from({ length: 8 }, (_, n) =>
      problemOf(`http://never-${n}.example/`, { nameServers: [names.address], timeoutMs: 1_500 }),
    )
    await vi.waitFor(() => expect(new Set(names.asked.map(({ name }) => name)).size).toBe(8), 10_000)
    const first = await Promise.race([stat(import.meta.filename).then(() => 'the file'), ...waiting])
    expect(first).toBe('the file')
    expect(await Promise.all(waiting)).toEqual(Array(8).fill('TIMED_OUT'))
    names.close()
  })
})
