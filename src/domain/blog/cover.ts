import type { Uuid } from '../../core/ids.ts'
import type { Deps } from '../deps.ts'
import { publicImageLink } from '../upload/link.ts'

/** Where those who read outside of the graph find the cover: the size and format that previews of links understand. */
export const coverAddress = (
  deps: Pick<Deps, 'publicUrl'>,
  { coverUrl, coverId }: { coverUrl: string | null; coverId: Uuid | null },
): string | null => coverUrl ?? (coverId === null ? null : publicImageLink(deps, coverId, 'LARGE', 'JPEG'))
