import { z } from 'zod'
import { invalidInput } from '../../core/errors.ts'
import { surveyQuestionKind } from '../../db/tables/survey.ts'
import { checkInput, combined, line, prose } from '../input.ts'
import { RESULTS_SHOWN } from '../poll/settings.ts'
import { ruleErrors } from './path.ts'

export const MAX_QUESTIONS = 50
const MAX_OPTIONS = 30

const rule = z.object({ ifOption: z.number().int().nullable(), goTo: z.number().int().nullable() })

const scale = z
  .object({
    from: z.number().int().min(0, 'A scale begins at 0 or 1.').max(1, 'A scale begins at 0 or 1.'),
    to: z.number().int().min(2, 'A scale ends at 2 to 10.').max(10, 'A scale ends at 2 to 10.'),
    fromLabel: line('A label', 0, 60).nullable(),
    toLabel: line('A label', 0, 60).nullable(),
  })
  .nullable()

const question = z.object({
  text: line('A question', 1, 300),
  kind: z.enum(surveyQuestionKind.enumValues),
  isRequired: z.boolean(),
  options: z.array(line('An option', 1, 120)).max(MAX_OPTIONS, `A question has at most ${MAX_OPTIONS} options.`),
  maxChoices: z.number().int().nullable(),
  scale,
  rules: z.array(rule).max(MAX_OPTIONS + 1, 'A question has a rule for each option, and one for the rest.'),
})

const settings = z.object({
  title: line('A title', 1, 200),
  introduction: prose('An introduction', 0, 5000),
  isAnonymous: z.boolean(),
  resultsShown: z.enum(RESULTS_SHOWN),
  questions: z
    .array(question)
    .min(1, `A survey has 1 to ${MAX_QUESTIONS} questions.`)
    .max(MAX_QUESTIONS, `A survey has 1 to ${MAX_QUESTIONS} questions.`),
})

export type SurveySettings = z.input<typeof settings>
export type CheckedSurvey = z.output<typeof settings>
export type NewQuestion = CheckedSurvey['questions'][number]

const isChoice = ({ kind }: NewQuestion): boolean => kind === 'SINGLE' || kind === 'MULTIPLE'

/** @throws DomainError `INVALID_INPUT`, naming each field that is not acceptable. */
export function checkSurvey(given: SurveySettings): CheckedSurvey {
  const checked = checkInput(settings, given)
  const errors = [...checked.questions.flatMap(questionErrors), ...ruleErrors(written(checked.questions))]
  if (errors.length > 0) throw combined(errors)
  return checked
}

const written = (questions: readonly NewQuestion[]) =>
  questions.map(({ options, rules }) => ({ optionCount: options.length, rules }))

function questionErrors(question: NewQuestion, position: number) {
  const { kind, options, maxChoices, scale } = question
  const wrong = (field: string, message: string) => [
    invalidInput(['input', 'questions', String(position), ...field.split('.')], message),
  ]
  const twice = options.findIndex((label, at) =>
    options.slice(0, at).some((other) => other.toLowerCase() === label.toLowerCase()),
  )
  const isTooMany = maxChoices !== null && (kind !== 'MULTIPLE' || maxChoices < 2 || maxChoices > options.length)
  return [
    ...(isChoice(question) && options.length < 2 ? wrong('options', 'Such a question has at least two options.') : []),
    ...(!isChoice(question) && options.length > 0 ? wrong('options', 'Only a choice has options.') : []),
    ...(twice >= 0 ? wrong(`options.${twice}`, 'This option is there twice.') : []),
    ...(isTooMany ? wrong('maxChoices', 'With `MULTIPLE` only, from 2 to the number of options.') : []),
    ...(kind === 'SCALE' && scale === null ? wrong('scale', 'A scale has two ends.') : []),
    ...(kind !== 'SCALE' && scale !== null ? wrong('scale', 'Only a `SCALE` has ends.') : []),
  ]
}
