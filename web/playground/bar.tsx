import { parseJSONC, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { printSchema } from 'graphql'
import { useEffect, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import { actAs, authorizationOf, currentActing, isOurs, onActingChange } from './acting.ts'
import { loadExamples } from './examples.ts'
import { type RequestHeaders, withAuthorization } from './request-headers.ts'
import type { Settings } from './settings.ts'

const useActing = () => useSyncExternalStore(onActingChange, currentActing)

/** Keeps the headers of the tab in view in step with whom the visitor acts as. */
function useActingHeaders(): void {
  const authorization = authorizationOf(useActing().session)
  const headerEditor = useGraphiQL((state) => state.headerEditor)
  const tabId = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id)

  useEffect(() => {
    // A change of the tab has put that tab's headers into the editor: hence `tabId`.
    if (!headerEditor || tabId === undefined) return
    let headers: RequestHeaders
    try {
      headers = parseJSONC(headerEditor.getValue() || '{}') as RequestHeaders
    } catch {
      return // Half-typed JSON is the visitor's; it is not ours to overwrite.
    }
    const next = withAuthorization(headers, authorization, isOurs)
    if (next === headers) return
    headerEditor.setValue(Object.keys(next).length === 0 ? '' : JSON.stringify(next, null, 2))
  }, [headerEditor, authorization, tabId])
}

/** GraphiQL's styles follow the system at once, its editor only when told. */
function useSystemTheme(): void {
  const { setTheme } = useGraphiQLActions()
  const theme = useGraphiQL((state) => state.theme)
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)')
    const follow = () => setTheme(theme)
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [setTheme, theme])
}

function ActAs({ people }: Settings) {
  const { handle, busy, notice } = useActing()
  if (people.length === 0) return null
  return (
    <label className="act-as">
      <span>Act as</span>
      <select
        value={handle ?? ''}
        aria-busy={busy}
        onChange={(event) => void actAs(people.find((person) => person.handle === event.currentTarget.value) ?? null)}
      >
        <option value="">anonymous</option>
        {people.map((person) => (
          <option key={person.handle} value={person.handle}>
            {person.name} ({person.role.toLowerCase()})
          </option>
        ))}
      </select>
      <output className="bar-notice">{busy ? 'Signing in …' : notice}</output>
    </label>
  )
}

function ExamplesButton({ settings }: { settings: Settings }) {
  const { addTab } = useGraphiQLActions()
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const variableEditor = useGraphiQL((state) => state.variableEditor)
  const open = async () => {
    const { query, variables } = await loadExamples(settings)
    addTab()
    queryEditor?.setValue(query)
    variableEditor?.setValue(variables)
  }
  return (
    <button type="button" onClick={() => void open()} disabled={!queryEditor} title="Open the examples in a new tab">
      Examples
    </button>
  )
}

function SchemaButton() {
  const schema = useGraphiQL((state) => state.schema)
  const download = () => {
    if (!schema) return
    const url = URL.createObjectURL(new Blob([`${printSchema(schema)}\n`], { type: 'text/plain' }))
    const link = document.createElement('a')
    link.href = url
    link.download = 'schema.graphql'
    link.click()
    // The download reads the URL after the click has returned.
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }
  return (
    <button type="button" onClick={download} disabled={!schema} title="Download schema.graphql">
      Schema
    </button>
  )
}

/** What the bar above the editor does once GraphiQL runs: examples, schema, and whom to act as. */
export function Bar({ settings }: { settings: Settings }) {
  useActingHeaders()
  useSystemTheme()
  const place = document.getElementById('bar-tools')
  return (
    place &&
    createPortal(
      <>
        <ExamplesButton settings={settings} />
        <SchemaButton />
        <ActAs people={settings.people} />
      </>,
      place,
    )
  )
}
