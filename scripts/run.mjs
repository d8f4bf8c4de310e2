import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fail, prepareServer, root } from './prepare.mjs'
import { supervise } from './supervise.mjs'

// `node scripts/run.mjs <name> …` runs dist/<name>.js, installed and built first: a command works on a fresh checkout too.
const [name = '', ...args] = process.argv.slice(2)
if (!/^[a-z][a-z-]*$/.test(name) || !existsSync(join(root, 'src', `${name}.ts`))) fail(`There is no command ${name}`)
await prepareServer()
supervise(['--enable-source-maps', `dist/${name}.js`, ...args])
