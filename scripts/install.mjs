import { checkNode, install } from './prepare.mjs'

checkNode()
await install()
