import { Atrium } from './atrium.ts'
import { graphql } from './gql/index.ts'

const SignIn = graphql(`
  mutation SignIn($email: String!, $password: String!) {
    signIn(input: { email: $email, password: $password }) {
      session {
        accessToken
        account {
          name
        }
      }
      userErrors {
        message
      }
    }
  }
`)

const WritePost = graphql(`
  mutation WritePost($title: String!, $body: String!, $tags: [String!]) {
    createPost(input: { title: $title, body: $body, tags: $tags }) {
      post {
        id
      }
      userErrors {
        message
      }
    }
  }
`)

const PublishPost = graphql(`
  mutation PublishPost($id: ID!) {
    publishPost(input: { id: $id }) {
      post {
        id
        title
        url
        publishedAt
      }
      userErrors {
        message
      }
    }
  }
`)

const WriteComment = graphql(`
  mutation WriteComment($on: ID!, $body: String!, $answers: ID) {
    addComment(input: { subjectId: $on, body: $body, parentId: $answers }) {
      comment {
        id
        streamCursor
      }
      userErrors {
        message
      }
    }
  }
`)

const Comments = graphql(`
  subscription Comments($on: ID!, $after: String) {
    commentAdded(on: $on, after: $after) {
      body
      depth
      author {
        name
      }
    }
  }
`)

/** The thing that a mutation made, or the reason why it did not. */
function done<Thing>(
  thing: Thing | null | undefined,
  { userErrors }: { userErrors: readonly { message: string }[] } = { userErrors: [] },
): Thing {
  if (thing === null || thing === undefined) throw new Error(userErrors[0]?.message ?? 'It was not done.')
  return thing
}

async function signIn(url: string, email: string): Promise<Atrium> {
  const atrium = new Atrium(url)
  const { signIn } = await atrium.ask(SignIn, { email, password: 'open the demo atrium please' })
  const { accessToken, account } = done(signIn?.session, signIn ?? undefined)
  atrium.authorize(done(accessToken))
  console.log(`${account.name} is signed in.`)
  return atrium
}

async function publish(atrium: Atrium): Promise<string> {
  const { createPost } = await atrium.ask(WritePost, {
    title: 'Written by a program',
    body: 'It signs in, writes this in *Markdown*, and waits for what people say.',
    tags: ['typescript', 'graphql'],
  })
  const { id } = done(createPost?.post, createPost ?? undefined)
  const { publishPost } = await atrium.ask(PublishPost, { id })
  const post = done(publishPost?.post, publishPost ?? undefined)
  console.log(`“${post.title}” is published at ${post.url}`)
  return post.id
}

async function comment(atrium: Atrium, on: string, body: string, answers?: string) {
  const { addComment } = await atrium.ask(WriteComment, { on, body, answers })
  return done(addComment?.comment, addComment ?? undefined)
}

const url = process.argv[2] ?? 'http://localhost:4000'
const ada = await signIn(url, 'ada@example.com')
const bram = await signIn(url, 'bram@example.com')

const post = await publish(ada)
const first = await comment(bram, post, 'The first words here.')

// The cursor of the last comment that one knows of: whatever is added after it arrives, however late one listens.
const arriving = ada.listen(Comments, { on: post, after: first.streamCursor })
const expected = 2
const printed = (async () => {
  let count = 0
  for await (const { commentAdded } of arriving) {
    console.log(`${'  '.repeat(commentAdded.depth)}${commentAdded.author?.name}: ${commentAdded.body}`)
    count += 1
    if (count === expected) break
  }
})()

await comment(bram, post, 'And an answer to them.', first.id)
await comment(bram, post, 'That is all.')
await printed
await Promise.all([ada.close(), bram.close()])
console.log('Done.')
