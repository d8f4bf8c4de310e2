import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type Outcome, PollClient } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: PollClient
let owner: Viewer
let ada: Viewer
let bram: Viewer
let staff: Viewer

beforeAll(async () => {
  server = await startTestServer()
  client = new PollClient(server)
  owner = await server.world.person({ handle: 'owner' })
  ada = await server.world.person({ handle: 'ada' })
  bram = await server.world.person({ handle: 'bram' })
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
})
afterAll(() => server.close())

const SURVEY = `{ id title state submissionCount areResultsVisible isAnonymous closedAt
  questions { id text kind position isRequired maxChoices scale { from to fromLabel toLabel }
    options { id label answerCount percent } rules { ifOption { label } goTo { text } }
    results { answerCount average numbers { number count } } texts { totalCount nodes { text author { handle } } } }
  viewerSubmission { answers { question { text } options { label } number text } }
  viewerCanSubmit viewerCanEdit viewerCanOpen viewerCanClose viewerCanDelete }`

const INPUTS = {
  createSurvey: 'CreateSurveyInput',
  updateSurvey: 'UpdateSurveyInput',
  openSurvey: 'OpenSurveyInput',
  extendSurvey: 'ExtendSurveyInput',
  closeSurvey: 'SurveyInput',
  deleteSurvey: 'SurveyInput',
  submitSurvey: 'SubmitSurveyInput',
} as const

async function run(mutation: keyof typeof INPUTS, viewer: Viewer | null, input: Record<string, unknown>) {
  const selection = mutation === 'deleteSurvey' ? 'deletedId' : `survey ${SURVEY}`
  const { data, errors } = await client.ask(
    `mutation ($input: ${INPUTS[mutation]}!) { done: ${mutation}(input: $input) { ${selection}
      userErrors { code path message ... on PollClosed { closedAt } ... on LimitExceeded { limit } } } }`,
    { input },
    viewer,
  )
  const done = data?.done ?? null
  return {
    survey: done?.survey ?? done?.deletedId ?? null,
    userErrors: (done?.userErrors ?? []) as { code: string; path: string[]; message: string }[],
    code: errors?.[0]?.extensions.code ?? done?.userErrors[0]?.code ?? 'ok',
  }
}

const see = async (viewer: Viewer | null, id: string): Promise<Outcome['poll'] | string> => {
  const { data, errors } = await client.ask(
    `query ($id: ID!) { node(id: $id) { ... on Survey ${SURVEY} } }`,
    { id },
    viewer,
  )
  return errors?.[0]?.extensions.code ?? data.node
}

const LUNCH = {
  title: 'Lunch',
  questions: [
    { text: 'Do you eat here?', options: ['Yes', 'No', 'Sometimes'], rules: [{ ifOption: 1, goTo: 3 }] },
    {
      text: 'What do you take?',
      kind: 'MULTIPLE',
      options: ['Soup', 'Salad', 'Cake'],
      maxChoices: 2,
      isRequired: false,
    },
    { text: 'How is it?', kind: 'SCALE', scale: { from: 1, to: 5, fromLabel: 'Poor', toLabel: 'Great' } },
    { text: 'Anything else?', kind: 'TEXT', isRequired: false },
  ],
}

const lunch = async (change: Record<string, unknown> = {}) => {
  const { survey, userErrors } = await run('createSurvey', owner, { ...LUNCH, ...change })
  expect(userErrors).toEqual([])
  return survey
}

/** Answers by the places of questions and options. */
const answersOf = (survey: Outcome['poll'], given: Record<number, number | number[] | string>) =>
  Object.entries(given).map(([place, value]) => {
    const question = survey.questions[Number(place)]
    if (typeof value === 'string') return { questionId: question.id, text: value }
    if (question.kind === 'SCALE') return { questionId: question.id, number: value }
    return { questionId: question.id, optionIds: [value].flat().map((at) => question.options[at].id) }
  })

const submit = (viewer: Viewer | null, survey: Outcome['poll'], given: Record<number, number | number[] | string>) =>
  run('submitSurvey', viewer, { surveyId: survey.id, answers: answersOf(survey, given) })

