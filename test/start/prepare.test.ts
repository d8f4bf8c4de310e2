import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../..')
let project = ''

/** A project of two sources with the real scripts and the real compiler; npm is a program that notes how it was called. */
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'atrium-prepare-'))
  await cp(join(repository, 'scripts'), join(project, 'scripts'), { recursive: true })
  await write('package.json', '{ "type": "module", "engines": { "node": ">=20.19" } }')
  await write('package-lock.json', lockOf('1.0.0'))
  await write(
    'tsconfig.json',
    '{ "compilerOptions": { "module": "nodenext", "types": [], "lib": ["ES5"], "skipLibCheck": true } }',
  )
  await write(
    'tsconfig.build.json',
    '{ "extends": "./tsconfig.json", "compilerOptions": { "rootDir": "src", "outDir": "dist" }, "include": ["src"] }',
  )
  await write('src/one.ts', 'export const one: number = 1\n')
  await write('src/two.ts', 'export const two: number = 2\n')
  await write(
    'npm.js',
    `import { appendFileSync, copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
     appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n')
     mkdirSync('node_modules', { recursive: true })
     symlinkSync(${JSON.stringify(join(repository, 'node_modules/typescript'))}, 'node_modules/typescript')
     copyFileSync('package-lock.json', 'node_modules/.package-lock.json')`,
  )
})
afterEach(() => rm(project, { recursive: true, force: true }))

const lockOf = (version: string): string =>
  JSON.stringify({
    packages: { '': {}, 'node_modules/typescript': { version }, 'node_modules/mac': { version, optional: true } },
  })

async function write(path: string, content: string): Promise<void> {
  await mkdir(join(project, path, '..'), { recursive: true })
  await writeFile(join(project, path), content)
}

const prepare = (): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, npm_execpath: join(project, 'npm.js'), NODE_ENV: 'production' }
    execFile(process.execPath, ['scripts/build.mjs'], { cwd: project, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    )
  })

const installs = async (): Promise<number> =>
  (await readFile(join(project, 'npm.log'), 'utf8').catch(() => '')).split('\n').length - 1

const builtAtMs = async (): Promise<number> => (await stat(join(project, 'dist/one.js'))).mtimeMs

test('the first time installs, with the packages that the build needs, and builds; the second time does neither', async () => {
  expect((await prepare()).code).toBe(0)
  expect(await readFile(join(project, 'npm.log'), 'utf8')).toContain('ci --include=dev')
  const before = await builtAtMs()
  expect(await prepare()).toEqual({ code: 0, output: '' })
  expect(await installs()).toBe(1)
  expect(await builtAtMs()).toBe(before)
})

test('a source that was only touched is not built again; one that has changed is, and what is gone leaves no output', async () => {
  await prepare()
  const before = await builtAtMs()
  await utimes(join(project, 'src/one.ts'), new Date(), new Date(Date.now() + 5_000))
  await prepare()
  expect(await builtAtMs()).toBe(before)

  await write('src/one.ts', 'export const one: number = 11\n')
  await rm(join(project, 'src/two.ts'))
  await write('dist/web/index.html', 'kept')
  await prepare()
  expect(await readFile(join(project, 'dist/one.js'), 'utf8')).toContain('11')
  expect((await readdir(join(project, 'dist'))).filter((name) => !name.startsWith('.'))).toEqual(['one.js', 'web'])
})

test('a build that failed says why and is tried again', async () => {
  await write('src/one.ts', 'export const one: number = "one"\n')
  for (let time = 0; time < 2; time += 1) {
    const { code, output } = await prepare()
    expect(code).toBe(1)
    expect(output).toMatch(/src\/one\.ts.*error TS2322/)
  }
})

test('an install that was interrupted is done again, and so is one for other versions', async () => {
  await mkdir(join(project, 'node_modules/half'), { recursive: true })
  await prepare()
  expect(await installs()).toBe(1)
  await rm(join(project, 'node_modules'), { recursive: true })
  await write('package-lock.json', lockOf('2.0.0'))
  await prepare()
  expect(await installs()).toBe(2)
})

test('what somebody has installed with npm already is not installed again', async () => {
  await mkdir(join(project, 'node_modules'))
  await symlink(join(repository, 'node_modules/typescript'), join(project, 'node_modules/typescript'))
  // npm leaves out what is not for this platform.
  await write(
    'node_modules/.package-lock.json',
    '{ "packages": { "node_modules/typescript": { "version": "1.0.0" } } }',
  )
  expect((await prepare()).code).toBe(0)
  expect(await installs()).toBe(0)
})

test('a Node that is too old is told in one line', async () => {
  await write('package.json', '{ "type": "module", "engines": { "node": ">=99.1" } }')
  const { code, output } = await prepare()
  expect(code).toBe(1)
  expect(output).toBe(
    `Atrium needs Node 99.1 or newer, and this is Node ${process.versions.node}: see https://nodejs.org\n`,
  )
})
