import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { NURSERY } from '../scripts/nursery.mjs'
import { startChild } from './live/child.ts'
import { median, type Verdict } from './measure.ts'
import { makeDataDirectory } from './server.ts'

const PHOTOGRAPHS = 200
const MEMBERS = ['ada', 'bram', 'chiyo', 'dara']
/** Of queries that are asked one after the other, before and while. */
const QUIET_MS = 5_000
/** How long to look on while they are processed, once all have come. */
const PROCESSING_MS = 30_000
const PATIENCE_MS = 60_000
const QUERY = '{ posts(first: 20) { nodes { title excerpt author { name avatarUrl } commentCount } } }'
/** Of the demo members, as the README tells it. */
const DEMO_PASSWORD = 'open the demo atrium please'
const MB = 1_000_000
const NO_LIMIT = '1000000000'

interface Program {
  readonly pid: number
  readonly url: string
  stop(): Promise<void>
}

/** The server as it is built and started, with its demo data, on a port that it finds free. */
async function startProgram(): Promise<Program> {
  const data = await makeDataDirectory()
  const child = spawn(
    process.execPath,
    [NURSERY, '--enable-source-maps', join(import.meta.dirname, '../dist/main.js')],
    {
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        ATRIUM_DATA: data,
        LOG_LEVEL: 'error',
        RATE_PER_VIEWER: NO_LIMIT,
        RATE_PER_ADDRESS: NO_LIMIT,
        UPLOADS_PER_VIEWER: NO_LIMIT,
        UPLOAD_QUOTA_BYTES: '100000000000',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(data, { recursive: true, force: true })
  }
  try {
    return { pid: child.pid ?? 0, url: await saidUrl(child), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What it prints when it is ready. */
async function saidUrl({ stdout }: Pick<ChildProcess, 'stdout'>): Promise<string> {
  if (stdout === null) throw new Error('the server cannot be heard')
  let said = ''
  const late = AbortSignal.timeout(PATIENCE_MS)
  while (!late.aborted) {
    const [piece] = await once(stdout, 'data', { signal: late })
    said += String(piece)
    const url = /Playground\s+(http:\S+)\/graphql/.exec(said)?.[1]
    if (url === undefined) continue
    stdout.resume()
    return url
  }
  throw new Error('the server was not ready in time')
}

interface Peak {
  server: number
  renderer: number
}

/** Looks 20 times a second what the program and its renderer of pictures weigh. Nothing where there is no /proc. */
function watchMemory(pid: number): { readonly peak: Peak; stop(): void } {
  const peak = { server: 0, renderer: 0 }
  let isOver = false
  const residentMb = async (of: number): Promise<number> => {
    const status = await readFile(`/proc/${of}/status`, 'utf8').catch(() => '')
    return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024) / MB
  }
  const watch = async (): Promise<void> => {
    for (let time = 0, renderer = 0; !isOver; time += 1) {
      if (time % 20 === 0) renderer = (await findRenderer(pid)) ?? 0
      peak.server = Math.max(peak.server, await residentMb(pid))
      if (renderer !== 0) peak.renderer = Math.max(peak.renderer, await residentMb(renderer))
      await pause(50)
    }
  }
  void watch()
  return {
    peak,
    stop() {
      isOver = true
    },
  }
}

async function findRenderer(parent: number): Promise<number | null> {
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    const [command = '', status = ''] = await Promise.all(
      ['cmdline', 'status'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    )
    if (command.includes('renderer') && status.includes(`PPid:\t${parent}\n`)) return Number(name)
  }
  return null
}

type Ask = (query: string, token?: string) => Promise<{ data: Record<string, never> }>

const asker =
  (url: string): Ask =>
  async (query, token) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query }),
    })
    if (response.status !== 200) throw new Error(`a query was answered with ${response.status}`)
    return (await response.json()) as Awaited<ReturnType<Ask>>
  }

