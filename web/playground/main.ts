import { loadExamples } from './examples.ts'
import { readSettings } from './settings.ts'

/** What the first visitor of this browser finds, put where GraphiQL keeps an editor's text between visits. */
async function leaveExamples(settings: ReturnType<typeof readSettings>): Promise<void> {
  if (localStorage.getItem('graphiql:tabState') !== null) return
  const { query, variables } = await loadExamples(settings)
  localStorage.setItem('graphiql:query', query)
  localStorage.setItem('graphiql:variables', variables)
}

const place = document.getElementById('playground')
try {
  const settings = readSettings(document)
  const [{ showPlayground }] = await Promise.all([import('./app.tsx'), leaveExamples(settings)])
  if (place) showPlayground(place, settings)
} catch (error) {
  const message = document.createElement('p')
  message.className = 'loading'
  message.textContent = `The editor could not be loaded: ${error instanceof Error ? error.message : error}`
  place?.replaceChildren(message)
}
