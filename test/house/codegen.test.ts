import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from '@graphql-codegen/cli'
import { expect, test } from 'vitest'
import config from '../../codegen.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('the types of the clients are those of the committed schema and operations: "npm run codegen" changes nothing', async () => {
  const generated: { filename: string; content: string }[] = await generate(
    { ...config, cwd: root, silent: true, verbose: false },
    false,
  )
  const folders = new Set(generated.map(({ filename }) => dirname(join(root, filename))))
  expect([...folders].sort()).toEqual([
    join(root, 'examples/client/gql'),
    join(root, 'examples/encrypted-chat/gql'),
    join(root, 'web/gql'),
  ])
  for (const { filename, content } of generated) {
    expect(readFileSync(join(root, filename), 'utf8'), filename).toBe(content)
  }
  // Nothing is left of what is no longer generated.
  for (const folder of folders) {
    const files = generated.filter(({ filename }) => dirname(join(root, filename)) === folder)
    expect(readdirSync(folder).sort()).toEqual(files.map(({ filename }) => basename(filename)).sort())
  }
})
