interface DemoPost {
  author: string
  daysAgo: number
  title: string
  body: string
  tags: string[]
  categories: string[]
  /** Who, what, and the place in this list of the comment that it answers. */
  comments?: [string, string, number?][]
  likes?: string[]
}

/** What the demo's people wrote. The newest come first. */
export const DEMO_POSTS: readonly DemoPost[] = [
  {
    author: 'ada',
    daysAgo: 0.2,
    title: 'A cursor is a promise',
    body: `Page numbers are a promise that nobody can keep: between page one and page two somebody writes a post, and the last line of the first page is the first line of the second.

A **keyset cursor** promises less and keeps it. It says: *after this row*. Whatever is written in the meantime, the row after this row is still the row after this row.

\`\`\`sql
select id, title from posts
where (published_at, id) < ($1, $2)
order by published_at desc, id desc
limit 20
\`\`\`

Two things make it fast. The comparison is of *rows*, not of columns joined by \`and\` and \`or\`, so the index is entered at the right place. And there is no \`offset\`, so page one thousand costs what page one costs.`,
    tags: ['postgres', 'graphql'],
    categories: ['engineering'],
    comments: [
      ['bram', 'So *that* is why my list skipped a line.'],
      ['ada', 'It did not skip it. It showed you another one twice.', 0],
      ['dara', 'Worth adding: the last key has to be unique, or ties get lost.'],
    ],
    likes: ['bram', 'chiyo', 'dara'],
  },
  {
    author: 'bram',
    daysAgo: 1.1,
    title: 'Rye, slowly',
    body: `The first loaf was a brick. The second was a brick with ambitions. The third one rose.

What changed was nothing but time:

| Hours | Crumb |
| ----: | :---- |
| 4 | wet sand |
| 12 | nearly |
| 20 | bread |

Rye has little gluten to hold gas, so the dough has to be sour enough that its starch does the holding. That takes a night and most of a day, and no amount of kneading will talk it into less.`,
    tags: ['baking', 'kitchen'],
    categories: ['kitchen'],
    comments: [
      ['chiyo', 'Twenty hours at which temperature?'],
      ['bram', 'Around 24 °C. In winter I give it a day and a half.', 0],
    ],
    likes: ['chiyo', 'ada'],
  },
  {
    author: 'ada',
    daysAgo: 2.4,
    title: 'Let the database say no',
    body: `"First check, then insert" works until two people check at once. Both see that nothing is there. Both insert.

The repair is not a faster check. It is to stop checking: write a **unique constraint**, insert, and read the refusal. The database is the one place where both requests meet, so it is the one place where the rule can be kept.

> A rule that lives in one statement cannot be interrupted.

What remains for the program is translation: turning *violates unique constraint "seats_taken"* into "row F, seat 12 has just gone; 11 and 13 are free".`,
    tags: ['postgres', 'testing'],
    categories: ['engineering'],
    comments: [['dara', 'And write the test as a race: two hundred at once, not one after the other.']],
    likes: ['dara', 'bram'],
  },
  {
    author: 'chiyo',
    daysAgo: 3.3,
    title: 'Measure for four, cook for forty',
    body: `Salt does not scale. Neither does heat.

When I multiply a recipe by ten I multiply the onions by ten, the salt by eight, and the time by *look at it*. A pot that is four times as wide loses four times the steam; a pan that is crowded boils what it should brown.

1. Weigh everything once, at the small size.
2. Multiply what is bought.
3. Taste what is seasoned.
4. Trust no timer that was set for another pot.`,
    tags: ['kitchen'],
    categories: ['kitchen'],
    comments: [['bram', 'The crowded pan explains my whole year.']],
    likes: ['ada', 'bram', 'dara'],
  },
  {
    author: 'dara',
    daysAgo: 4.8,
    title: 'Ten spellings of one word',
    body: `We had \`js\`, \`JS\`, \`javascript\`, \`JavaScript\`, \`java-script\`, \`Javascript \` (with a space), and four more. Each had a reader who followed it and missed the other nine.

Tags are a shared language, and a shared language needs someone who keeps the dictionary. So here tags are made by staff, and a post that names an unknown one is told so, with the place in the list. It is a small annoyance on the day of writing and a large relief on the day of looking.`,
    tags: ['tools', 'reading'],
    categories: ['engineering'],
    comments: [['ada', 'The one with the trailing space deserves a monument.']],
    likes: ['ada'],
  },
  {
    author: 'bram',
    daysAgo: 6,
    title: 'The long way along the river',
    body: `Nineteen kilometres, most of them flat, none of them straight. The path keeps to the old flood wall, so the river is always a little below and the fields always a little above.

- **Start** at the ferry, before eight, while the boards are still wet.
- **Bread** at the mill. They open at nine and are sold out by ten.
- **Turn back** at the second lock unless the wind is from the west.

Bring the paper map. The phone knows where you are; the map knows where you could be.`,
    tags: ['walking'],
    categories: ['out-of-doors'],
    likes: ['dara', 'chiyo'],
  },
  {
    author: 'ada',
    daysAgo: 8.2,
    title: 'What a subscription owes you after a tunnel',
    body: `The train goes into a tunnel, the socket dies, the train comes out. What should the reader see?

*Not* a gap. *Not* everything again. Only what was missed, in order, and then what is new.

It takes a number that grows in the order of commit, a client that remembers the last number it saw, and a server that reads from the table and treats every live event as a hint: "there may be something". A lost hint then costs a moment; a lost message would cost trust.`,
    tags: ['graphql', 'postgres'],
    categories: ['engineering'],
    comments: [
      ['dara', 'Why the order of commit and not of insertion?'],
      ['ada', 'Because number 8 may commit before number 7, and a reader who has 8 would never ask for 7.', 0],
    ],
    likes: ['bram'],
  },
  {
    author: 'chiyo',
    daysAgo: 10.5,
    title: 'Stock, in three pots',
    body: `The first pot is bones and cold water, brought up so slowly that nothing clouds. The second is everything sweet: carrots, leek, the outside of the celery. The third is for whatever the day left over.

They are cooked apart and married at the end, because each is done at another time. It is the whole of cooking, really. Most dishes that fail were cooked together for the sake of one pot to wash.`,
    tags: ['kitchen', 'reading'],
    categories: ['kitchen'],
    likes: ['bram'],
  },
  {
    author: 'ada',
    daysAgo: 13,
    title: 'Types at the door, text inside',
    body: `A date becomes a \`Date\`, the \`Date\` becomes a string, and the string goes over the wire. For a list of a thousand rows with three timestamps each, that is six thousand conversions to end up where the database began.

So in the hot path a timestamp is text from the table to the client. The *types* are at the door: a scalar that knows the format, checks what comes in, and prints what goes out. Inside, nobody needs a calendar to carry a letter.`,
    tags: ['typescript', 'graphql'],
    categories: ['engineering'],
    likes: ['dara'],
  },
  {
    author: 'dara',
    daysAgo: 17.6,
    title: 'How to read a failing test',
    body: `Read the sentence first. If the name of the test is not a sentence, that is the first bug.

Then ask the only question that matters: *would this test have failed before the change it came with?* A test that has never been red is a decoration. I keep a list of ours. It is shorter every month, and the suite is faster for it.`,
    tags: ['testing', 'tools'],
    categories: ['engineering'],
    comments: [
      [
        'bram',
        'I renamed three of mine after reading this, and so should @dara. One of them turned out to test nothing.',
      ],
    ],
    likes: ['ada', 'bram'],
  },
  {
    author: 'bram',
    daysAgo: 23,
    title: 'Notes on walking in fog',
    body: `Fog makes a small room of any landscape, and moves it along with you.

Count steps between landmarks. Stop at each fork and look back: the way home is the same path seen from the other side, and in fog the other side is the only side you will get.`,
    tags: ['walking', 'reading'],
    categories: ['out-of-doors'],
    likes: ['chiyo'],
  },
  {
    author: 'chiyo',
    daysAgo: 31,
    title: 'A pinch is a unit',
    body: `A pinch between two fingers is about 0.3 g of fine salt; with three fingers it is nearer 0.5 g. Coarse salt weighs half as much for the same pinch, because most of it is air.

I write grams for what must be right and pinches for what must be tasted. Both are measurements. One of them has a better instrument.`,
    tags: ['kitchen', 'baking'],
    categories: ['kitchen'],
    comments: [
      ['ada', 'I would like this as a decimal with three places, please.'],
      ['chiyo', 'You would like this as soup.', 0],
    ],
    likes: ['ada', 'bram', 'dara'],
  },
]
