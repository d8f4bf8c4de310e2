import { styleText } from 'node:util'

/** What the terminal asks of a poll, and draws. */
export interface PollState {
  readonly question: string
  readonly state: 'DRAFT' | 'OPEN' | 'CLOSED'
  readonly choice: 'SINGLE' | 'MULTIPLE'
  readonly maxChoices: number
  readonly resultsShown: 'ALWAYS' | 'AFTER_VOTING' | 'AFTER_CLOSING'
  readonly areResultsVisible: boolean
  readonly voterCount: number
  readonly closesAt: string | null
  readonly options: readonly {
    readonly id: string
    readonly label: string
    readonly voteCount: number | null
    readonly percent: number | null
    readonly isCorrect: boolean | null
  }[]
}

export interface View {
  /** Columns of the terminal. */
  readonly width: number
  readonly nowMs: number
  /** Ids of options that are marked: chosen, or about to be. */
  readonly marked: ReadonlySet<string>
  /** What a press of a key would do, or what went wrong; empty for nothing. */
  readonly note: string
  /** Whether to draw in colour. */
  readonly isStyled: boolean
}

const MAX_BAR = 40
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A server may be any server: what it sends must not move the cursor. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ')

const segments = new Intl.Segmenter()
/** East Asian wide characters and emoji take two columns (UAX #11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const columns = (character: string): number => (WIDE.test(character) ? 2 : 1)

/** The text cut or filled to so many columns. */
export function fitted(text: string, width: number): string {
  const characters = [...segments.segment(plain(text))].map(({ segment }) => segment)
  const total = widthOf(text)
  if (total <= width) return plain(text) + ' '.repeat(width - total)
  let cut = ''
  let used = 0
  for (const character of characters) {
    if (used + columns(character) > width - 1) break
    cut += character
    used += columns(character)
  }
  return `${cut}…${' '.repeat(Math.max(0, width - 1 - used))}`
}

/** A bar of `width` columns, exact to an eighth of one. */
export function bar(percent: number, width: number): string {
  const eighths = Math.round((Math.min(Math.max(percent, 0), 100) / 100) * width * 8)
  const drawn = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
  return drawn + '░'.repeat(Math.max(0, width - Math.ceil(eighths / 8)))
}

/** `2 d 3 h`, `4 min 5 s`: the two largest units. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([amount]) => amount > 0)
  if (first === -1) return '0 s'
  const shown = parts.slice(first, first + 2).filter(([amount]) => amount > 0)
  return shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ')
}

const voters = (count: number): string => (count === 1 ? '1 voter' : `${count} voters`)
const HIDDEN = { ALWAYS: '', AFTER_VOTING: 'results after voting', AFTER_CLOSING: 'results after closing' } as const

function standing(poll: PollState, nowMs: number): string {
  const parts: string[] = [voters(poll.voterCount), poll.state.toLowerCase()]
  if (poll.state === 'OPEN' && poll.closesAt !== null) {
    parts.push(`closes in ${timeLeft(Date.parse(poll.closesAt) - nowMs)}`)
  }
  if (!poll.areResultsVisible) parts.push(HIDDEN[poll.resultsShown])
  return parts.join(' · ')
}

/** The key that chooses the option at this place: 1 to 9, then a to k. */
export const keyOf = (position: number): string => (position + 1).toString(36)

/** The poll as lines for a terminal. */
export function drawPoll(poll: PollState, { width, nowMs, marked, note, isStyled }: View): string[] {
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    isStyled ? styleText(format, text, { validateStream: false }) : text
  const room = Math.max(30, width - 1)
  const labelWidth = Math.min(Math.floor(room / 3), Math.max(...poll.options.map(({ label }) => widthOf(label)), 4))
  const barWidth = Math.max(8, Math.min(MAX_BAR, room - labelWidth - 24))
  const best = Math.max(...poll.options.map(({ voteCount }) => voteCount ?? 0), 1)
  const lines = poll.options.map(({ id, label, voteCount, percent, isCorrect }, position) => {
    const sign = isCorrect === true ? '✓' : marked.has(id) ? '●' : ' '
    const head = `${keyOf(position)}. ${sign} ${fitted(label, labelWidth)}`
    if (voteCount === null || percent === null) return head
    const drawn = style(voteCount === best ? 'green' : 'cyan', bar(percent, barWidth))
    return `${head}  ${drawn} ${String(voteCount).padStart(6)} ${percent.toFixed(1).padStart(6)} %`
  })
  return [
    style('bold', fitted(poll.question, room).trimEnd()),
    '',
    ...lines,
    '',
    style('dim', fitted(standing(poll, nowMs), room).trimEnd()),
    ...(note === '' ? [] : [style('yellow', fitted(note, room).trimEnd())]),
  ]
}

const widthOf = (label: string): number =>
  [...segments.segment(plain(label))].reduce((sum, { segment }) => sum + columns(segment), 0)

/** The poll as one line, for a pipe. */
export function printPoll(poll: PollState): string {
  const options = poll.options.map(({ label, voteCount, percent }) =>
    voteCount === null || percent === null ? plain(label) : `${plain(label)} ${voteCount} (${percent.toFixed(1)} %)`,
  )
  return [plain(poll.question), poll.state, voters(poll.voterCount), ...options].join(' | ')
}
