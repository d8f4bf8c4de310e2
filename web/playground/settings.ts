/** Somebody of the demo data whom the visitor may act as. */
export interface DemoPerson {
  readonly handle: string
  readonly name: string
  readonly email: string
  readonly password: string
  readonly role: string
}

/** What the server writes into the page. */
export interface Settings {
  readonly people: readonly DemoPerson[]
}

/** Reads the settings that the server wrote into the page; without them the playground works, with nobody to act as. */
export function readSettings(page: Document): Settings {
  const text = page.getElementById('settings')?.textContent?.trim()
  return text ? (JSON.parse(text) as Settings) : { people: [] }
}
