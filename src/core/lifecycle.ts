import { DomainError } from './errors.ts'

/** For each state the states that may follow it. Written as a literal, it is the documentation and the rule at once. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>

export interface Lifecycle<State extends string> {
  readonly states: readonly State[]
  readonly allowed: (from: State) => readonly State[]
  readonly can: (from: State, to: State) => boolean
  /** @throws DomainError `ILLEGAL_TRANSITION` with `{ from, allowed }`. */
  readonly ensure: (from: State, to: State, path?: readonly string[]) => void
}

export function lifecycle<State extends string>(what: string, transitions: Transitions<State>): Lifecycle<State> {
  const allowed = (from: State): readonly State[] => transitions[from]
  const can = (from: State, to: State): boolean => allowed(from).includes(to)
  return {
    states: Object.keys(transitions) as State[],
    allowed,
    can,
    ensure(from, to, path = ['input', 'id']) {
      if (can(from, to)) return
      const next = allowed(from)
      throw new DomainError('ILLEGAL_TRANSITION', refusal(what, from, to, next), path, { from, allowed: next })
    },
  }
}

function refusal(what: string, from: string, to: string, next: readonly string[]): string {
  if (from === to) return `This ${what} is ${from} already.`
  const way = next.length === 0 ? 'it stays so' : `it can become ${next.join(' or ')}`
  return `This ${what} is ${from} and cannot become ${to}: ${way}.`
}
