import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { answersRevealed, pollChoice, resultsShown } from '../../db/tables/poll.ts'
import { checkInput, combined, leftOut, line, prose } from '../input.ts'
import { MAX_OPTIONS, MIN_OPTIONS } from './rules.ts'

export const RESULTS_SHOWN = resultsShown.enumValues

export interface NewOption {
  label: string
  isCorrect?: boolean | undefined
  /** Something that the caller has found to be visible to the viewer. */
  node?: { prefix: string; id: Uuid } | undefined
}

export interface PollSettings {
  question: string
  options: readonly NewOption[]
  choice: (typeof pollChoice.enumValues)[number]
  maxChoices: number | null
  isAnonymous: boolean
  resultsShown: (typeof resultsShown.enumValues)[number]
  mayChangeVote: boolean
  answersRevealed: (typeof answersRevealed.enumValues)[number] | null
  explanation: string | null
}

const option = z.object({
  label: line('An option', 1, 120),
  isCorrect: leftOut(z.boolean()),
  node: leftOut(z.object({ prefix: z.string(), id: z.string() })),
})

const settings = z.object({
  question: line('A question', 1, 300),
  options: z
    .array(option)
    .min(MIN_OPTIONS, `A poll has ${MIN_OPTIONS} to ${MAX_OPTIONS} options.`)
    .max(MAX_OPTIONS, `A poll has ${MIN_OPTIONS} to ${MAX_OPTIONS} options.`),
  choice: z.enum(pollChoice.enumValues),
  maxChoices: z.number().int().nullable(),
  isAnonymous: z.boolean(),
  resultsShown: z.enum(RESULTS_SHOWN),
  mayChangeVote: z.boolean(),
  answersRevealed: z.enum(answersRevealed.enumValues).nullable(),
  explanation: prose('An explanation', 1, 2000).nullable(),
})

export type CheckedSettings = z.output<typeof settings>

const input = (...path: string[]): string[] => ['input', ...path]

/** @throws DomainError `INVALID_INPUT`, naming each field that is not acceptable. */
export function checkSettings(given: PollSettings): CheckedSettings {
  const checked = checkInput(settings, given)
  const errors = [...labelErrors(checked), ...choiceErrors(checked), ...quizErrors(checked)]
  if (errors.length > 0) throw combined(errors)
  return checked
}

/** Two options that read the same split the votes for one thing. */
function labelErrors({ options }: CheckedSettings) {
  const seen = new Set<string>()
  return options.flatMap(({ label }, position) => {
    const read = label.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')
    if (seen.has(read))
      return [invalidInput(input('options', String(position), 'label'), 'This option is there twice.')]
    seen.add(read)
    return []
  })
}

function choiceErrors({ choice, maxChoices, options }: CheckedSettings) {
  if (maxChoices === null) return []
  const path = input('maxChoices')
  if (choice === 'SINGLE')
    return [invalidInput(path, 'Only a poll with several choices has a greatest number of them.')]
  if (maxChoices >= 2 && maxChoices <= options.length) return []
  return [invalidInput(path, `It is from 2 to the number of options, ${options.length}.`)]
}

function quizErrors({ answersRevealed, explanation, options, choice, maxChoices, mayChangeVote }: CheckedSettings) {
  const right = options.filter(({ isCorrect }) => isCorrect).length
  if (answersRevealed === null) {
    return [
      ...(right > 0 ? [invalidInput(input('options'), 'Only a quiz has right options: set `quiz`.')] : []),
      ...(explanation === null ? [] : [invalidInput(input('quiz', 'explanation'), 'Only a quiz has an explanation.')]),
    ]
  }
  const most = choice === 'SINGLE' ? 1 : (maxChoices ?? options.length)
  const errors = []
  if (right === 0) errors.push(invalidInput(input('options'), 'A quiz has at least one right option.'))
  if (right > most) errors.push(invalidInput(input('options'), `More options are right than can be chosen (${most}).`))
  if (mayChangeVote && answersRevealed === 'AFTER_VOTING') {
    const message = 'Votes cannot be changed in a quiz that tells the answer after voting.'
    errors.push(invalidInput(input('mayChangeVote'), message))
  }
  return errors
}

const MAX_DAYS_OPEN = 5 * 366

/** @throws DomainError `INVALID_INPUT` for a time that is past or too far ahead. */
export function checkClosing(clock: Clock, closesAt: string | null | undefined): string | null {
  if (closesAt === undefined || closesAt === null) return null
  const path = input('closesAt')
  const aheadMs = new Date(closesAt).getTime() - clock.now().getTime()
  if (!(aheadMs > 0)) throw invalidInput(path, 'This time is past.')
  if (aheadMs > MAX_DAYS_OPEN * 86_400_000) throw invalidInput(path, 'This time is more than five years ahead.')
  return new Date(closesAt).toISOString()
}
