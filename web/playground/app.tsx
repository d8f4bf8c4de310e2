import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import 'graphiql/graphiql.css'
import 'graphiql/setup-workers/vite'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'
import { resumeActing } from './acting.ts'
import { Bar } from './bar.tsx'
import { fetcher } from './fetcher.ts'
import type { Settings } from './settings.ts'

function Playground({ settings }: { settings: Settings }) {
  return (
    <GraphiQL fetcher={fetcher} defaultQuery="" defaultEditorToolsVisibility inputValueDeprecation schemaDescription>
      {/* Its own name stands in the bar already. */}
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
      <Bar settings={settings} />
    </GraphiQL>
  )
}

/** Puts the playground into the page that the server sent. */
export function showPlayground(place: HTMLElement, settings: Settings): void {
  void resumeActing(settings.people)
  createRoot(place).render(<Playground settings={settings} />)
}
