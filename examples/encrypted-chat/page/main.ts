import { showClient } from './client.ts'
import { showTable } from './table.ts'

/** `?as=ada&with=bram` is one person's page; without, two of them lie side by side. */
const parameters = new URLSearchParams(location.search)
const as = parameters.get('as')
const other = parameters.get('with')

if (as !== null && other !== null) await showClient(as, other)
else await showTable('ada', 'bram')
