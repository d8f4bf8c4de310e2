import { byId, h } from './element.ts'
import { authorPath, type Place } from './place.ts'
import { type Me, signOut } from './session.ts'
import { openSignIn } from './sign-in.ts'

/** The search box holds what was searched for; beside it is who is signed in, or the way to sign in. */
export async function showMasthead(place: Place, finding: Promise<Me | null>): Promise<void> {
  const search = document.querySelector<HTMLInputElement>('.search input')
  if (search !== null && place.kind === 'list') search.value = place.text ?? ''
  const me = await finding.catch(() => null)
  byId('viewer').replaceChildren(
    ...(me === null
      ? [h('button', { type: 'button', class: 'plain', onclick: openSignIn }, 'Sign in')]
      : [
          h('a', { href: authorPath(me.handle) }, me.name),
          h('button', { type: 'button', class: 'plain', onclick: () => void leave() }, 'Sign out'),
        ]),
  )
}

async function leave(): Promise<void> {
  await signOut()
  location.reload()
}
