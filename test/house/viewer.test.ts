import { isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { DEPENDS_ON_VIEWER } from '../../src/schema/viewer.ts'
import { createUnguardedGraph } from '../../src/server/schema.ts'

const fieldsOf = async () => {
  const schema = await createUnguardedGraph()
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields()).map((field) => ({
          name: `${type.name}.${field.name}`,
          isNamedSo: /^viewer[A-Z]/.test(field.name),
          isMarked: field.extensions[DEPENDS_ON_VIEWER] === true,
        }))
      : [],
  )
}

test('every field named viewer… is marked, so that no live event with it is executed for all', async () => {
  const fields = (await fieldsOf()).filter(({ isNamedSo }) => isNamedSo)
  expect(fields.length).toBeGreaterThan(5)
  expect(fields.filter(({ isMarked }) => !isMarked).map(({ name }) => name)).toEqual([])
})
