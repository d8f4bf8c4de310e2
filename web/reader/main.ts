import { byId } from './element.ts'
import { showList } from './list.ts'
import { showMasthead } from './masthead.ts'
import { placeOf } from './place.ts'
import { goToPlace, showPost } from './post.ts'
import { findMe } from './session.ts'
import { failure, notFound } from './states.ts'

const address = new URL(location.href)
const place = placeOf(address)
const main = byId('main')
main.setAttribute('aria-busy', 'true')

try {
  // Each page is loaded anew, so the browser's own history, scrolling and reloading work as everywhere.
  const me = findMe()
  const page =
    place.kind === 'list' ? showList(place, address) : place.kind === 'post' ? showPost(place, me) : notFound()
  const [content] = await Promise.all([page, showMasthead(place, me)])
  main.append(content)
  goToPlace()
  addEventListener('hashchange', goToPlace)
} catch (error) {
  main.append(failure(error))
} finally {
  main.removeAttribute('aria-busy')
}
