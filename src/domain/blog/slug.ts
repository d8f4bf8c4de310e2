import { slugsIn } from '../slug.ts'

/** Every slug that a post ever had; see `post_slugs`. */
export const {
  claimFree: claimFreeSlug,
  ensureFree: ensureSlugFree,
  claim: claimSlug,
} = slugsIn({
  table: 'post_slugs',
  owner: 'author_id',
  thing: 'post_id',
  fallback: 'post',
  taken: 'Another of your posts has or had this slug.',
})
