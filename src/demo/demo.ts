import type { Uuid } from '../core/ids.ts'
import { followAccount } from '../domain/account/follow.ts'
import { type Deps, within } from '../domain/deps.ts'
import type { Role, Viewer } from '../domain/viewer.ts'
import { fillCinema } from './cinema.ts'
import { inviteVisitors } from './cinema-visitors.ts'
import { fillExpenses } from './expenses.ts'
import { fillPastWeek } from './moviegoers.ts'
import { fillOrders, REGULAR_STATES, STATES } from './orders.ts'
import { stockPantry } from './pantry.ts'
import { fillPolls } from './polls.ts'
import { DEMO_POSTS } from './posts.ts'
import { fillKitchen } from './recipes.ts'
import { inviteRegulars } from './regulars.ts'
import { fillRooms } from './rooms.ts'
import { stockShop } from './shop.ts'
import { fillWorkouts } from './workouts.ts'
import { isEmptyWorld, World } from './world.ts'

const PASSWORD = 'open the demo atrium please'

const people: { handle: string; name: string; role: Role; bio: string }[] = [
  { handle: 'ada', name: 'Ada Marchetti', role: 'MEMBER', bio: 'Writes about databases and the people who keep them.' },
  { handle: 'bram', name: 'Bram Oyelaran', role: 'MEMBER', bio: 'Bakes, walks, takes notes.' },
  { handle: 'chiyo', name: 'Chiyo Lindqvist', role: 'CHEF', bio: 'Cooks for forty, measures for four.' },
  { handle: 'dara', name: 'Dara Novák', role: 'STAFF', bio: 'Keeps the tags in order.' },
]

/** Whom a visitor of the playground may act as. The password is public, so nothing here is worth having. */
export const DEMO_PEOPLE = people.map(({ handle, name, role }) => ({
  handle,
  name,
  role,
  email: `${handle}@example.com`,
  password: PASSWORD,
}))

const TAGS = ['Postgres', 'GraphQL', 'TypeScript', 'Testing', 'Baking', 'Walking', 'Kitchen', 'Reading', 'Tools']
const CATEGORIES = [
  ['Engineering', 'How things are built, and why they stay up.'],
  ['Kitchen', 'Food, and what it teaches about patience.'],
  ['Out of doors', 'Paths, weather and maps.'],
] as const

const LOCK = 7_201_540_264

/** Fills an empty database, once, also with several servers starting at a time. */
export async function seedDemo(deps: Deps, onProgress: (step: string) => void = () => {}): Promise<void> {
  if (!(await isEmptyWorld(deps.db))) return
  await deps.db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK])
    if (!(await isEmptyWorld(tx))) return
    onProgress('Filling in demo data')
    // One transaction for all of it: a start that is interrupted leaves an empty database for the next one.
    const nested = within(deps, tx)
    await fill(new World(nested), nested)
  })
}

async function fill(world: World, deps: Deps): Promise<void> {
  const members = new Map<string, Viewer>()
  for (const person of people) {
    members.set(person.handle, await world.person({ ...person, password: PASSWORD, isDemo: true }))
  }
  const member = (handle: string): Viewer => {
    const found = members.get(handle)
    if (found === undefined) throw new Error(`nobody is called ${handle}`)
    return found
  }
  const staff = member('dara')
  for (const name of TAGS) await world.tag(staff, name)
  for (const [name, description] of CATEGORIES) await world.category(staff, name, description)

  const shelves = await stockShop(world, staff)
  const buyers = people.filter(({ role }) => role !== 'STAFF').map(({ handle, name }) => ({ ...member(handle), name }))
  const regulars = await inviteRegulars(world, PASSWORD)
  await fillOrders(deps, buyers, STATES)
  await fillOrders(deps, regulars, REGULAR_STATES)
  await stockPantry(world, staff, shelves.get('Pantry') ?? '')

  const now = deps.clock.now().getTime()
  const posts: Uuid[] = []
  for (const { author, daysAgo, comments = [], likes = [], ...post } of DEMO_POSTS) {
    const id = await world.published(member(author), { ...post, publishedAt: new Date(now - daysAgo * 86_400_000) })
    posts.push(id)
    const written: string[] = []
    for (const [by, body, answers] of comments) {
      written.push(await world.comment(member(by), id, body, answers === undefined ? undefined : written[answers]))
    }
    for (const by of likes) await world.react(member(by), id)
  }
  await world.draft(member('ada'), {
    title: 'Things to say about vacuum',
    body: 'Notes for later:\n\n- bloat is not a bug\n- autovacuum is a friend with a busy schedule\n',
    tags: ['postgres'],
  })
  for (const [follower, followee] of [
    ['bram', 'ada'],
    ['chiyo', 'ada'],
    ['ada', 'chiyo'],
    ['dara', 'bram'],
  ] as const) {
    await followAccount(deps, member(follower), member(followee).accountId)
  }
  await fillPolls(world, member, posts[0])
  await fillRooms(world, member, (title) => posts[DEMO_POSTS.findIndex((post) => post.title === title)])
  await fillCinema(world.cinema, staff)
  await fillPastWeek(deps, [...buyers, ...regulars])
  await fillKitchen(world, member)
  await fillWorkouts(world, member)
  await fillExpenses(world, member)
  await inviteVisitors(world.cinema, [...members.values()])
}
