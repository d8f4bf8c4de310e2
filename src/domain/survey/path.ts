import { type DomainError, invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'

/** Where an answer leads: positions of questions, `null` for the end. */
export interface Rule {
  /** The answer names this option; null: whatever the answer, also none. */
  readonly optionId: Uuid | null
  readonly goTo: number | null
}

export interface PathQuestion {
  readonly id: Uuid
  readonly isRequired: boolean
  readonly rules: readonly Rule[]
}

/** The position of the question that follows, or `end` where there is none. Rules are looked at in their order. */
function next(question: PathQuestion, position: number, chosen: readonly Uuid[], end: number): number {
  const rule = question.rules.find(({ optionId }) => optionId === null || chosen.includes(optionId))
  return rule === undefined ? position + 1 : (rule.goTo ?? end)
}

/**
 * The questions that somebody with these answers is asked, in order. `chosen` answers the options named for a question.
 * It ends, because a rule leads forward only (see `ruleErrors`); one that did not would end it, too.
 */
export function walk<Question extends PathQuestion>(
  questions: readonly Question[],
  chosen: (question: Question) => readonly Uuid[],
): Question[] {
  const path: Question[] = []
  for (let position = 0; position < questions.length; ) {
    const question = questions[position] as Question
    path.push(question)
    const following = next(question, position, chosen(question), questions.length)
    if (following <= position) break
    position = following
  }
  return path
}

/** A rule as it is written, with positions of options and questions. */
export interface WrittenRule {
  readonly ifOption: number | null
  readonly goTo: number | null
}

export interface WrittenQuestion {
  readonly optionCount: number
  readonly rules: readonly WrittenRule[]
}

/** What is wrong with the rules: none may lead back or nowhere, none may be dead, and each question can be reached. */
export function ruleErrors(questions: readonly WrittenQuestion[]): DomainError[] {
  const errors: DomainError[] = []
  for (const [position, { rules, optionCount }] of questions.entries()) {
    const path = (...more: string[]) => ['input', 'questions', String(position), 'rules', ...more]
    const seen = new Set<number | null>()
    for (const [place, { ifOption, goTo }] of rules.entries()) {
      const at = String(place)
      if (ifOption !== null && !(ifOption >= 0 && ifOption < optionCount)) {
        errors.push(invalidInput(path(at, 'ifOption'), 'There is no such option in this question.'))
      }
      if (goTo !== null && !(goTo > position && goTo < questions.length)) {
        errors.push(invalidInput(path(at, 'goTo'), 'A rule leads to a later question, or with null to the end.'))
      }
      if (seen.has(ifOption) || seen.has(null)) {
        errors.push(invalidInput(path(at), 'This rule never applies: one before it always does.'))
      }
      seen.add(ifOption)
    }
  }
  return errors.length > 0 ? errors : unreachable(questions)
}

function unreachable(questions: readonly WrittenQuestion[]): DomainError[] {
  const reached = new Set([0])
  for (const [position, { rules }] of questions.entries()) {
    if (!reached.has(position)) continue
    for (const { goTo } of rules) if (goTo !== null) reached.add(goTo)
    if (!rules.some(({ ifOption }) => ifOption === null)) reached.add(position + 1)
  }
  return questions.flatMap((_, position) =>
    reached.has(position)
      ? []
      : [invalidInput(['input', 'questions', String(position)], 'No answers lead to this question.')],
  )
}