describe('a survey', () => {
  test('shows its questions, and where answers lead', async () => {
    const survey = await lunch()
    expect(survey).toMatchObject({
      title: 'Lunch',
      state: 'OPEN',
      questions: [
        { kind: 'SINGLE', maxChoices: 1, rules: [{ ifOption: { label: 'No' }, goTo: { text: 'Anything else?' } }] },
        { kind: 'MULTIPLE', maxChoices: 2, isRequired: false, rules: [] },
        { kind: 'SCALE', scale: { from: 1, to: 5, fromLabel: 'Poor', toLabel: 'Great' }, options: [] },
        { kind: 'TEXT' },
      ],
      viewerSubmission: null,
      viewerCanSubmit: true,
    })
  })

  test('sums up what was answered, question by question', async () => {
    const survey = await lunch({ resultsShown: 'ALWAYS' })
    expect((await submit(ada, survey, { 0: 0, 1: [0, 2], 2: 4, 3: 'More soup.' })).code).toBe('ok')
    expect((await submit(bram, survey, { 0: 2, 2: 5 })).code).toBe('ok')
    expect((await submit(staff, survey, { 0: 1 })).code).toBe('ok')
    const seen = await see(null, survey.id)
    expect(seen).toMatchObject({
      submissionCount: 3,
      questions: [
        { results: { answerCount: 3 }, options: [{ answerCount: 1 }, { answerCount: 1 }, { answerCount: 1 }] },
        {
          results: { answerCount: 1 },
          options: [
            { answerCount: 1, percent: 100 },
            { answerCount: 0, percent: 0 },
            { answerCount: 1, percent: 100 },
          ],
        },
        {
          results: {
            answerCount: 2,
            average: 4.5,
            numbers: [{ count: 0 }, {}, {}, { number: 4, count: 1 }, { count: 1 }],
          },
        },
        { results: { answerCount: 1 } },
      ],
    })
    expect((await see(ada, survey.id)).viewerSubmission.answers).toEqual([
      { question: { text: 'Do you eat here?' }, options: [{ label: 'Yes' }], number: null, text: null },
      {
        question: { text: 'What do you take?' },
        options: [{ label: 'Soup' }, { label: 'Cake' }],
        number: null,
        text: null,
      },
      { question: { text: 'How is it?' }, options: [], number: 4, text: null },
      { question: { text: 'Anything else?' }, options: [], number: null, text: 'More soup.' },
    ])
  })

  test.each<[string, Record<number, number | number[] | string>, string, string]>([
    ['a required question that was led to', { 0: 0 }, 'INVALID_INPUT', 'input.answers'],
    ['a question that the answers lead past', { 0: 1, 2: 3 }, 'INVALID_INPUT', 'input.answers.1'],
    ['a number outside of the scale', { 0: 0, 2: 6 }, 'INVALID_INPUT', 'input.answers.1.number'],
    ['too many options', { 0: 0, 1: [0, 1, 2], 2: 3 }, 'LIMIT_EXCEEDED', 'input.answers.1.optionIds'],
    ['two options of one', { 0: [0, 2], 2: 3 }, 'LIMIT_EXCEEDED', 'input.answers.0.optionIds'],
    ['one option twice', { 0: 0, 1: [1, 1], 2: 3 }, 'INVALID_INPUT', 'input.answers.1.optionIds.1'],
    ['words for a choice', { 0: 'Yes', 2: 3 }, 'INVALID_INPUT', 'input.answers.0.optionIds'],
    ['nothing at all', {}, 'INVALID_INPUT', 'input.answers'],
    ['no words', { 0: 1, 3: '  ' }, 'INVALID_INPUT', 'input.answers.1.text'],
  ])('refuses %s', async (_, given, code, path) => {
    const survey = await lunch()
    const { userErrors } = await submit(ada, survey, given)
    expect(userErrors[0]).toMatchObject({ code, path: path.split('.') })
    expect(await see(ada, survey.id)).toMatchObject({ submissionCount: 0, viewerCanSubmit: true })
  })

  test('refuses questions and options of another survey, and one question twice', async () => {
    const [survey, other] = [await lunch(), await lunch()]
    const [question] = survey.questions
    for (const answers of [
      [{ questionId: other.questions[0].id, optionIds: [other.questions[0].options[0].id] }],
      [{ questionId: question.id, optionIds: [other.questions[0].options[1].id] }],
      [1, 1].map(() => ({ questionId: question.id, optionIds: [question.options[1].id] })),
      [{ questionId: 'nonsense', text: 'x' }],
    ]) {
      expect((await run('submitSurvey', ada, { surveyId: survey.id, answers })).code).toBe('INVALID_INPUT')
    }
    expect((await see(ada, survey.id)).submissionCount).toBe(0)
  })

  test('is answered once by a member, also in twenty requests at once', async () => {
    const survey = await lunch()
    const codes = await Promise.all(Array.from({ length: 20 }, async () => (await submit(ada, survey, { 0: 1 })).code))
    expect(codes.toSorted()).toEqual([...Array.from({ length: 19 }, () => 'ALREADY_VOTED'), 'ok'])
    expect((await see(ada, survey.id)).submissionCount).toBe(1)
    expect((await submit(null, survey, { 0: 1 })).code).toBe('UNAUTHENTICATED')
  })

  test('takes no answers before it is open, after it is closed, and after its time by the database’s clock', async () => {
    const draft = await lunch({ isDraft: true })
    expect((await submit(owner, draft, { 0: 1 })).userErrors).toMatchObject([{ code: 'POLL_CLOSED', closedAt: null }])
    expect(await see(ada, draft.id)).toBe('NOT_FOUND')
    expect((await run('openSurvey', owner, { id: draft.id })).survey.state).toBe('OPEN')
    const due = await lunch()
    const { db } = server.running.atrium.deps
    await db.query(
      "update surveys set closes_at = now() - interval '1 s' where title = 'Lunch' and state = 'OPEN' and id::text = $1",
      [(await db.query<{ id: string }>('select id from surveys order by created_at desc limit 1'))[0]?.id],
    )
    expect((await submit(ada, due, { 0: 1 })).code).toBe('POLL_CLOSED')
    expect((await see(ada, due.id)).state).toBe('CLOSED')
    expect((await run('closeSurvey', owner, { id: draft.id })).survey.state).toBe('CLOSED')
    expect((await submit(ada, draft, { 0: 1 })).userErrors).toMatchObject([
      { code: 'POLL_CLOSED', closedAt: expect.any(String) },
    ])
  })

  test('closes later or earlier where its owner says so, and not once it is closed', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
    const survey = await lunch({ closesAt: new Date(Date.now() + 60_000).toISOString() })
    const extend = async (viewer: Viewer, closesAt: string | null) =>
      (await run('extendSurvey', viewer, { id: survey.id, closesAt })).code
    const closing = async () => {
      const query = 'query ($id: ID!) { node(id: $id) { ... on Survey { closesAt } } }'
      return (await client.ask(query, { id: survey.id }, ada)).data.node.closesAt
    }
    expect(await extend(owner, inAnHour)).toBe('ok')
    expect(new Date(await closing()).toISOString()).toBe(inAnHour)
    expect([await extend(ada, null), await extend(staff, null)]).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    expect(await extend(owner, new Date(Date.now() - 1_000).toISOString())).toBe('INVALID_INPUT')
    expect(await extend(owner, null)).toBe('ok')
    expect(await closing()).toBeNull()
    await run('closeSurvey', owner, { id: survey.id })
    expect(await extend(owner, inAnHour)).toBe('ILLEGAL_TRANSITION')
  })

  test('stays as it is once somebody has answered, and can be changed before', async () => {
    const survey = await lunch()
    const change = {
      id: survey.id,
      title: 'Dinner',
      questions: LUNCH.questions.slice(0, 1).map(({ rules: _, ...each }) => each),
    }
    const changed = await run('updateSurvey', owner, change)
    expect(changed.survey).toMatchObject({ title: 'Dinner', questions: [{ text: 'Do you eat here?' }] })
    expect((await submit(ada, changed.survey, { 0: 0 })).code).toBe('ok')
    expect((await run('updateSurvey', owner, change)).code).toBe('POLL_FROZEN')
  })
})

