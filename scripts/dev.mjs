import { buildWeb, checkNode, install } from './prepare.mjs'
import { supervise } from './supervise.mjs'

checkNode()
await install()
await buildWeb()
supervise(['node_modules/tsx/dist/cli.mjs', 'watch', 'src/main.ts', ...process.argv.slice(2)])
