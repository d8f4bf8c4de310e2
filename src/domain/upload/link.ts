import { createHmac, timingSafeEqual } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import { encodeId, parseId, type Uuid } from '../../core/ids.ts'
import { uploads } from '../../db/tables/upload.ts'
import { IMAGE_VARIANTS, type ImageFormat, type ImageSize } from '../../gateways/image/image.ts'
import type { Deps } from '../deps.ts'
import { fileKey, variantKey } from './file.ts'
import { type UploadUse, USES } from './uses.ts'

export const FILES_PATH = '/files'

/** The name of what is no picture, in addresses. */
const FILE = 'file'

/**
 * Links begin to count at a full quarter of an hour, so that a client that asks again gets the same address, and what its
 * browser has kept. A link is good for 15 to 30 minutes.
 */
const LINK_STEP_SECONDS = 15 * 60

type LinkDeps = Pick<Deps, 'publicUrl' | 'jwtSecret' | 'clock'>

interface Linkable {
  readonly id: Uuid
  readonly use: UploadUse
  readonly claimedAt: string | null
}

/** What was uploaded and is not shown anywhere yet is its owner's alone, or this would be a host for anything. */
const isPublic = ({ use, claimedAt }: Omit<Linkable, 'id'>): boolean => USES[use].isPublic && claimedAt !== null

/** With a name for what is signed, so that this can never be taken for the signature of a token. */
const signatureOf = (secret: Uint8Array, id: Uuid, name: string, expires: number): Buffer =>
  createHmac('sha256', secret).update(`atrium file ${id}/${name} until ${expires}`).digest()

const pathOf = (id: Uuid, name: string): string => `${FILES_PATH}/${encodeId('upload', id)}/${name}`

function linkTo(deps: LinkDeps, upload: Linkable, name: string): string {
  const address = deps.publicUrl() + pathOf(upload.id, name)
  if (isPublic(upload)) return address
  const now = Math.floor(deps.clock.now().getTime() / 1000)
  const expires = (Math.floor(now / LINK_STEP_SECONDS) + 2) * LINK_STEP_SECONDS
  const signature = signatureOf(deps.jwtSecret, upload.id, name, expires).toString('base64url')
  return `${address}?expires=${expires}&signature=${signature}`
}

const nameOf = (size: ImageSize, format: ImageFormat): string => `${size}.${format}`.toLowerCase()

/** Where a picture is found, for whoever was handed the link. */
export const imageLink = (deps: LinkDeps, upload: Linkable, size: ImageSize, format: ImageFormat): string =>
  linkTo(deps, upload, nameOf(size, format))

/** Of a picture that is known to be ready, used and public: below the public address, for pages of this server. */
export const publicImagePath = (id: Uuid, size: ImageSize, format: ImageFormat): string =>
  pathOf(id, nameOf(size, format))

export const publicImageLink = (
  { publicUrl }: Pick<Deps, 'publicUrl'>,
  id: Uuid,
  size: ImageSize,
  format: ImageFormat,
): string => publicUrl() + publicImagePath(id, size, format)

/** Where a file is found that is no picture. */
export const fileLink = (deps: LinkDeps, upload: Linkable): string => linkTo(deps, upload, FILE)

export interface LinkedFile {
  readonly key: string
  readonly mediaType: string
  /** For what is to be saved and not shown; null for a picture. */
  readonly filename: string | null
  /** When the link ends, in seconds since 1970; null for what everybody may see. */
  readonly expires: number | null
}

export interface FileAddress {
  /** A typed id. */
  readonly id: string
  readonly name: string
  readonly expires: string | undefined
  readonly signature: string | undefined
}

/** The file at an address; null when there is none, and also where there is one that this link is not good for. */
export async function findFile(deps: Deps, address: FileAddress): Promise<LinkedFile | null> {
  const id = parseId(address.id)
  if (id?.prefix !== 'upload') return null
  const variant = IMAGE_VARIANTS.find(({ name }) => name === address.name)
  if (variant === undefined && address.name !== FILE) return null
  const [upload] = await deps.db.orm
    .select({
      id: uploads.id,
      use: uploads.use,
      isImage: uploads.isImage,
      status: uploads.status,
      mediaType: uploads.mediaType,
      filename: uploads.filename,
      claimedAt: uploads.claimedAt,
    })
    .from(uploads)
    .where(and(eq(uploads.id, id.uuid), eq(uploads.status, 'READY'), isNull(uploads.discardedAt)))
  if (upload === undefined || upload.isImage !== (variant !== undefined)) return null
  const expires = isPublic(upload) ? null : signedUntil(deps, upload.id, address)
  if (expires === undefined) return null
  return variant === undefined
    ? { key: fileKey(upload.id), mediaType: upload.mediaType, filename: upload.filename, expires }
    : { key: variantKey(upload.id, variant.name), mediaType: variant.mediaType, filename: null, expires }
}

/** Undefined for a link that is not ours, or has ended. */
function signedUntil(deps: Deps, id: Uuid, { name, expires = '', signature = '' }: FileAddress): number | undefined {
  if (!/^\d{1,12}$/.test(expires)) return undefined
  const until = Number(expires)
  const expected = signatureOf(deps.jwtSecret, id, name, until)
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return until * 1000 > deps.clock.now().getTime() ? until : undefined
}
