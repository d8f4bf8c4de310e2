import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const FOLDERS = ['src', 'test', 'scripts', 'web', 'bench', 'examples']
const FORBIDDEN = ['utils', 'util', 'helpers', 'helper', 'common', 'manager', 'data', 'misc', 'lib', 'stuff']
const MAX_LINES = 300

const entries = FOLDERS.flatMap((folder) => {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isFile: entry.isFile(),
      path: join(entry.parentPath, entry.name).slice(root.length + 1),
    }))
  } catch {
    return []
  }
}).filter(({ path }) => !/\/(?:gql|node_modules)(?:\/|$)/.test(path))
const sources = entries.filter(({ path, isFile }) => isFile && /\.(ts|tsx|mjs|mts)$/.test(path))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const inSrc = ({ path }: { path: string }): boolean => path.startsWith('src/')

/** Every line of the files that the pattern matches, as `file:line`. */
const linesWith = (pattern: RegExp, files = sources): string[] =>
  files.flatMap(({ path }) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  )

test('there is something to look at', () => {
  expect(sources.filter(inSrc).length).toBeGreaterThan(100)
})

describe('names', () => {
  test('say what is inside: no folder and no file is a drawer for anything', () => {
    const drawers = entries.filter(({ name }) =>
      FORBIDDEN.includes(basename(name, extname(name)).replace(/\.test$/, '')),
    )
    expect(drawers.map(({ path }) => path)).toEqual([])
  })

  test('are lower case with hyphens', () => {
    const odd = sources.filter(({ name }) => !/^[a-z0-9-]+(\.test|\.config|\.d)?\.(ts|tsx|mjs|mts)$/.test(name))
    expect(odd.map(({ path }) => path)).toEqual([])
  })
})

test(`a file of src that grows past ${MAX_LINES} lines becomes a folder of the same stem`, () => {
  const long = sources.filter(inSrc).filter(({ path }) => read(path).trimEnd().split('\n').length > MAX_LINES)
  expect(long.map(({ path }) => path)).toEqual([])
})

test('nothing is put off with a note in the source: an issue says it where others look', () => {
  expect(linesWith(/\bT[O]DO\b|\bFIXM[E]\b|\bHAC[K]\b/)).toEqual([])
})

test('the server speaks through its log: no `console`, which knows no level and no redaction', () => {
  expect(linesWith(/\bconsole\./, sources.filter(inSrc))).toEqual([])
})

test('no test is switched off or alone', () => {
  expect(linesWith(/\b(test|describe|it)(\.concurrent)?\.(skip|only|todo)\(/)).toEqual([])
})

test('no rule of types is silenced, and none of lint without a reason', () => {
  expect(linesWith(/@ts-(ignore|nocheck|expect-error)|\bas any\b/, sources.filter(inSrc))).toEqual([])
  expect(linesWith(/biome-ignore (?!lint\/[a-z]+\/\w+: \S.{10,})/, sources.filter(inSrc))).toEqual([])
})
