import { writeFileSync } from 'node:fs'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { createGraph } from './server/schema.ts'

/** The graph in SDL, its types and fields in alphabetical order, so that a change shows as what it is. */
export const printGraph = async (): Promise<string> => `${printSchema(lexicographicSortSchema(await createGraph()))}\n`

const [file] = process.argv.slice(2)
if (file !== undefined) writeFileSync(file, await printGraph())
