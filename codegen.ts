import type { CodegenConfig } from '@graphql-codegen/cli'

/** What of the schema is text in JSON. The server checks the form; a client reads and writes strings. */
const scalars = {
  DateTime: 'string',
  LocalDate: 'string',
  TimeZone: 'string',
  JSONObject: 'Record<string, unknown>',
}

/** Types for each operation that is written as `graphql(`…`)` in a folder, in `gql/` below it. */
const clientOf = (folder: string, documents: string): CodegenConfig['generates'] => ({
  [`${folder}/gql/`]: {
    preset: 'client',
    documents,
    // A document of a few lines is sent as text: no parser and no syntax tree in what browsers load.
    config: {
      documentMode: 'string',
      enumsAsTypes: true,
      importExtension: '.ts',
      scalars,
      strictScalars: true,
      useTypeImports: true,
    },
    presetConfig: { fragmentMasking: false },
  },
})

const config: CodegenConfig = {
  // The committed file, so that nothing has to run: `npm run schema` writes it.
  schema: 'schema.graphql',
  generates: {
    ...clientOf('web', 'web/reader/**/!(*.test).ts'),
    ...clientOf('examples/client', 'examples/client/*.ts'),
    ...clientOf('examples/encrypted-chat', 'examples/encrypted-chat/*.ts'),
  },
}

export default config
