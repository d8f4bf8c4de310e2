import { loadExamples } from './examples.ts'
import { readSettings } from './settings.ts'

const settings = readSettings(document)
// GraphiQL keeps the visitor's tabs; the examples are for the first visit, or when asked for.
const isFirstVisit = localStorage.getItem('graphiql:tabState') === null

const [{ showPlayground }, examples] = await Promise.all([
  import('./app.tsx'),
  isFirstVisit ? loadExamples(settings) : null,
])
showPlayground(settings, examples)
