import 'reflect-metadata'
import { startBenchServer } from '../server.ts'

/**
 * Atrium in a process of its own, that adds comments to one post when it is told to. They are inserted by one statement
 * for each burst: what writing costs is not what is measured here.
 */
const server = await startBenchServer()
const { running, world } = server
const { db, bus } = running.atrium.deps
const author = await world.person({ handle: 'speaker' })
const post = await world.published(author)
const { commentAdded } = await import('../../src/domain/comment/comment.ts')
const { encodeId } = await import('../../src/core/ids.ts')

const INSERT = `with numbered as (
    update subjects set comment_seq = comment_seq + $3::text::integer where id = $1::text::uuid returning comment_seq
  ), added as (
    insert into subjects (id, kind) select gen_random_uuid(), 'COMMENT' from generate_series(1, $3::text::integer) returning id
  ), placed as (select id, row_number() over () as place from added)
  insert into comments (id, subject_id, seq, author_id, body, body_html)
  select placed.id, $1::text::uuid, comment_seq - $3::text::integer + place, $2::text::uuid,
    'n:' || (comment_seq - $3::text::integer + place) || repeat(' some words', 8), '' from placed, numbered`

interface Command {
  /** How many comments to add. */
  readonly add?: number
  readonly isStart?: boolean
  readonly isEnd?: boolean
  readonly isMemoryAsked?: boolean
}

let cpu = process.cpuUsage()
process.on('disconnect', () => void server.close().then(() => process.exit()))
process.on('message', async ({ add, isStart, isEnd, isMemoryAsked }: Command) => {
  if (isStart) cpu = process.cpuUsage()
  if (add !== undefined) {
    await db.query(INSERT, [post, author.accountId, String(add)])
    for (let seq = 0; seq < add; seq += 1) bus.publish(commentAdded(post), { seq })
  }
  if (isEnd) {
    const { user, system } = process.cpuUsage(cpu)
    process.send?.({ microseconds: user + system })
  }
  if (isMemoryAsked) {
    globalThis.gc?.()
    globalThis.gc?.()
    const { rss, heapUsed, external } = process.memoryUsage()
    process.send?.({ rss, used: heapUsed + external })
  }
})
process.send?.({ url: running.url.replace('http', 'ws'), postId: encodeId('post', post) })
