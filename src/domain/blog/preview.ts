import { findPostPreview, type PostPreview } from '../../db/queries/blog.ts'
import type { Deps } from '../deps.ts'
import { coverAddress } from './cover.ts'
import { postPath } from './rules.ts'

export interface Preview extends Omit<PostPreview, 'slug' | 'coverId'> {
  /** Where the post is read now; the address that led here may be a former one. */
  path: string
}

const iso = (text: string): string => new Date(text).toISOString()

/** A published post as it looks from outside, by an address that it has or had. Null for everything else. */
export async function findPreview(
  deps: Pick<Deps, 'db' | 'publicUrl'>,
  author: string,
  slug: string,
): Promise<Preview | null> {
  const plain = (text: string): string => text.replaceAll('\0', '')
  const found = await findPostPreview(deps.db, plain(author).toLowerCase(), plain(slug))
  if (found === null) return null
  const { slug: present, coverId, ...post } = found
  return {
    ...post,
    coverUrl: coverAddress(deps, { ...post, coverId }),
    publishedAt: iso(post.publishedAt),
    updatedAt: iso(post.updatedAt),
    path: postPath(post.authorHandle, present),
  }
}