describe('a survey that cannot be asked as it is', () => {
  const single = { text: 'Well?', options: ['Yes', 'No'] }
  test.each<[string, Record<string, unknown>, string]>([
    ['without a title', { title: '' }, 'title'],
    ['without questions', { questions: [] }, 'questions'],
    ['with 51 questions', { questions: Array.from({ length: 51 }, () => single) }, 'questions'],
    ['with one option', { questions: [{ text: 'Well?', options: ['Yes'] }] }, 'questions.0.options'],
    ['with an option twice', { questions: [{ text: 'Well?', options: ['Yes', 'yes'] }] }, 'questions.0.options.1'],
    ['with options for words', { questions: [{ ...single, kind: 'TEXT' }] }, 'questions.0.options'],
    ['with a scale without ends', { questions: [{ text: 'How?', kind: 'SCALE' }] }, 'questions.0.scale'],
    ['with a scale to 11', { questions: [{ text: 'How?', kind: 'SCALE', scale: { to: 11 } }] }, 'questions.0.scale.to'],
    [
      'with a rule that leads back',
      { questions: [single, { ...single, rules: [{ ifOption: 0, goTo: 0 }] }] },
      'questions.1.rules.0.goTo',
    ],
    ['with a question that nothing leads to', { questions: [{ ...single, rules: [{}] }, single] }, 'questions.1'],
    ['that closes in the past', { closesAt: '2020-01-01T00:00:00Z' }, 'closesAt'],
  ])('%s', async (_, change, path) => {
    const { userErrors } = await run('createSurvey', owner, { ...LUNCH, ...change })
    expect(userErrors.map(({ code, path }) => [code, path.join('.')])).toEqual([['INVALID_INPUT', `input.${path}`]])
  })
})

