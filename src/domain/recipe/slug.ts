import { slugsIn } from '../slug.ts'

/** Every slug that a recipe ever had; see `recipe_slugs`. */
export const {
  claimFree: claimFreeSlug,
  ensureFree: ensureSlugFree,
  claim: claimSlug,
} = slugsIn({
  table: 'recipe_slugs',
  owner: 'chef_id',
  thing: 'recipe_id',
  fallback: 'recipe',
  taken: 'Another of your recipes has or had this slug.',
})
