import type { Viewer } from '../domain/viewer.ts'
import type { World } from './world.ts'

/** Who else comes here: they buy, go to the movies and say what they think of it. Nobody acts as them. */
const REGULARS: readonly (readonly [handle: string, name: string, bio: string])[] = [
  ['edda', 'Edda Falk', 'Third row, aisle seat.'],
  ['faruk', 'Faruk Demir', 'Repairs radios and opinions.'],
  ['gwen', 'Gwen Abara', 'Reads the last page first.'],
  ['hiro', 'Hiro Castellan', 'Here for the soundtracks.'],
  ['imani', 'Imani Solberg', 'Runs in the rain, on purpose.'],
  ['jonas', 'Jonas Petit', 'Owns too many teapots.'],
  ['kaia', 'Kaia Morrow', 'Draws maps of places that moved.'],
  ['luis', 'Luis Haverkamp', 'Measures twice.'],
]

export type NamedViewer = Viewer & { name: string }

export async function inviteRegulars(world: World, password: string): Promise<NamedViewer[]> {
  const regulars: NamedViewer[] = []
  for (const [handle, name, bio] of REGULARS) {
    regulars.push({ ...(await world.person({ handle, name, bio, password, isDemo: true })), name })
  }
  return regulars
}