describe('who sees what of a survey', () => {
  test.each([
    ['ALWAYS', [true, true, true, true]],
    ['AFTER_VOTING', [false, true, false, true]],
    ['AFTER_CLOSING', [false, false, false, true]],
  ])('results shown %s: nobody, who has answered, staff, the owner: %j', async (resultsShown, expected) => {
    const survey = await lunch({ resultsShown })
    await submit(ada, survey, { 0: 0, 2: 4, 3: 'A secret.' })
    for (const [index, viewer] of [null, ada, staff, owner].entries()) {
      const seen = await see(viewer, survey.id)
      expect(seen.areResultsVisible).toBe(expected[index])
      const [first, , scale, text] = seen.questions
      expect(first.options[0].answerCount).toBe(expected[index] ? 1 : null)
      expect(scale.results?.average ?? null).toBe(expected[index] ? 4 : null)
      expect(text.texts?.nodes ?? null).toEqual(viewer === owner ? [{ text: 'A secret.', author: null }] : null)
    }
    await run('closeSurvey', owner, { id: survey.id })
    expect((await see(null, survey.id)).areResultsVisible).toBe(true)
  })

  test('the owner of one that is not anonymous sees who wrote', async () => {
    const survey = await lunch({ isAnonymous: false })
    await submit(ada, survey, { 0: 1, 3: 'It is me.' })
    const seen = await see(owner, survey.id)
    expect(seen.questions[3].texts).toEqual({
      totalCount: 1,
      nodes: [{ text: 'It is me.', author: { handle: 'ada' } }],
    })
  })

  test.each<[string, () => Viewer | null, string, string, string]>([
    ['nobody', () => null, 'UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ['a member', () => ada, 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
    ['staff', () => staff, 'FORBIDDEN', 'ok', 'ok'],
    ['the owner', () => owner, 'ok', 'ok', 'ok'],
  ])('%s edits, closes and deletes', async (_, who, edit, close, remove) => {
    const survey = await lunch()
    const { id } = survey
    expect(await see(who(), id)).toMatchObject({
      viewerCanEdit: edit === 'ok',
      viewerCanClose: close === 'ok',
      viewerCanDelete: remove === 'ok',
    })
    expect((await run('updateSurvey', who(), { id, ...LUNCH })).code).toBe(edit)
    expect((await run('closeSurvey', who(), { id })).code).toBe(close)
    expect((await run('deleteSurvey', who(), { id })).code).toBe(remove)
    expect(await see(null, id)).toEqual(remove === 'ok' ? 'NOT_FOUND' : expect.objectContaining({ id }))
  })

  test('it hangs on a post, and is seen as the post is', async () => {
    const draft = await server.world.draft(owner)
    const survey = await lunch({ subjectId: encodeId('post', draft) })
    expect(await see(ada, survey.id)).toBe('NOT_FOUND')
    expect((await submit(ada, survey, { 0: 1 })).code).toBe('NOT_FOUND')
    await client.ask(
      'mutation ($id: ID!) { publishPost(input: { id: $id }) { post { id } } }',
      { id: encodeId('post', draft) },
      owner,
    )
    expect((await submit(ada, survey, { 0: 1 })).code).toBe('ok')
    const { data } = await client.ask(
      'query ($id: ID!) { node(id: $id) { ... on Post { surveyCount surveys { nodes { title subject { id } } } } } surveys(first: 100) { nodes { id } } }',
      { id: encodeId('post', draft) },
    )
    expect(data.node).toMatchObject({ surveyCount: 1, surveys: { nodes: [{ title: 'Lunch' }] } })
    expect(data.surveys.nodes.map(({ id }: { id: string }) => id)).toContain(survey.id)
    expect((await run('createSurvey', ada, { ...LUNCH, subjectId: encodeId('post', draft) })).code).toBe('FORBIDDEN')
  })
})

describe('a survey is live', () => {
  test('and its results stay hidden on the socket from those who have not answered', async () => {
    const survey = await lunch()
    const query = `subscription { surveyUpdated(surveyId: "${survey.id}") { submissionCount areResultsVisible
      questions { options { answerCount } } } }`
    const heard: Record<string, Outcome['poll'][]> = { nobody: [], ada: [], owner: [] }
    for (const [name, viewer] of [
      ['nobody', null],
      ['ada', ada],
      ['owner', owner],
    ] as const) {
      const socket = server.socket(viewer === null ? null : await client.tokenOf(viewer))
      socket.subscribe<{ surveyUpdated: Outcome['poll'] }>(
        { query },
        { next: ({ data }) => void heard[name]?.push(data?.surveyUpdated), error: () => {}, complete: () => {} },
      )
    }
    const last = (name: string) => heard[name]?.at(-1)
    await expect.poll(() => Object.values(heard).every((each) => each.length > 0), { timeout: 10_000 }).toBe(true)
    await submit(ada, survey, { 0: 1 })
    await expect.poll(() => last('ada')?.areResultsVisible, { timeout: 10_000 }).toBe(true)
    await expect.poll(() => last('nobody')?.submissionCount, { timeout: 10_000 }).toBe(1)
    await expect.poll(() => last('owner')?.questions[0].options[1].answerCount, { timeout: 10_000 }).toBe(1)
    for (const state of heard.nobody ?? []) expect(JSON.stringify(state)).not.toMatch(/"answerCount":\d/)
  })
})

test('whoever leaves takes their words along; what was counted stays counted', async () => {
  const password = 'a passphrase for this world'
  const dora = await server.world.person({ handle: 'dora', password })
  const survey = await lunch({ isAnonymous: false })
  await submit(dora, survey, { 0: 1, 3: 'My words.' })
  const { data } = await client.ask('{ viewer { export } }', {}, dora)
  expect(data.viewer.export.surveys.answered).toMatchObject([
    { survey: survey.id, answers: [{ question: 'Do you eat here?', answer: 'No' }, { answer: 'My words.' }] },
  ])
  await client.ask(`mutation { deleteAccount(input: { password: "${password}" }) { userErrors { code } } }`, {}, dora)
  const seen = await see(owner, survey.id)
  expect(seen).toMatchObject({ submissionCount: 1, questions: [{ options: [{}, { answerCount: 1 }, {}] }, {}, {}, {}] })
  expect(seen.questions[3].texts.nodes).toEqual([])
})
