import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

let box = ''

beforeAll(async () => {
  box = await mkdtemp(join(tmpdir(), 'atrium-supervise-'))
  const scripts = pathToFileURL(join(import.meta.dirname, '../../scripts/supervise.mjs')).href
  await writeFile(
    join(box, 'start.mjs'),
    `import { supervise } from '${scripts}'
     supervise([${JSON.stringify(join(box, 'server.mjs'))}, process.argv[2]], { endsWithUs: true })`,
  )
  // Notes the signals it gets, and takes its time to end.
  await writeFile(
    join(box, 'server.mjs'),
    `import { appendFileSync } from 'node:fs'
     const note = (word) => appendFileSync(process.argv[2], word + ' ')
     for (const signal of ['SIGTERM', 'SIGINT']) {
       process.on(signal, () => { note(signal); setTimeout(() => { note('ended'); process.exit(3) }, 300) })
     }
     setInterval(() => {}, 1000)
     note('started')`,
  )
})
afterAll(() => rm(box, { recursive: true, force: true }))

const notes = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '')

async function until(file: string, expected: string): Promise<void> {
  for (let turn = 0; turn < 200 && notes(file) !== expected; turn += 1) await pause(25)
  expect(notes(file)).toBe(expected)
}

async function start(
  name: string,
  throughShell = false,
): Promise<{ child: ChildProcess; file: string; end: Promise<unknown> }> {
  const file = join(box, name)
  const args = [join(box, 'start.mjs'), file]
  const child = throughShell
    ? // What npm is to the script: a process that runs it in a shell, which stays in between.
      spawn(process.execPath, [
        '-e',
        `require('child_process').spawn('/bin/sh', ['-c', '"$0" "$@"; exit $?', process.execPath, ...${JSON.stringify(args)}],
           { env: { ...process.env, npm_lifecycle_event: 'start' } }); setInterval(() => {}, 1000)`,
      ])
    : spawn(process.execPath, args)
  const end = new Promise((resolve) => child.once('exit', resolve))
  await until(file, 'started')
  return { child, file, end }
}

test('a signal reaches the server once, also when the terminal and npm both send it, and its exit code is passed on', async () => {
  const { child, file, end } = await start('twice')
  child.kill('SIGINT')
  child.kill('SIGINT')
  await pause(50)
  child.kill('SIGINT')
  expect(await end).toBe(3)
  expect(notes(file)).toBe('started SIGINT ended')
})

test('when what started the server is killed, the server stops gracefully', async () => {
  const { child, file } = await start('killed')
  child.kill('SIGKILL')
  await until(file, 'started SIGTERM ended')
})

test.runIf(process.platform === 'linux')(
  'when npm is killed behind its shell, the server stops gracefully',
  async () => {
    const { child, file } = await start('npm', true)
    child.kill('SIGKILL')
    await until(file, 'started SIGTERM ended')
  },
)
