import type { Uuid } from '../core/ids.ts'
import { pinMessage } from '../domain/chat/message-change.ts'
import { addReaction } from '../domain/reaction.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { World } from './world.ts'

interface DemoRoom {
  /** Null for a room of two. */
  title: string | null
  description?: string
  /** The first one owns a group; in a room of two they are the two. */
  members: string[]
  /** The title of the post that it hangs on. */
  post?: string
  /** Who, what, and what else: the place in this list of the message that it answers, who reacts how, whether it is pinned. */
  messages: [
    string,
    string,
    { answers?: number; reactions?: [string, string][]; isPinned?: boolean; poll?: DemoPoll }?,
  ][]
}

interface DemoPoll {
  question: string
  options: string[]
  /** Who votes for which option, counted from 0. */
  votes: [string, number][]
}

/** What the demo's people say to each other. */
const DEMO_ROOMS: readonly DemoRoom[] = [
  {
    title: 'Sunday walk and supper',
    description: 'Who comes, who cooks, who brings the map.',
    members: ['bram', 'chiyo', 'ada', 'dara'],
    messages: [
      ['bram', 'Sunday looks dry until four. The long way along the river?'],
      ['ada', 'Yes! Is it the path with the ferry?', { answers: 0 }],
      [
        'bram',
        'The very one. **Eight o’clock at the ferry**, and bring the paper map.',
        { answers: 1, isPinned: true },
      ],
      [
        'chiyo',
        'I will cook afterwards. Twelve kilos of onions are looking at me.',
        {
          reactions: [
            ['ada', '🧅'],
            ['bram', '🎉'],
          ],
        },
      ],
      ['dara', 'I cannot walk, but I can eat. What do you need, @chiyo?'],
      [
        'chiyo',
        'Bread, and an opinion:',
        {
          answers: 4,
          poll: {
            question: 'Soup or stew?',
            options: ['Onion soup', 'Onion stew', 'More onions'],
            votes: [
              ['ada', 0],
              ['bram', 2],
              ['dara', 2],
            ],
          },
        },
      ],
      [
        'ada',
        'I see where this is going.',
        {
          reactions: [
            ['dara', '😂'],
            ['chiyo', '🧅'],
          ],
        },
      ],
      ['bram', 'Rye is in the oven. Ready in `20 h`, as always.'],
    ],
  },
  {
    title: null,
    members: ['ada', 'dara'],
    messages: [
      ['ada', 'Do you have a minute for the draft about vacuum?'],
      [
        'dara',
        'For bloat, always. Is it the one with the friend who has a busy schedule?',
        { reactions: [['ada', '😂']] },
      ],
      ['ada', 'That one. I would like a better ending.'],
      ['dara', 'End with the table that nobody vacuumed. Everybody has one.', { reactions: [['ada', '❤️']] }],
    ],
  },
  {
    title: 'Cursors, keysets and other promises',
    description: 'Questions about the post, and examples from elsewhere.',
    members: ['ada', 'bram'],
    post: 'A cursor is a promise',
    messages: [
      ['ada', 'Ask here what does not fit into a comment.'],
      ['bram', 'If I sort by two columns, does the cursor hold both?'],
      ['ada', 'Both, and as one row: `(published_at, id) < ($1, $2)`.', { answers: 1, reactions: [['bram', '👍']] }],
    ],
  },
]

export async function fillRooms(
  world: World,
  member: (handle: string) => Viewer,
  postOf: (title: string) => Uuid | undefined,
): Promise<void> {
  for (const room of DEMO_ROOMS) {
    const [owner, ...others] = room.members.map(member) as [Viewer, ...Viewer[]]
    const post = room.post === undefined ? undefined : postOf(room.post)
    const on = post === undefined ? undefined : ({ kind: 'POST', id: post } as const)
    const roomId =
      room.title === null
        ? await world.direct(owner, others[0] as Viewer)
        : await world.room(owner, { title: room.title, description: room.description, on }, others)
    const said: Uuid[] = []
    for (const [by, body, { answers, reactions = [], isPinned = false, poll } = {}] of room.messages) {
      const pollId = poll === undefined ? null : await postPoll(world, member, member(by), roomId, poll)
      const id = await world.say(member(by), roomId, body, {
        replyToId: answers === undefined ? undefined : said[answers],
        attachments: pollId === null ? [] : [{ on: { kind: 'POLL', id: pollId } }],
      })
      said.push(id)
      for (const [reader, emoji] of reactions) {
        await addReaction(world.deps, member(reader), { on: { kind: 'MESSAGE', id }, kind: 'EMOJI', emoji })
      }
      if (isPinned) await pinMessage(world.deps, owner, id)
    }
  }
}

async function postPoll(
  world: World,
  member: (handle: string) => Viewer,
  owner: Viewer,
  roomId: Uuid,
  { question, options, votes }: DemoPoll,
): Promise<Uuid> {
  const labelled = options.map((label) => ({ label }))
  const id = await world.poll(owner, { on: { kind: 'ROOM', id: roomId }, question, options: labelled })
  for (const [voter, position] of votes) await world.vote(member(voter), id, position)
  return id
}
