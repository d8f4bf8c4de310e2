/** What somebody has too much (above zero) or owes, in minor units of one currency. */
export interface Balance<Id extends string = string> {
  readonly memberId: Id
  readonly minor: number
}

export interface Transfer<Id extends string = string> {
  readonly fromId: Id
  readonly toId: Id
  readonly amountMinor: number
}

/**
 * Up to so many people the fewest transfers are found. It is the question how many groups of them settle among themselves, which takes
 * twice as long with each further one (it is NP-hard); beyond, the largest debt goes to the largest credit, which takes at most one
 * transfer less than there are people.
 */
export const EXACT_PEOPLE = 14

const byAmount = (a: Balance, b: Balance): number =>
  Math.abs(b.minor) - Math.abs(a.minor) || (a.memberId < b.memberId ? -1 : 1)

/** At most one transfer less than there are people: each settles the smaller of two. */
function settleLargest(people: readonly Balance[]): Transfer[] {
  const open = people.map((each) => ({ ...each })).filter(({ minor }) => minor !== 0)
  const transfers: Transfer[] = []
  for (;;) {
    open.sort(byAmount)
    const debtor = open.find(({ minor }) => minor < 0)
    const creditor = open.find(({ minor }) => minor > 0)
    if (debtor === undefined || creditor === undefined) return transfers
    const amountMinor = Math.min(-debtor.minor, creditor.minor)
    transfers.push({ fromId: debtor.memberId, toId: creditor.memberId, amountMinor })
    debtor.minor += amountMinor
    creditor.minor -= amountMinor
  }
}

/** As many groups as possible whose balances add up to nothing: each saves one transfer. */
function groupsOf(people: readonly Balance[]): Balance[][] {
  const size = 1 << people.length
  const sums = new Float64Array(size)
  const most = new Int8Array(size)
  for (let set = 1; set < size; set += 1) {
    const lowest = 31 - Math.clz32(set & -set)
    sums[set] = (sums[set & (set - 1)] ?? 0) + (people[lowest]?.minor ?? 0)
    let best = 0
    for (let rest = set; rest !== 0; rest &= rest - 1) best = Math.max(best, most[set ^ (rest & -rest)] ?? 0)
    most[set] = best + (sums[set] === 0 ? 1 : 0)
  }
  const groups: Balance[][] = []
  let group: Balance[] = []
  for (let set = size - 1; set !== 0; ) {
    if (sums[set] === 0 && group.length > 0) {
      groups.push(group)
      group = []
    }
    const before = (most[set] ?? 0) - (sums[set] === 0 ? 1 : 0)
    let left = set
    while (left !== 0 && (most[set ^ (left & -left)] ?? 0) !== before) left &= left - 1
    const taken = left & -left
    const person = people[31 - Math.clz32(taken)]
    if (person !== undefined) group.push(person)
    set ^= taken
  }
  if (group.length > 0) groups.push(group)
  return groups
}

/**
 * Transfers after which nobody owes anything: the fewest there can be, up to {@link EXACT_PEOPLE} people.
 * @throws RangeError when the balances do not add up to nothing.
 */
export function settle<Id extends string>(balances: readonly Balance<Id>[]): Transfer<Id>[] {
  const people = balances.filter(({ minor }) => minor !== 0).sort(byAmount)
  if (people.reduce((sum, { minor }) => sum + minor, 0) !== 0) throw new RangeError('these balances do not add up')
  const groups = people.length > EXACT_PEOPLE ? [people] : groupsOf(people)
  return groups.flatMap((group) => settleLargest(group)) as Transfer<Id>[]
}
