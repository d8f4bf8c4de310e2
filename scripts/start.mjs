import { prepare } from './prepare.mjs'
import { supervise } from './supervise.mjs'

await prepare()
// Most of what a request allocates is garbage when it is answered; a larger nursery collects it without copying.
const server = ['--max-semi-space-size=64', '--enable-source-maps', 'dist/main.js']
supervise([...server, ...process.argv.slice(2)], { endsWithUs: true })
