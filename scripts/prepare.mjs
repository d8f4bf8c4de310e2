// Runs before anything is installed, so it has nothing but what Node brings along.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { showProgress } from './progress.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const inRoot = (...path) => join(root, ...path)

/** Everything that `npm start` and `npm test` need: a Node that is new enough, the packages, and the built program. */
export async function prepare() {
  await prepareServer()
  await buildWeb()
}

/** The same without the pages, for commands that serve none. */
export async function prepareServer() {
  checkNode()
  await install()
  await buildServer()
}

/** Ends with one line when Node is too old, instead of a syntax error from some package. */
export function checkNode() {
  const wanted = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).engines.node.replace('>=', '')
  const isOlder = (version, than) => {
    const [major, minor] = version.split('.').map(Number)
    const [thanMajor, thanMinor] = than.split('.').map(Number)
    return major < thanMajor || (major === thanMajor && minor < thanMinor)
  }
  if (isOlder(process.versions.node, wanted)) {
    fail(`Atrium needs Node ${wanted} or newer, and this is Node ${process.versions.node}: see https://nodejs.org`)
  }
}

/**
 * Installs what package-lock.json lists, here or in a folder that has its own. The mark is written last, so an install
 * that was interrupted is done again; it names the platform as well, as some packages hold machine code.
 */
export async function install(folder = '.') {
  const lock = readFileSync(inRoot(folder, 'package-lock.json'))
  const wanted = `${process.platform} ${process.arch} ${hash([['package-lock.json', lock]])}\n`
  const mark = inRoot(folder, 'node_modules/.atrium-installed')
  if (readIfThere(mark) === wanted) return
  if (!isInstalled(folder, JSON.parse(lock.toString()))) {
    // npm runs this script most of the time and then says where it is itself.
    const npm = process.env.npm_execpath
    const [program, ...args] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
    // The build needs the development packages, also where NODE_ENV says production.
    const ci = [...args, 'ci', '--include=dev', '--no-audit', '--no-fund']
    await run('Installing packages', program, ci, inRoot(folder))
  }
  mkdirSync(inRoot(folder, 'node_modules'), { recursive: true })
  writeFileSync(mark, wanted)
}

/** Whether somebody has installed these very versions with npm already; npm writes its own list of them last. */
function isInstalled(folder, lock) {
  const hidden = readIfThere(inRoot(folder, 'node_modules/.package-lock.json'))
  if (hidden === null) return false
  const present = JSON.parse(hidden).packages
  return Object.entries(lock.packages).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === '' || (path in present ? present[path].version === version : Boolean(optional || devOptional || peer)),
  )
}

/** Compiles src/ to dist/ when its content is another than that of the last build. */
export function buildServer() {
  const inputs = [...filesIn('src'), 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']
  return onceFor('server', inputs, async (isShorter) => {
    // The compiler leaves behind what it made of sources that are gone, and an import could still find it.
    if (isShorter) removeAllBut('dist', ['web', '.built-web'])
    await run('Building the server', process.execPath, [
      inRoot('node_modules/typescript/bin/tsc'),
      '-p',
      'tsconfig.build.json',
    ])
  })
}

/** Builds the pages for browsers to dist/web. */
export function buildWeb() {
  if (!existsSync(inRoot('web/vite.config.ts'))) return Promise.resolve()
  const inputs = [...filesIn('web'), 'package-lock.json']
  return onceFor('web', inputs, () => {
    const vite = inRoot('node_modules/vite/bin/vite.js')
    return run('Building the pages', process.execPath, [
      vite,
      'build',
      '--config',
      'web/vite.config.ts',
      '--logLevel',
      'warn',
    ])
  })
}

/** Reading every source takes some milliseconds; times of change would build anew after each checkout. */
async function onceFor(name, inputs, build) {
  const mark = inRoot('dist', `.built-${name}`)
  const wanted = [hash(inputs.map((path) => [path, readFileSync(inRoot(path))])), ...inputs].join('\n')
  const before = readIfThere(mark)
  if (before === wanted) return
  const isShorter =
    before === null ||
    before
      .split('\n')
      .slice(1)
      .some((path) => !inputs.includes(path))
  rmSync(mark, { force: true })
  await build(isShorter)
  mkdirSync(inRoot('dist'), { recursive: true })
  writeFileSync(mark, wanted)
}

/** Runs a program and shows that it is at work; what it prints is shown only when it fails. */
async function run(title, program, args, cwd = root) {
  const progress = showProgress(title)
  const { code, output } = await new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', (error) => resolve({ code: 1, output: error.message }))
    child.once('close', (code) => resolve({ code, output }))
  })
  progress.end(code === 0)
  if (code !== 0) fail(`${output.trimEnd()}\n${title} failed.`)
}

export function fail(message) {
  console.error(message)
  process.exit(1)
}

const hash = (entries) => {
  const sum = createHash('sha256')
  for (const [name, content] of entries) sum.update(`${name}\0${content.length}\0`).update(content)
  return sum.digest('hex')
}

const filesIn = (folder) =>
  readdirSync(inRoot(folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      return entry.isDirectory() ? filesIn(path) : /\.test\.tsx?$/.test(entry.name) ? [] : [path]
    })
    .sort()

function removeAllBut(folder, kept) {
  if (!existsSync(inRoot(folder))) return
  for (const name of readdirSync(inRoot(folder))) {
    if (!kept.includes(name)) rmSync(inRoot(folder, name), { recursive: true, force: true })
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
