import { NURSERY } from './nursery.mjs'
import { install, prepare, root } from './prepare.mjs'
import { supervise } from './supervise.mjs'

await prepare()
// The peers that it measures beside.
await install('bench/peers')
// As the server runs: what is measured is what people get.
supervise([NURSERY, '--import', 'tsx', `${root}/bench/main.ts`, ...process.argv.slice(2)])
