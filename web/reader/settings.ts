/** Somebody of the demo data whom a visitor may sign in as. */
interface DemoPerson {
  readonly name: string
  readonly email: string
  readonly password: string
}

/** What the server wrote into the page: nobody where it has no demo data. */
export function demoPeople(): readonly DemoPerson[] {
  const text = document.getElementById('settings')?.textContent?.trim()
  return text ? (JSON.parse(text) as { people: readonly DemoPerson[] }).people : []
}
