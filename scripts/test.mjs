import { prepare } from './prepare.mjs'
import { supervise } from './supervise.mjs'

await prepare()
supervise(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)])
