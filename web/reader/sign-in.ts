import { h } from './element.ts'
import { signIn } from './session.ts'
import { demoPeople } from './settings.ts'
import { complain } from './states.ts'

/** Asks for an address and a password, and loads the page again as that member. */
export function openSignIn(): void {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const email = h('input', { type: 'email', name: 'email', autocomplete: 'username', required: true })
  const password = h('input', {
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    required: true,
  })
  const enter = async (): Promise<void> => {
    problem.textContent = ''
    fields.disabled = true
    try {
      await signIn(email.value, password.value)
      location.reload()
    } catch (error) {
      fields.disabled = false
      complain(problem, error)
      password.focus()
    }
  }
  const fields = h(
    'fieldset',
    {},
    h('h2', { id: 'sign-in-title' }, 'Sign in'),
    h('label', {}, 'E-mail address', email),
    h('label', {}, 'Password', password),
    problem,
    h(
      'p',
      { class: 'form-buttons' },
      h('button', { type: 'submit', class: 'button' }, 'Sign in'),
      h('button', { type: 'button', class: 'plain', onclick: () => dialog.close() }, 'Cancel'),
    ),
    guests((person) => {
      email.value = person.email
      password.value = person.password
      void enter()
    }),
  )
  const form = h('form', { method: 'dialog' }, fields)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void enter()
  })
  const dialog = h(
    'dialog',
    { class: 'sign-in', 'aria-labelledby': 'sign-in-title', onclose: () => dialog.remove() },
    form,
  )
  document.body.append(dialog)
  dialog.showModal()
}

type Guest = ReturnType<typeof demoPeople>[number]

/** On a server with demo data: its members, one click each. */
function guests(become: (person: Guest) => void): HTMLElement | null {
  const people = demoPeople()
  if (people.length === 0) return null
  const buttons = people.map((person) =>
    h('li', {}, h('button', { type: 'button', class: 'plain', onclick: () => become(person) }, person.name)),
  )
  return h(
    'div',
    { class: 'guests' },
    h('p', {}, 'This server has demo data. Sign in as one of its members:'),
    h('ul', { class: 'tags' }, ...buttons),
  )
}
