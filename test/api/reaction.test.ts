import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commentId, conversation, outcome, people, postId } from '../support/conversation.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const CROWD = Array.from({ length: 50 }, (_, n) => `member-${n}`)

let server: TestServer
let talk: ReturnType<typeof conversation>
let who: Awaited<ReturnType<typeof people<'ada' | 'bob'>>>
let post: string
beforeAll(async () => {
  server = await startTestServer()
  talk = conversation(server)
  who = await people(server, ['ada', 'bob'])
})
beforeEach(async () => {
  post = postId(await server.world.published(who.ada.viewer))
})
afterAll(() => server.close())

const REACTIONS = `query ($id: ID!) { node(id: $id) { ... on Reactable {
  reactionCount reactionCounts { kind count } viewerReactions } } }`
const reactions = async (id: string, token: string | null = null) =>
  (await server.ask(REACTIONS, { id }, token)).data.node
const times = (count: number, run: (n: number) => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, (_, n) => run(n)))
const all = (code: string, count: number) => Array.from({ length: count }, () => code)

describe('reacting', () => {
  test('a hundred times at once in the same way is reacting once', async () => {
    const answers = await times(100, () => talk.react(who.bob.token, post))
    expect(answers.map(outcome)).toEqual(all('done', 100))
    expect(await reactions(post, who.bob.token)).toEqual({
      reactionCount: 1,
      reactionCounts: [{ kind: 'LIKE', count: 1 }],
      viewerReactions: ['LIKE'],
    })
  })

  test('with eighty different emoji at once leaves twenty', async () => {
    const REACT = 'mutation ($input: ReactionInput!) { done: addReaction(input: $input) { userErrors { code } } }'
    const answers = await times(80, async (n) => {
      const input = { subjectId: post, emoji: String.fromCodePoint(0x1f442 + n) }
      const { data } = await server.ask(REACT, { input }, who.bob.token)
      return data.done.userErrors[0]?.code ?? 'done'
    })
    const codes = answers as string[]
    expect(codes.filter((code) => code === 'done')).toHaveLength(20)
    expect(codes.filter((code) => code === 'LIMIT_EXCEEDED')).toHaveLength(60)
    expect((await reactions(post)).reactionCount).toBe(20)
  })

  test('by fifty members at once is fifty reactions', async () => {
    const crowd = Object.values(await people(server, CROWD))
    const answers = await Promise.all(crowd.map(({ token }) => talk.react(token, post)))
    expect(answers.map(outcome)).toEqual(all('done', 50))
    expect((await reactions(post)).reactionCount).toBe(50)
  })

  test('in several ways counts each, the most used first, and shows the viewer their own', async () => {
    for (const kind of ['LIKE', 'WOW', 'SAD']) await talk.react(who.bob.token, post, kind)
    await talk.react(who.ada.token, post, 'WOW')
    expect(await reactions(post, who.ada.token)).toEqual({
      reactionCount: 4,
      reactionCounts: [
        { kind: 'WOW', count: 2 },
        { kind: 'LIKE', count: 1 },
        { kind: 'SAD', count: 1 },
      ],
      viewerReactions: ['WOW'],
    })
    expect((await reactions(post, who.bob.token)).viewerReactions).toEqual(['LIKE', 'WOW', 'SAD'])
    expect((await reactions(post)).viewerReactions).toEqual([])
  })

  test('answers with the new count', async () => {
    expect((await talk.react(who.bob.token, post)).subject).toEqual({ id: post, reactionCount: 1 })
    expect((await talk.unreact(who.bob.token, post)).subject).toEqual({ id: post, reactionCount: 0 })
  })

  test('works on a comment as on a post, each for itself', async () => {
    const { comment } = await talk.add(who.ada.token, post, 'likeable')
    await talk.react(who.bob.token, comment.id, 'LOVE')
    expect(await reactions(comment.id, who.bob.token)).toMatchObject({ reactionCount: 1, viewerReactions: ['LOVE'] })
    expect(await reactions(post, who.bob.token)).toMatchObject({ reactionCount: 0, viewerReactions: [] })
  })
})

describe('taking a reaction back', () => {
  test('twice is doing it once, and leaves the others', async () => {
    await talk.react(who.bob.token, post, 'LIKE')
    await talk.react(who.bob.token, post, 'WOW')
    await talk.react(who.ada.token, post, 'LIKE')
    for (let n = 0; n < 2; n++) expect(outcome(await talk.unreact(who.bob.token, post, 'LIKE'))).toBe('done')
    expect((await reactions(post)).reactionCounts).toEqual([
      { kind: 'LIKE', count: 1 },
      { kind: 'WOW', count: 1 },
    ])
  })

  test('while others react leaves the count right', async () => {
    const answers = await times(60, (n) =>
      n % 3 === 0 ? talk.unreact(who.bob.token, post) : talk.react(n % 3 === 1 ? who.bob.token : who.ada.token, post),
    )
    expect(answers.map(outcome)).toEqual(all('done', 60))
    await talk.unreact(who.bob.token, post)
    expect((await reactions(post)).reactionCount).toBe(1)
  })
})

describe('where reactions are open', () => {
  const tryAll = async (id: string, token: string | null) => [
    outcome(await talk.react(token, id)),
    outcome(await talk.unreact(token, id)),
  ]

  test('nobody reacts without signing in', async () => {
    expect(await tryAll(post, null)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
  })

  test('a draft is not found by others and takes none from its author', async () => {
    const draft = postId(await server.world.draft(who.ada.viewer))
    expect(await tryAll(draft, who.bob.token)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
    expect(await tryAll(draft, who.ada.token)).toEqual(['INVALID_INPUT', 'done'])
  })

  test('a held comment is not found by others and takes none from its author; a deleted one takes none', async () => {
    const keeper = (await people(server, ['keeper'], 'STAFF')).keeper.token
    const id = commentId(await server.world.comment(who.bob.viewer, await server.world.published(who.ada.viewer)))
    await talk.moderate(keeper, id, 'HELD')
    const other = (await people(server, ['cleo'])).cleo.token
    expect(await tryAll(id, other)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
    expect(await tryAll(id, who.bob.token)).toEqual(['INVALID_INPUT', 'done'])
    await talk.remove(who.bob.token, id)
    expect(await tryAll(id, other)).toEqual(['INVALID_INPUT', 'done'])
  })

  test.each(['', 'nonsense', 'post_01jdzzzzzzzzzzzzzzzzzzzzzz', 'account_01jdzzzzzzzzzzzzzzzzzzzzzz', 'a\0'])(
    'there is nothing to react to at %j',
    async (id) => {
      expect(await tryAll(id, who.bob.token)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
    },
  )

  test('a post that is deleted while fifty react is gone for each of them, or was there', async () => {
    const crowd = times(50, () => talk.react(who.bob.token, post))
    const gone = server.ask(
      'mutation ($id: ID!) { deletePost(input: { id: $id }) { deletedId } }',
      { id: post },
      who.ada.token,
    )
    const outcomes = ((await crowd) as Parameters<typeof outcome>[0][]).map(outcome)
    expect((await gone).data.deletePost.deletedId).toBe(post)
    for (const each of outcomes) expect(['done', 'NOT_FOUND']).toContain(each)
    const left = await server.running.atrium.deps.db.query(
      'select 1 from reactions r where not exists (select 1 from subjects s where s.id = r.subject_id)',
    )
    expect(left).toEqual([])
  })
})