const signIn =
  (ask: Ask) =>
  async (handle: string): Promise<string> => {
    const { data } = await ask(
      `mutation { signIn(input: { email: "${handle}@example.com", password: "${DEMO_PASSWORD}" }) { session { accessToken } } }`,
    )
    return (data as unknown as { signIn: { session: { accessToken: string } } }).signIn.session.accessToken
  }

/** Milliseconds of queries that are asked one after the other. */
async function askUntil(ask: Ask, isOver: () => boolean): Promise<number[]> {
  const times: number[] = []
  while (!isOver()) {
    const startedAtMs = performance.now()
    await ask(QUERY)
    times.push(performance.now() - startedAtMs)
    await pause(5)
  }
  return times
}

const askFor = (ask: Ask, ms: number): Promise<number[]> => {
  const endsAtMs = performance.now() + ms
  return askUntil(ask, () => performance.now() > endsAtMs)
}

/** How many of the newest hundred of each member are ready. */
async function countReady(ask: Ask, tokens: readonly string[]): Promise<number> {
  let ready = 0
  for (const token of tokens) {
    const { data } = await ask('{ viewer { uploads(first: 100) { nodes { status } } } }', token)
    const { viewer } = data as unknown as { viewer: { uploads: { nodes: { status: string }[] } } }
    const statuses = viewer.uploads.nodes.map(({ status }) => status)
    if (statuses.includes('FAILED')) throw new Error('a photograph could not be read')
    ready += statuses.filter((status) => status === 'READY').length
  }
  return ready
}

/** Two hundred photographs at once: what others notice of it, and what it weighs. */
export async function measureUploads(): Promise<Verdict[]> {
  const program = await startProgram()
  const photographers = startChild('photographers.ts')
  const memory = watchMemory(program.pid)
  try {
    const { bytes } = (await photographers.hear('bytes')) as { bytes: number }
    const ask = asker(program.url)
    const tokens = await Promise.all(MEMBERS.map(signIn(ask)))
    await askFor(ask, 2_000)
    const quiet = await askFor(ask, QUIET_MS)
    const before = Math.round(memory.peak.server)
    let receivedSeconds: number | undefined
    photographers.send({ url: program.url, tokens, photographs: PHOTOGRAPHS })
    const receiving = photographers.hear('receivedMs').then(({ receivedMs }) => {
      receivedSeconds = Number(receivedMs) / 1000
    })
    const meanwhile = await askUntil(ask, () => receivedSeconds !== undefined)
    await receiving
    const processing = await askFor(ask, PROCESSING_MS)
    const ready = await countReady(ask, tokens)
    const quietMs = median(quiet)
    const told = (ms: number) => `${ms.toFixed(1)} ms`
    const { server, renderer } = memory.peak
    return [
      {
        what: `Other queries while ${PHOTOGRAPHS} photographs come in, to quiet`,
        value: median(meanwhile) / quietMs,
        limit: 2,
        unit: 'times',
        detail: `${told(median(meanwhile))} to ${told(quietMs)}; all came within ${receivedSeconds?.toFixed(1)} s`,
      },
      {
        what: 'Other queries while they are processed, to quiet',
        value: median(processing) / quietMs,
        limit: 2,
        unit: 'times',
        detail: `${told(median(processing))}; ${ready} are ready so far, in four sizes and three formats each`,
      },
      {
        what: 'Memory of the server meanwhile, at most',
        value: server,
        limit: 400,
        unit: 'MB',
        detail: `${before} MB before; photographs of 12 megapixels and ${(bytes / MB).toFixed(1)} MB`,
      },
      {
        what: 'Memory of its image renderer, which it starts when there is work',
        value: renderer,
        limit: 400,
        unit: 'MB',
        detail: 'a process of its own with low priority',
      },
    ]
  } finally {
    memory.stop()
    await photographers.stop()
    await program.stop()
  }
}
