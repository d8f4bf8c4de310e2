import type { BenchServer } from './server.ts'

const WORDS = ['amber', 'birch', 'cedar', 'dune', 'ember', 'fern']

/** Fifty posts of five authors, each with three tags and five comments. */
export async function writePosts({ world }: BenchServer): Promise<void> {
  const staff = await world.person({ handle: 'staff-of-the-bench', role: 'STAFF' })
  for (const name of WORDS) await world.tag(staff, name)
  const authors = await Promise.all(
    [1, 2, 3, 4, 5].map((number) => world.person({ handle: `author-${number}`, name: `Author ${number}` })),
  )
  const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T
  for (let number = 0; number < 50; number += 1) {
    const post = await world.published(at(authors, number), {
      title: `Post ${number}`,
      body: `Some words about ${at(WORDS, number)}.\n\n${'It goes on for a while. '.repeat(20)}`,
      tags: [0, 1, 2].map((offset) => at(WORDS, number + offset)),
    })
    for (let comment = 0; comment < 5; comment += 1) {
      await world.comment(at(authors, number + comment), post, `Comment ${comment} on **post ${number}**.`)
    }
  }
}
