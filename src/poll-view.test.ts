import { describe, expect, test } from 'vitest'
import { bar, drawPoll, fitted, keyOf, type PollState, printPoll, timeLeft } from './poll-view.ts'

const option = (label: string, voteCount: number | null, percent: number | null, isCorrect: boolean | null = null) => ({
  id: label,
  label,
  voteCount,
  percent,
  isCorrect,
})

const poll: PollState = {
  question: 'Tea or coffee?',
  state: 'OPEN',
  choice: 'SINGLE',
  maxChoices: 1,
  resultsShown: 'AFTER_VOTING',
  areResultsVisible: true,
  voterCount: 4,
  closesAt: '2026-01-01T00:01:05Z',
  options: [option('Tea', 3, 75), option('Coffee', 1, 25)],
}

const hidden: PollState = {
  ...poll,
  areResultsVisible: false,
  options: poll.options.map((each) => ({ ...each, voteCount: null, percent: null })),
}

const view = {
  width: 80,
  nowMs: Date.parse('2026-01-01T00:00:00Z'),
  marked: new Set<string>(),
  note: '',
  isStyled: false,
}

describe('a poll in a terminal', () => {
  test('is a bar for each option, with count and share, and how it stands', () => {
    expect(drawPoll(poll, view)).toEqual([
      'Tea or coffee?',
      '',
      `1.   Tea     ${'█'.repeat(30)}${'░'.repeat(10)}      3   75.0 %`,
      `2.   Coffee  ${'█'.repeat(10)}${'░'.repeat(30)}      1   25.0 %`,
      '',
      '4 voters · open · closes in 1 min 5 s',
    ])
  })

  test('shows no bars while the results are hidden, and says when they will be shown', () => {
    expect(drawPoll(hidden, view)).toEqual([
      'Tea or coffee?',
      '',
      '1.   Tea   ',
      '2.   Coffee',
      '',
      '4 voters · open · closes in 1 min 5 s · results after voting',
    ])
  })

  test('marks what was chosen and what was right, and says what there is to say', () => {
    const quiz = { ...poll, options: [option('Tea', 3, 75, true), option('Coffee', 1, 25, false)] }
    const lines = drawPoll(quiz, { ...view, marked: new Set(['Coffee']), note: 'Your vote is counted.' })
    expect([lines[2]?.slice(0, 8), lines[3]?.slice(0, 8), lines.at(-1)]).toEqual([
      '1. ✓ Tea',
      '2. ● Cof',
      'Your vote is counted.',
    ])
  })

  test.each([20, 40, 80, 200])('fits into %i columns, or the thirty that it needs', (width) => {
    const long = {
      ...poll,
      question: 'q'.repeat(300),
      options: [option('x'.repeat(120), 3, 75), option('茶'.repeat(60), 1, 25)],
    }
    for (const line of drawPoll(long, { ...view, width })) {
      expect([...line].reduce((sum, character) => sum + (character === '茶' ? 2 : 1), 0)).toBeLessThanOrEqual(
        Math.max(width, 60),
      )
    }
  })

  test('cannot be made to move the cursor by what a server sends', () => {
    const evil = { ...poll, question: 'a\u001b[2Jb', options: [option('c\r\nd', 1, 100), option('e', 0, 0)] }
    for (const line of [...drawPoll(evil, view), printPoll(evil)]) expect(line).not.toMatch(/\p{Cc}/u)
  })
})

describe('its parts', () => {
  test.each([
    [0, '░░░░'],
    [100, '████'],
    [50, '██░░'],
    [3.2, '▏░░░'],
    [140, '████'],
  ])('a bar of %d per cent', (percent, drawn) => {
    expect(bar(percent, 4)).toBe(drawn)
  })

  test.each([
    [500, '1 s'],
    [-5, '0 s'],
    [65_000, '1 min 5 s'],
    [3_600_000, '1 h'],
    [90_061_000, '1 d 1 h'],
  ])('%d ms left', (ms, text) => {
    expect(timeLeft(ms)).toBe(text)
  })

  test('a label is filled or cut to its columns', () => {
    expect([fitted('Tea', 5), fitted('Coffee', 5), fitted('茶茶茶', 4)]).toEqual(['Tea  ', 'Coff…', '茶… '])
  })

  test('twenty options have twenty keys', () => {
    const keys = Array.from({ length: 20 }, (_, position) => keyOf(position))
    expect(keys.join('')).toBe('123456789abcdefghijk')
  })

  test('in a pipe it is one line', () => {
    expect(printPoll(poll)).toBe('Tea or coffee? | OPEN | 4 voters | Tea 3 (75.0 %) | Coffee 1 (25.0 %)')
    expect(printPoll(hidden)).toBe('Tea or coffee? | OPEN | 4 voters | Tea | Coffee')
  })
})
