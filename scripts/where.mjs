import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fail, root } from './prepare.mjs'

/** The layers of a room in the order in which a request passes them; jobs come in by the other door. */
const LAYERS = [
  ['resolvers', 'src/resolvers'],
  ['schema', 'src/schema'],
  ['domain', 'src/domain'],
  ['loaders', 'src/loaders'],
  ['queries', 'src/db/queries'],
  ['relations', 'src/db/relations'],
  ['tables', 'src/db/tables'],
  ['jobs', 'src/jobs'],
]

const filesBelow = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()

const isTest = (path) => path.endsWith('.test.ts')
/** `src/domain/blog/post.ts` → `blog`; `src/domain/report.ts` → `report`. */
const stemIn = (folder, path) => path.slice(folder.length + 1).split(/[/.]/)[0]

const layers = LAYERS.map(([name, folder]) => ({
  name,
  files: filesBelow(folder).map((path) => ({ path, stem: stemIn(folder, path) })),
}))
/** A name in one layer alone is a part of that layer and not a room. */
const stems = [...new Set(layers.flatMap(({ files }) => files.map(({ stem }) => stem)))]
  .filter((stem) => layers.filter(({ files }) => files.some((file) => file.stem === stem)).length > 1)
  .sort()

const stem = process.argv[2]?.toLowerCase()
if (stem === undefined) fail(`Say which: npm run where -- ${stems.join(' | ')}`)
if (!stems.includes(stem)) fail(`There is no ${stem}. There are: ${stems.join(', ')}`)

const own = layers.map(({ name, files }) => ({
  name,
  paths: files.filter((file) => file.stem === stem).map(({ path }) => path),
}))
/** Commands of a room, such as `npm run poll`. */
const programs = readdirSync(join(root, 'src'))
  .filter((name) => name.endsWith('.ts') && name.split(/[-.]/)[0] === stem)
  .map((name) => join('src', name))
const journeys = filesBelow('test').filter((path) => isTest(path) && basename(path).split(/[-.]/)[0] === stem)
const sections = [
  ...[...own, { name: 'program', paths: programs }].map(({ name, paths }) => ({
    name,
    paths: paths.filter((path) => !isTest(path)),
  })),
  { name: 'tests', paths: [...own.flatMap(({ paths }) => paths), ...programs].filter(isTest).concat(journeys) },
].filter(({ paths }) => paths.length > 0)

const linesOf = (path) => readFileSync(join(root, path), 'utf8').trimEnd().split('\n').length
const width = Math.max(...sections.map(({ name }) => name.length))
let files = 0
let lines = 0
for (const { name, paths } of sections) {
  for (const [index, path] of paths.entries()) {
    files += 1
    lines += linesOf(path)
    console.log(`${(index === 0 ? name : '').padEnd(width)}  ${String(linesOf(path)).padStart(4)}  ${path}`)
  }
}
console.log(`${''.padEnd(width)}  ${String(lines).padStart(4)}  lines in ${files} files`)
