import { NURSERY } from './nursery.mjs'
import { prepare } from './prepare.mjs'
import { supervise } from './supervise.mjs'

await prepare()
const server = [NURSERY, '--enable-source-maps', 'dist/main.js']
supervise([...server, ...process.argv.slice(2)], { endsWithUs: true })
