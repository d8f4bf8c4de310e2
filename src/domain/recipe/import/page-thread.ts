import { answerFromThread } from '../../../gateways/threads.ts'
import { type PageReading, readPage } from './page.ts'

answerFromThread<string, PageReading>(readPage)
