import 'reflect-metadata'
import { encodeId } from '../../src/core/ids.ts'
import { startBenchServer } from '../server.ts'
import { weigh } from './weigh.ts'

/** The whole of Atrium with its database, in a process of its own: what a subscriber weighs depends on what it keeps. */
const server = await startBenchServer()
const author = await server.world.person({ handle: 'speaker' })
const post = encodeId('post', await server.world.published(author))

process.on('disconnect', () => void server.close().then(() => process.exit()))
process.on('message', ({ isMemoryAsked }: { isMemoryAsked?: boolean }) => {
  if (isMemoryAsked) void weigh().then((weight) => process.send?.(weight))
})
process.send?.({ url: server.running.url.replace('http', 'ws'), on: post })
