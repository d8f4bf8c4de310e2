import { describe, expect, test } from 'vitest'
import { ruleErrors, type WrittenQuestion, walk } from './path.ts'

const NEVER = 99

/** Questions with the options 0, 1, 2; a rule is `[ifOption, goTo]`. */
const written = (...rules: [number | null, number | null][][]): WrittenQuestion[] =>
  rules.map((each) => ({ optionCount: 3, rules: each.map(([ifOption, goTo]) => ({ ifOption, goTo })) }))

const questions = (all: readonly WrittenQuestion[]) =>
  all.map(({ rules }, position) => ({
    id: `q${position}`,
    isRequired: true,
    rules: rules.map(({ ifOption, goTo }) => ({ optionId: ifOption === null ? null : `o${ifOption}`, goTo })),
  }))

/** The places of the questions that are asked of somebody who chooses these options, one for each question. */
const asked = (all: readonly WrittenQuestion[], ...chosen: (number | number[])[]): number[] =>
  walk(questions(all), ({ id }) => [chosen[Number(id.slice(1))] ?? NEVER].flat().map((option) => `o${option}`)).map(
    ({ id }) => Number(id.slice(1)),
  )

describe('the way through a survey', () => {
  const survey = written(
    [
      [0, 2],
      [1, null],
    ],
    [],
    [[null, 4]],
    [],
    [],
  )

  test.each([
    ['from question to question without rules', [2], [0, 1, 2, 4]],
    ['past questions', [0], [0, 2, 4]],
    ['to its end', [1], [0]],
  ])('leads %s', (_, chosen, path) => {
    expect(asked(survey, ...chosen)).toEqual(path)
  })

  test('is led by the first rule that applies, where several options are chosen', () => {
    expect(asked(survey, [1, 0])).toEqual([0, 2, 4])
    expect(
      asked(
        written(
          [
            [1, null],
            [0, 2],
          ],
          [],
          [],
        ),
        [0, 1],
      ),
    ).toEqual([0])
  })

  test('ends, whatever the rules and answers: it never goes back', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let round = 0; round < 500; round++) {
      const length = 1 + random(8)
      // Also rules that could not be written, such as those that lead back.
      const all = written(
        ...Array.from({ length }, () =>
          Array.from({ length: random(3) }, (): [number | null, number | null] => [
            random(4) === 0 ? null : random(3),
            random(4) === 0 ? null : random(length),
          ]),
        ),
      )
      const path = asked(all, ...Array.from({ length }, () => random(3)))
      expect(path).toEqual([...new Set(path)].sort((a, b) => a - b))
    }
  })
})

describe('rules that cannot be written', () => {
  test.each<[string, WrittenQuestion[], string]>([
    ['lead to the question itself', written([[0, 0]], []), 'input.questions.0.rules.0.goTo'],
    ['lead back', written([], [[0, 0]]), 'input.questions.1.rules.0.goTo'],
    ['lead behind the end', written([[0, 2]], []), 'input.questions.0.rules.0.goTo'],
    ['ask for an option that is not there', written([[3, 1]], []), 'input.questions.0.rules.0.ifOption'],
    [
      'name an option twice',
      written(
        [
          [0, 1],
          [0, null],
        ],
        [],
      ),
      'input.questions.0.rules.1',
    ],
    [
      'stand behind one that always applies',
      written(
        [
          [null, 1],
          [0, null],
        ],
        [],
      ),
      'input.questions.0.rules.1',
    ],
    ['leave a question that nothing leads to', written([[null, 2]], [], []), 'input.questions.1'],
    ['end the survey before a question', written([[null, null]], []), 'input.questions.1'],
  ])('%s', (_, all, path) => {
    expect(ruleErrors(all).map(({ argument }) => argument.join('.'))).toEqual([path])
  })

  test('and rules that can', () => {
    expect(
      ruleErrors(
        written(
          [
            [0, 2],
            [1, null],
            [null, 1],
          ],
          [],
          [],
        ),
      ),
    ).toEqual([])
    expect(ruleErrors(written([], [], []))).toEqual([])
  })
})
