import { type AgeRating, GENRES, type Genre } from '../domain/cinema/rules.ts'

export interface DemoMovie {
  title: string
  director: string
  genres: Genre[]
  ageRating: AgeRating
  runningTimeMinutes: number
  /** Days from today. */
  released: number
  synopsis: string
  cast: { name: string; character: string }[]
}

/** Nobody made these; the people in them are nobody either. Running time in minutes, then release in days from today. */
const LINES = `
The Lamplighter of Line 9 | Ines Calder | DRAMA MYSTERY | AGE_12 | 118 | -20 | The last man who lights the tunnels of an old metro finds that somebody has been there before him. | Tomas Ferreira: Ilja; Maud Okafor: The inspector
Salt and Static | Rui Tanaka | SCIENCE_FICTION THRILLER | AGE_12 | 131 | -12 | A radio station on an oil rig receives its own broadcasts, a day early. | Maud Okafor: Petra; Leo Anselm: Voice on the air
My Uncle’s Orchestra | Greta Sund | COMEDY MUSIC | ALL | 97 | -30 | Eleven people who cannot play inherit eleven instruments and one date in the concert hall. | Pia Lindholm: Agnes; Omar Haddad: Uncle Sami
Nine Kinds of Snow | Aino Rautio | DOCUMENTARY | ALL | 88 | -44 | A year with the people who measure avalanches before they happen. | Aino Rautio: Herself
The Cartographer’s Debt | Sol Marchetti | ADVENTURE HISTORY | AGE_6 | 126 | -8 | To pay what he owes, a mapmaker must find the island that he once made up. | Leo Anselm: Bastien; Noor Vasquez: The captain
Paper Tigers, Iron Doors | Ken Osei | ACTION CRIME | AGE_16 | 109 | -3 | Two locksmiths, one vault, and a client who wants something put in rather than taken out. | Noor Vasquez: Dita; Tomas Ferreira: Marek
Grandmother Went to Mars | Ines Calder | FAMILY SCIENCE_FICTION | ALL | 94 | -15 | She left a note, a casserole, and instructions for the cat. | Pia Lindholm: Grandmother; Kofi Mensah: Jun
The Understudy | Greta Sund | DRAMA THRILLER | AGE_12 | 112 | -25 | For eleven years she has known every line. Tonight the lead does not come. | Maud Okafor: Vera; Omar Haddad: The director
A Field Guide to Leaving | Sol Marchetti | ROMANCE DRAMA | AGE_6 | 104 | -18 | Two botanists divorce over a summer and one last expedition. | Noor Vasquez: Lucia; Leo Anselm: Paul
The Tin Parliament | Ken Osei | COMEDY FANTASY | ALL | 99 | -6 | The toys of a closing factory hold an election. | Kofi Mensah: The bear (voice); Pia Lindholm: The top (voice)
Low Water | Aino Rautio | DOCUMENTARY HISTORY | AGE_6 | 91 | -60 | When the river falls, the village that was drowned for the dam comes up, and its people with it. | Aino Rautio: Narrator
Eleven Minutes to Harbour | Rui Tanaka | THRILLER ACTION | AGE_16 | 102 | -1 | A ferry, a fog, and a pilot who is not who he says he is. Told in real time. | Tomas Ferreira: The pilot; Noor Vasquez: First mate
The Cloud Accountant | Greta Sund | COMEDY | ALL | 93 | -10 | He counts them. Somebody has begun to steal them. | Omar Haddad: Wendell; Maud Okafor: Rain
Ashes of the Printworks | Ines Calder | HISTORY WAR DRAMA | AGE_16 | 141 | -35 | Four typesetters keep an occupied city reading. | Leo Anselm: Anton; Pia Lindholm: Mila
Moth Season | Ken Osei | HORROR | AGE_18 | 96 | -4 | They come to the light. So does what eats them. | Kofi Mensah: Dr. Abara; Noor Vasquez: Ellen
The Bridge Keeper’s Daughter | Aino Rautio | FAMILY FANTASY | ALL | 101 | -14 | Every ship pays a toll. This one pays with a question. | Pia Lindholm: Siri; Tomas Ferreira: The keeper
Counterweight | Rui Tanaka | SCIENCE_FICTION DRAMA | AGE_12 | 137 | -22 | Half-way up the elevator to orbit, the brake is being repaired by someone who wants to stay. | Maud Okafor: Ana; Kofi Mensah: Control
Second Breakfast in Trieste | Sol Marchetti | ROMANCE COMEDY | ALL | 98 | -28 | One café, one table, two reservations that repeat every year. | Omar Haddad: Carlo; Noor Vasquez: Hanna
The Quiet Choir | Greta Sund | MUSIC DRAMA | AGE_6 | 115 | -9 | In a village where nobody speaks after the accident, somebody hums. | Pia Lindholm: The teacher; Leo Anselm: Joost
Rust Valley Express | Ken Osei | WESTERN ADVENTURE | AGE_12 | 123 | -16 | The last train of the valley carries a judge, a thief and a piano. | Tomas Ferreira: The thief; Omar Haddad: The judge
What the Beekeeper Saw | Ines Calder | CRIME MYSTERY | AGE_12 | 108 | -2 | The only witness has forty thousand others. | Maud Okafor: Ruth; Kofi Mensah: Inspector Bede
Halfway Houseboat | Sol Marchetti | COMEDY DRAMA | AGE_6 | 95 | -40 | Three released prisoners and one rule: the boat must not leave the canal. | Leo Anselm: Fitz; Noor Vasquez: Jo
The Glass Orchard | Rui Tanaka | FANTASY ANIMATION | ALL | 90 | -7 | A fox learns to blow glass, and the trees begin to bear it. | Pia Lindholm: The fox (voice); Tomas Ferreira: Winter (voice)
Marathon for Beginners | Greta Sund | COMEDY ROMANCE | ALL | 100 | -11 | Neither of them runs. Both of them said that they do. | Omar Haddad: Theo; Maud Okafor: Lin
Station 51 Does Not Answer | Ken Osei | HORROR SCIENCE_FICTION | AGE_16 | 106 | -5 | The rescue party finds everyone in good health, and nobody who remembers calling. | Kofi Mensah: Sorensen; Leo Anselm: The cook
Letters to a Lighthouse | Aino Rautio | DRAMA ROMANCE | AGE_6 | 110 | -50 | For thirty years the light has been automatic. For thirty years somebody has answered the mail. | Noor Vasquez: Marit; Tomas Ferreira: The postman
The Small Museum of Thieves | Sol Marchetti | CRIME COMEDY | AGE_6 | 103 | -13 | Everything in it was stolen. On Monday something is missing. | Pia Lindholm: The curator; Omar Haddad: Mister Quill
Undertow | Ines Calder | THRILLER | AGE_16 | 114 | 2 | She dives for pearls, for wages, and for the man who drowned her sister. | Maud Okafor: Yuna; Kofi Mensah: Hale
The Emperor’s New Algorithm | Rui Tanaka | COMEDY SCIENCE_FICTION | ALL | 92 | 5 | It predicts applause. It has never been switched on. | Leo Anselm: The emperor; Noor Vasquez: The intern
Until the Ice Sings | Aino Rautio | ADVENTURE DRAMA | AGE_6 | 129 | 9 | Two sisters skate the length of a country that is about to thaw. | Pia Lindholm: Elsa; Maud Okafor: Runa
`

function parse(line: string): DemoMovie {
  const [title = '', director = '', genres = '', rating = '', minutes = '', released = '', synopsis = '', cast = ''] =
    line.split(' | ')
  return {
    title,
    director,
    genres: genres.split(' ').filter((genre): genre is Genre => (GENRES as readonly string[]).includes(genre)),
    ageRating: rating as AgeRating,
    runningTimeMinutes: Number(minutes),
    released: Number(released),
    synopsis,
    cast: cast.split('; ').map((each) => {
      const [name = '', character = ''] = each.split(': ')
      return { name, character }
    }),
  }
}

export const DEMO_MOVIES: readonly DemoMovie[] = LINES.trim().split('\n').map(parse)
