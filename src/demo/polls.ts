import type { Uuid } from '../core/ids.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { World } from './world.ts'

const words = (...labels: string[]) => labels.map((label) => ({ label }))

/** A few polls that go on: on a post, with members to choose from, a quiz, and a survey that leads past questions. */
export async function fillPolls(
  world: World,
  member: (handle: string) => Viewer,
  post: Uuid | undefined,
): Promise<void> {
  const [ada, bram, chiyo, dara] = ['ada', 'bram', 'chiyo', 'dara'].map(member) as [Viewer, Viewer, Viewer, Viewer]

  const drink = await world.poll(dara, {
    question: 'What do you drink while you read?',
    options: words('Tea', 'Coffee', 'Water', 'Nothing, I read too fast'),
    mayChangeVote: true,
    ...(post === undefined ? {} : { on: { kind: 'POST' as const, id: post } }),
  })
  await world.vote(ada, drink, 0)
  await world.vote(bram, drink, 1)
  await world.vote(chiyo, drink, 0)

  const guest = await world.poll(dara, {
    question: 'Who should write next month’s guest post?',
    options: [ada, bram, chiyo].map(({ handle, accountId }) => ({
      label: handle,
      node: { prefix: 'account', id: accountId },
    })),
    choice: 'MULTIPLE',
    maxChoices: 2,
    isAnonymous: false,
    resultsShown: 'AFTER_VOTING',
    closesAt: new Date(world.deps.clock.now().getTime() + 14 * 86_400_000).toISOString(),
  })
  await world.vote(ada, guest, 1, 2)
  await world.vote(bram, guest, 2)

  const quiz = await world.poll(ada, {
    question: 'How many transactions can hold FOR UPDATE on one row at a time?',
    options: [
      { label: 'One', isCorrect: true },
      { label: 'As many as there are connections' },
      { label: 'None, it is a table lock' },
    ],
    resultsShown: 'AFTER_VOTING',
    answersRevealed: 'AFTER_VOTING',
    explanation: 'Everybody else who wants to lock the row waits; plain readers do not.',
  })
  await world.vote(bram, quiz, 1)
  await world.vote(dara, quiz, 0)

  const survey = await world.survey(dara, {
    title: 'How do you read this blog?',
    introduction: 'Five questions at most, and fewer for most of you.',
    questions: [
      {
        text: 'How often do you read here?',
        options: ['Every day', 'Now and then', 'This is my first time'],
        rules: [{ ifOption: 2, goTo: 3 }],
      },
      { text: 'What do you come for?', kind: 'MULTIPLE', options: ['Engineering', 'Kitchen', 'Out of doors'] },
      {
        text: 'How likely are you to send a post to a friend?',
        kind: 'SCALE',
        scale: { from: 0, to: 10, fromLabel: 'Never', toLabel: 'I did today' },
      },
      { text: 'What is missing?', kind: 'TEXT', isRequired: false },
    ],
  })
  await world.answer(bram, survey, [0, [1, 2], 9, 'More walks in the rain.'])
  await world.answer(chiyo, survey, [1, [1], 7])
  await world.answer(ada, survey, [2])
}
