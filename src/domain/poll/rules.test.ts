import { describe, expect, test } from 'vitest'
import {
  type AnswersRevealed,
  dependsOnVote,
  onceOpenLifecycle,
  type PollFacts,
  type PollState,
  pollLifecycle,
  type ResultsShown,
  scoreOf,
  sightOf,
  stateOf,
} from './rules.ts'

const STATES: readonly PollState[] = ['DRAFT', 'OPEN', 'CLOSED']

describe('the life of a poll', () => {
  const ALLOWED = new Set(['DRAFT OPEN', 'OPEN CLOSED', 'CLOSED OPEN'])
  test.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))('from %s to %s', (from, to) => {
    expect(pollLifecycle.can(from, to)).toBe(ALLOWED.has(`${from} ${to}`))
    // Closing a quiz has told everybody the answers.
    expect(onceOpenLifecycle.can(from, to)).toBe(ALLOWED.has(`${from} ${to}`) && from !== 'CLOSED')
  })

  test('an open poll whose time has come is closed, whatever is written', () => {
    expect(stateOf({ state: 'OPEN', isOpen: false })).toBe('CLOSED')
    expect(stateOf({ state: 'OPEN', isOpen: true })).toBe('OPEN')
    expect(stateOf({ state: 'DRAFT', isOpen: false })).toBe('DRAFT')
  })
})

/** `due` is open by what is written, but its time has come. */
const facts = (
  life: PollState | 'due',
  resultsShown: ResultsShown,
  answersRevealed: AnswersRevealed | null = null,
): Pick<PollFacts, 'state' | 'isOpen' | 'resultsShown' | 'answersRevealed'> => ({
  state: life === 'due' ? 'OPEN' : life,
  isOpen: life === 'OPEN',
  resultsShown,
  answersRevealed,
})

describe('what is shown of the results', () => {
  test.each<[ResultsShown, PollState | 'due', boolean, boolean]>([
    // shown         state    before voting  after voting
    ['ALWAYS', 'OPEN', true, true],
    ['ALWAYS', 'CLOSED', true, true],
    ['AFTER_VOTING', 'OPEN', false, true],
    ['AFTER_VOTING', 'due', true, true],
    ['AFTER_VOTING', 'CLOSED', true, true],
    ['AFTER_CLOSING', 'OPEN', false, false],
    ['AFTER_CLOSING', 'due', true, true],
    ['AFTER_CLOSING', 'CLOSED', true, true],
    ['AFTER_VOTING', 'DRAFT', false, false],
  ])('%s of a poll that is %s: %s before voting, %s after', (shown, life, before, after) => {
    const poll = facts(life, shown)
    expect([sightOf(poll, false).results, sightOf(poll, true).results]).toEqual([before, after])
    expect(dependsOnVote(poll)).toBe(before !== after)
  })
})

describe('what a quiz tells', () => {
  test.each<[AnswersRevealed | null, PollState | 'due', boolean, boolean]>([
    [null, 'CLOSED', false, false],
    ['AFTER_VOTING', 'DRAFT', true, true],
    ['AFTER_VOTING', 'OPEN', false, true],
    ['AFTER_VOTING', 'CLOSED', true, true],
    ['AFTER_CLOSING', 'OPEN', false, false],
    ['AFTER_CLOSING', 'due', true, true],
    ['AFTER_CLOSING', 'CLOSED', true, true],
  ])('%s that is %s: %s before voting, %s after', (revealed, life, before, after) => {
    const poll = facts(life, 'ALWAYS', revealed)
    expect([sightOf(poll, false).answers, sightOf(poll, true).answers]).toEqual([before, after])
    expect(dependsOnVote(poll)).toBe(before !== after)
  })

  test('a point for each right option, one less for each wrong one, and never less than none', () => {
    const options = ['a', 'b', 'c', 'd'].map((id, at) => ({ id, isCorrect: at < 2 }))
    const points = (...chosen: string[]) => scoreOf(options, chosen).points
    expect([points('a'), points('a', 'b'), points('a', 'c'), points('c'), points('a', 'b', 'c', 'd')]).toEqual([
      1, 2, 0, 0, 0,
    ])
    expect(scoreOf(options, []).maxPoints).toBe(2)
  })
})
