import { Arg, Ctx, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import { invalidInput, notFound } from '../../core/errors.ts'
import { decodeId, encodeId, parseId, type Uuid } from '../../core/ids.ts'
import { decodeSubjectRef } from '../../domain/subject/registry.ts'
import { submitSurvey } from '../../domain/survey/submit.ts'
import {
  closeSurvey,
  createSurvey,
  deleteSurvey,
  extendSurvey,
  openSurvey,
  updateSurvey,
} from '../../domain/survey/survey.ts'
import { everyone, isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import {
  CloseSurveyPayload,
  CreateSurveyInput,
  CreateSurveyPayload,
  DeleteSurveyPayload,
  ExtendSurveyInput,
  ExtendSurveyPayload,
  OpenSurveyInput,
  OpenSurveyPayload,
  SubmitSurveyInput,
  SubmitSurveyPayload,
  SurveyInput,
  type SurveyQuestionInput,
  UpdateSurveyInput,
  UpdateSurveyPayload,
} from '../../schema/survey/input.ts'
import { Survey } from '../../schema/survey/survey.ts'
import { payload } from '../../schema/user-error.ts'
import { watchSurvey } from './live.ts'
import { type SurveyValue, surveyNode } from './node.ts'

const surveyId = (id: string): Uuid => decodeId('survey', id, ['input', 'id'])

const readQuestions = (questions: readonly SurveyQuestionInput[]) =>
  questions.map(({ options, maxChoices, scale, rules, ...question }) => ({
    ...question,
    options: options ?? [],
    maxChoices: maxChoices ?? null,
    scale: scale == null ? null : { ...scale, fromLabel: scale.fromLabel ?? null, toLabel: scale.toLabel ?? null },
    rules: (rules ?? []).map(({ ifOption, goTo }) => ({ ifOption: ifOption ?? null, goTo: goTo ?? null })),
  }))

/** An id of another kind is no question or option of the survey, as that of another survey's is none. */
function idOf(prefix: string, id: string, path: readonly string[]): Uuid {
  const parsed = parseId(id)
  if (parsed?.prefix === prefix) return parsed.uuid
  throw invalidInput(path, `This is no ${prefix} of this survey.`)
}

const readAnswers = (answers: SubmitSurveyInput['answers']) =>
  answers.map(({ questionId, optionIds, number, text }, position) => {
    const path = ['input', 'answers', String(position)]
    return {
      questionId: idOf('question', questionId, [...path, 'questionId']),
      optionIds: optionIds?.map((id, place) => idOf('choice', id, [...path, 'optionIds', String(place)])),
      number: number ?? undefined,
      text: text ?? undefined,
    }
  })

@Resolver()
export class SurveyMutationResolver {
  @Mutation(() => CreateSurveyPayload, {
    nullable: true,
    description:
      'Asks several questions, at once or as a draft. User errors: `INVALID_INPUT` naming the field, `NOT_FOUND` (subject), `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createSurvey(@Ctx() context: Context, @Arg('input', () => CreateSurveyInput) input: CreateSurveyInput) {
    return payload(context, 'survey', async () => {
      const { subjectId, questions, introduction, ...settings } = input
      const id = await createSurvey(context.deps, signedIn(context), {
        ...settings,
        introduction: introduction ?? '',
        questions: readQuestions(questions),
        on: subjectId == null ? undefined : decodeSubjectRef(subjectId, ['input', 'subjectId']),
      })
      const survey = await surveyNode.load(context, id)
      // A repeated request is answered with the first one's survey, which may be gone since.
      if (survey === null) throw notFound('survey', ['input', 'idempotencyKey'])
      return survey
    })
  }

  @Mutation(() => UpdateSurveyPayload, {
    nullable: true,
    description:
      'Changes one’s own survey until somebody has answered. User errors: `NOT_FOUND`, `INVALID_INPUT`, `POLL_FROZEN`.',
  })
  @Rule(isSignedIn)
  updateSurvey(@Ctx() context: Context, @Arg('input', () => UpdateSurveyInput) input: UpdateSurveyInput) {
    return payload(context, 'survey', async () => {
      const changed = await updateSurvey(context.deps, signedIn(context), {
        ...input,
        id: surveyId(input.id),
        introduction: input.introduction ?? '',
        questions: readQuestions(input.questions),
      })
      return surveyNode.load(context, changed)
    })
  }

  @Mutation(() => OpenSurveyPayload, {
    nullable: true,
    description:
      'Opens a draft, or a closed survey again. User errors: `NOT_FOUND`, `INVALID_INPUT`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  openSurvey(@Ctx() context: Context, @Arg('input', () => OpenSurveyInput) { id, closesAt }: OpenSurveyInput) {
    return payload(context, 'survey', async () =>
      surveyNode.load(context, await openSurvey(context.deps, signedIn(context), { id: surveyId(id), closesAt })),
    )
  }

  @Mutation(() => ExtendSurveyPayload, {
    nullable: true,
    description:
      'Moves the closing time of one’s own survey that is not closed, either way. User errors: `NOT_FOUND`, `INVALID_INPUT`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  extendSurvey(@Ctx() context: Context, @Arg('input', () => ExtendSurveyInput) { id, closesAt }: ExtendSurveyInput) {
    return payload(context, 'survey', async () =>
      surveyNode.load(context, await extendSurvey(context.deps, signedIn(context), { id: surveyId(id), closesAt })),
    )
  }

  @Mutation(() => CloseSurveyPayload, {
    nullable: true,
    description:
      'Ends an open survey at once. For its owner, the owners and moderators of the room that it is in, and staff, also where they only see the report of it (`survey` is null then). User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  closeSurvey(@Ctx() context: Context, @Arg('input', () => SurveyInput) { id }: SurveyInput) {
    return payload(context, 'survey', async () =>
      surveyNode.load(context, await closeSurvey(context.deps, signedIn(context), surveyId(id))),
    )
  }

  @Mutation(() => DeleteSurveyPayload, {
    nullable: true,
    description: 'Deletes a survey with all answers. For whoever may close it. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteSurvey(@Ctx() context: Context, @Arg('input', () => SurveyInput) { id }: SurveyInput) {
    return payload(context, 'deletedId', async () =>
      encodeId('survey', await deleteSurvey(context.deps, signedIn(context), surveyId(id))),
    )
  }

  @Mutation(() => SubmitSurveyPayload, {
    nullable: true,
    description:
      'Answers a survey, once: the questions that the answers lead to. User errors: `ALREADY_VOTED`, `POLL_CLOSED`, `NOT_FOUND`, `INVALID_INPUT` (a required question left out, one answered that the others do not lead to, …), `LIMIT_EXCEEDED` (choices).',
  })
  @Rule(isSignedIn)
  submitSurvey(@Ctx() context: Context, @Arg('input', () => SubmitSurveyInput) input: SubmitSurveyInput) {
    return payload(context, 'survey', async () => {
      const id = decodeId('survey', input.surveyId, ['input', 'surveyId'])
      const submission = { surveyId: id, answers: readAnswers(input.answers) }
      return surveyNode.load(context, await submitSurvey(context.deps, signedIn(context), submission))
    })
  }

  @Subscription(() => Survey, {
    description:
      'The survey as it stands now, then after each change, at most ten times a second. Hidden results stay hidden here too. Ends with `NOT_FOUND` when it is taken away.',
    subscribe: ({ args, context }) => watchSurvey(context as Context, (args as { surveyId: string }).surveyId),
  })
  @Rule(everyone)
  surveyUpdated(@Root() survey: SurveyValue, @Arg('surveyId', () => ID) _surveyId: string) {
    return survey
  }
}
