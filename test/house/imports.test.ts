import { join } from 'node:path'
import { cruise, type IDependency, type IModule, type IReporterOutput } from 'dependency-cruiser'
import { beforeAll, describe, expect, test } from 'vitest'

/**
 * From the top down; what stands in one line does not import each other. Everything may import what is below it, with
 * the exceptions that the tests name.
 */
const LAYERS = [
  ['top'],
  ['demo'],
  ['server'],
  ['resolvers'],
  ['jobs', 'permissions'],
  ['schema'],
  ['domain', 'loaders'],
  ['live', 'gateways'],
  ['db'],
  ['core'],
]

/** Tables that belong to all rooms: who did something, what can be commented on, and what was reported about it. */
const SHARED_TABLES = ['account', 'subject', 'report']

interface Import {
  from: string
  to: string
  isTypeOnly: boolean
}

let modules: IModule[] = []
let imports: Import[] = []

beforeAll(async () => {
  // With `tsc` as its parser and a TypeScript newer than it knows, it reads nothing and finds nothing wrong.
  const { output } = await cruise(['src'], {
    baseDir: join(import.meta.dirname, '../..'),
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'types', 'default'] },
    exclude: { path: '\\.test\\.ts$' },
  })
  modules = (output as Exclude<IReporterOutput['output'], string>).modules.filter(({ source }) =>
    source.startsWith('src/'),
  )
  const toImport = (from: string, { resolved, dependencyTypes }: IDependency): Import => ({
    from,
    to: resolved,
    isTypeOnly: dependencyTypes.includes('type-only'),
  })
  imports = modules.flatMap(({ source, dependencies }) => dependencies.map((each) => toImport(source, each)))
})

/** `src/domain/blog/post.ts` → `domain`; `src/main.ts` → `top`. */
const layerOf = (file: string): string => /^src\/([^/]+)\//.exec(file)?.[1] ?? 'top'
/** `src/domain/blog/post.ts` → `blog`; `src/domain/report.ts` → `report`. */
const stemOf = (file: string): string => /^src\/(?:db\/)?[^/]+\/([^/.]+)/.exec(file)?.[1] ?? ''
const rankOf = (file: string): number => LAYERS.findIndex((line) => line.includes(layerOf(file)))
const isOurs = ({ to }: Import): boolean => to.startsWith('src/')
const told = ({ from, to }: Import): string => `${from} → ${to}`

test('the source was read: an empty answer would pass every other test here', () => {
  expect(modules.length).toBeGreaterThan(100)
  expect(imports.filter(isOurs).length).toBeGreaterThan(300)
  expect(imports.some(({ isTypeOnly }) => isTypeOnly)).toBe(true)
})

test('every folder of src has its place in the order of layers', () => {
  expect([...new Set(modules.map(({ source }) => layerOf(source)))].sort()).toEqual(LAYERS.flat().sort())
})

describe('imports', () => {
  test('run downward only', () => {
    const upward = imports.filter((each) => {
      if (!isOurs(each) || layerOf(each.from) === layerOf(each.to)) return false
      // Lower layers take plain values, and may say with `Config` and `Limits` which ones.
      if (each.to === 'src/config.ts') return !each.isTypeOnly
      return rankOf(each.to) <= rankOf(each.from)
    })
    expect(upward.map(told)).toEqual([])
  })

  test('from schema reach domain and loaders for their types only: a GraphQL class decides nothing', () => {
    const decisions = imports.filter(
      (each) => layerOf(each.from) === 'schema' && ['domain', 'loaders'].includes(layerOf(each.to)) && !each.isTypeOnly,
    )
    expect(decisions.map(told)).toEqual([])
  })

  test('form no circle', () => {
    const circles = modules.flatMap(({ source, dependencies }) =>
      dependencies.filter(({ circular }) => circular).map(({ resolved }) => `${source} → ${resolved}`),
    )
    expect(circles).toEqual([])
  })

  test('all lead somewhere', () => {
    const lost = modules.flatMap(({ source, dependencies }) =>
      dependencies.filter(({ couldNotResolve }) => couldNotResolve).map(({ resolved }) => `${source} → ${resolved}`),
    )
    expect(lost).toEqual([])
  })

  test('of tables stay within their own domain, so that only its functions change its rows', () => {
    const foreign = imports.filter(
      ({ from, to }) =>
        layerOf(from) === 'domain' &&
        to.startsWith('src/db/tables/') &&
        ![stemOf(from), ...SHARED_TABLES].includes(stemOf(to)),
    )
    expect(foreign.map(told)).toEqual([])
  })

  test('of tables come from domain, loaders and the database layer: doors read through queries and relations', () => {
    const doors = imports.filter(
      ({ from, to }) => to.startsWith('src/db/tables/') && !['domain', 'loaders', 'db', 'demo'].includes(layerOf(from)),
    )
    expect(doors.map(told)).toEqual([])
  })

  test('of the transports and of GraphQL are unknown to domain, loaders and everything below', () => {
    const below = imports.filter(
      ({ from, to }) =>
        rankOf(from) >= rankOf('src/domain/x') &&
        /node_modules\/(graphql|type-graphql|graphql-ws|@apollo|fastify|@fastify|ws)\//.test(to),
    )
    expect(below.map(told)).toEqual([])
  })
})
