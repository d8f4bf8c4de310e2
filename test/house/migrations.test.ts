import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MIGRATIONS_FOLDER } from '../../src/db/migrate.ts'

test('the time of each migration is later than that of the one before, so that none is ever skipped', () => {
  const journal = JSON.parse(readFileSync(join(MIGRATIONS_FOLDER, 'meta/_journal.json'), 'utf8')) as {
    entries: { when: number }[]
  }
  const times = journal.entries.map((entry) => entry.when)
  expect(times).not.toHaveLength(0)
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
})
