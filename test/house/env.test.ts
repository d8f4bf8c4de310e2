import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig, SETTINGS } from '../../src/config.ts'

const root = join(import.meta.dirname, '../..')
const lines = readFileSync(join(root, '.env.example'), 'utf8').split('\n')

/** `# NAME=value` or `NAME=value`, with the comment lines above it. */
const explained = lines.flatMap((line, index) => {
  const [, name, value] = /^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$/.exec(line) ?? []
  return name === undefined
    ? []
    : [{ name, value: (value ?? '').replace(/^"(.*)"$/, '$1'), above: lines[index - 1] ?? '' }]
})

test('.env.example explains every setting once, in the order in which the source has them, and no other', () => {
  expect(explained.map(({ name }) => name)).toEqual(Object.keys(SETTINGS))
})

test('each setting has one line that says what it is for', () => {
  for (const { name, above } of explained)
    expect({ name, above }).toEqual({ name, above: expect.stringMatching(/^# \S.{10,}/) })
})

test('the values of .env.example are the defaults, so that a copy of it changes nothing', () => {
  const written = Object.fromEntries(explained.map(({ name, value }) => [name, value]))
  const isOwnSecret = { JWT_SECRET: 'a secret for the tests, 32 long at least' }
  expect(readConfig({ ...written, ...isOwnSecret })).toEqual(readConfig(isOwnSecret))
})

test('a shell reads .env.example as its first lines say, to the last setting', () => {
  const print = `node -e 'process.stdout.write(JSON.stringify(process.env))'`
  const environment = JSON.parse(
    execFileSync('sh', ['-ec', `set -a; . ./.env.example; set +a; ${print}`], { cwd: root, encoding: 'utf8' }),
  )
  const set = explained.filter(({ name }) => lines.some((line) => line.startsWith(`${name}=`)))
  for (const { name, value } of set) expect({ name, value: environment[name] }).toEqual({ name, value })
})

test('nobody but the configuration reads the environment', () => {
  const readers = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) =>
      /process\s*\.\s*env|\benv\b.*from 'node:process'/.test(readFileSync(join(root, 'src', file), 'utf8')),
    )
  expect(readers).toEqual(['config.ts'])
})
