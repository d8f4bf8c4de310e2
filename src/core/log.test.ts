import { DrizzleQueryError } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { loggedError } from './log.ts'

const VALUES = ['ada@example.com', '$argon2id$v=19$abc', 'two\nlines']

test('the log has the statement that failed, and none of its values', () => {
  const reason = Object.assign(new Error('duplicate key value'), { detail: 'Key (email)=(ada@example.com) exists.' })
  for (const error of [
    new DrizzleQueryError('insert into accounts values ($1, $2, $3)', VALUES, reason),
    new Error('it failed', { cause: new DrizzleQueryError('insert into accounts values ($1)', VALUES) }),
    reason,
  ]) {
    const logged = JSON.stringify(loggedError(error))
    expect(logged).toContain(error === reason ? 'duplicate key' : 'insert into accounts')
    for (const value of [...VALUES, 'params:', 'two']) expect(logged).not.toContain(value)
  }
})

test('an error that is no error of a database is logged as it is', () => {
  const logged = loggedError(Object.assign(new TypeError('undefined is not a function'), { code: 'X' }))
  expect(logged).toMatchObject({ type: 'TypeError', message: 'undefined is not a function', code: 'X' })
  expect(logged.stack).toContain('log.test.ts')
})
