import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import 'graphiql/graphiql.css'
import 'graphiql/setup-workers/vite'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'
import { resumeActing } from './acting.ts'
import { Bar } from './bar.tsx'
import type { Examples } from './examples.ts'
import { fetcher } from './fetcher.ts'
import type { Settings } from './settings.ts'

function Playground({ settings, examples }: { settings: Settings; examples: Examples | null }) {
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultQuery=""
      {...(examples && { defaultTabs: [examples], initialVariables: examples.variables })}
      defaultEditorToolsVisibility
      inputValueDeprecation
      schemaDescription
    >
      {/* Its own name stands in the bar already. */}
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
      <Bar settings={settings} />
    </GraphiQL>
  )
}

/** Fills the page that the server sent. `examples` is null where the visitor has tabs of an earlier visit. */
export function showPlayground(settings: Settings, examples: Examples | null): void {
  const place = document.getElementById('playground')
  if (!place) throw new Error('The page has no place for the playground.')
  void resumeActing(settings.people)
  createRoot(place).render(<Playground settings={settings} examples={examples} />)
}
