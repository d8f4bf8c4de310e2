import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import { notFound } from '../core/errors.ts'
import { decodeId, encodeId } from '../core/ids.ts'
import { accountUploadCount, accountUploads, type UploadRow, uploadById } from '../db/relations/upload.ts'
import { findOwnUpload } from '../domain/upload/read.ts'
import { usedBytes } from '../domain/upload/receive.ts'
import { uploadChanged } from '../domain/upload/topics.ts'
import { discardUpload, expiryOf } from '../domain/upload/upkeep.ts'
import { fitted } from '../gateways/image/image.ts'
import { liveState } from '../live/source.ts'
import { isSignedIn, Rule } from '../permissions/rules.ts'
import { Viewer } from '../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import {
  DiscardUploadInput,
  DiscardUploadPayload,
  Image,
  ImageSizeArgs,
  ImageUrlArgs,
  StoredFile,
  Upload,
  UploadConnection,
  UploadQuota,
} from '../schema/upload.ts'
import { payload } from '../schema/user-error.ts'
import { DependsOnViewer } from '../schema/viewer.ts'
import type { NodeType } from './node-type.ts'
import { type FileValue, type ImageValue, imageUrl, storedFileUrl } from './upload-value.ts'

export const uploadNode: NodeType & { load(context: Context, id: string): Promise<UploadRow | null> } = {
  typename: 'Upload',
  prefix: 'upload',
  async load({ loaders, viewer }, id) {
    if (viewer === null) return null
    const upload = await loaders.one(uploadById, id)
    return upload?.ownerId === viewer.accountId && upload.discardedAt === null ? upload : null
  },
}

@Resolver(() => Upload)
export class UploadResolver {
  @FieldResolver(() => Image, { nullable: true })
  image(@Root() upload: UploadRow): ImageValue | null {
    return upload.isImage ? { upload, alt: upload.filename } : null
  }

  @FieldResolver(() => StoredFile, { nullable: true })
  file(@Root() upload: UploadRow): FileValue | null {
    return upload.isImage ? null : { upload }
  }

  @FieldResolver(() => Boolean)
  isUsed(@Root() upload: UploadRow) {
    return upload.claimedAt !== null
  }

  @FieldResolver(() => String, { nullable: true })
  expiresAt(@Root() upload: UploadRow) {
    return upload.claimedAt === null ? expiryOf(upload.createdAt) : null
  }

  @Mutation(() => DiscardUploadPayload, {
    nullable: true,
    description: 'Lets go of an upload that is not used. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  discardUpload(@Ctx() context: Context, @Arg('input', () => DiscardUploadInput) { id }: DiscardUploadInput) {
    return payload(context, 'discardedId', async () => {
      const uploadId = decodeId('upload', id, ['input', 'id'])
      return encodeId('upload', await discardUpload(context.deps, signedIn(context), uploadId))
    })
  }

  @Subscription(() => Upload, {
    description:
      'One’s own upload as it stands, then each change: ready, failed, used. Ends with `NOT_FOUND` when it goes.',
    subscribe: ({ args, context }) => watchUpload(context as Context, (args as { id: string }).id),
  })
  @DependsOnViewer
  @Rule(isSignedIn)
  uploadUpdated(@Root() upload: UploadRow, @Arg('id', () => ID) _id: string) {
    return upload
  }
}

async function watchUpload(context: Context, uploadId: string) {
  const { deps } = context
  const viewer = signedIn(context)
  const path = ['id']
  const id = decodeId('upload', uploadId, path)
  const find = async () => {
    const upload = await findOwnUpload(deps.db, viewer, id)
    if (upload === null) throw notFound('upload', path)
    return upload
  }
  return liveState<UploadRow>({
    bus: deps.bus,
    key: `uploadUpdated:${id}`,
    topics: [uploadChanged(id)],
    recheckOn: [],
    async admit() {
      await find()
      return ''
    },
    load: find,
  })
}

@Resolver(() => Image)
export class ImageResolver {
  @FieldResolver(() => ID)
  id(@Root() { upload }: ImageValue) {
    return encodeId('upload', upload.id)
  }

  @FieldResolver(() => String)
  status(@Root() { upload }: ImageValue) {
    return upload.status
  }

  @FieldResolver(() => String, { nullable: true })
  url(@Ctx() context: Context, @Root() image: ImageValue, @Args(() => ImageUrlArgs) { size, format }: ImageUrlArgs) {
    return imageUrl(context, image, size, format)
  }

  @FieldResolver(() => Int)
  width(@Root() { upload }: ImageValue, @Args(() => ImageSizeArgs) { size }: ImageSizeArgs) {
    return fitted(upload.width ?? 0, upload.height ?? 0, size).width
  }

  @FieldResolver(() => Int)
  height(@Root() { upload }: ImageValue, @Args(() => ImageSizeArgs) { size }: ImageSizeArgs) {
    return fitted(upload.width ?? 0, upload.height ?? 0, size).height
  }

  @FieldResolver(() => String, { nullable: true })
  averageColor(@Root() { upload }: ImageValue) {
    return upload.averageColor
  }
}

@Resolver(() => StoredFile)
export class StoredFileResolver {
  @FieldResolver(() => ID)
  id(@Root() { upload }: FileValue) {
    return encodeId('upload', upload.id)
  }

  @FieldResolver(() => String)
  filename(@Root() { upload }: FileValue) {
    return upload.filename
  }

  @FieldResolver(() => String)
  mediaType(@Root() { upload }: FileValue) {
    return upload.mediaType
  }

  @FieldResolver(() => Int)
  bytes(@Root() { upload }: FileValue) {
    return upload.bytes
  }

  @FieldResolver(() => String)
  url(@Ctx() context: Context, @Root() file: FileValue) {
    return storedFileUrl(context, file)
  }
}

@Resolver(() => Viewer)
export class UploadViewerResolver {
  @FieldResolver(() => UploadConnection, { description: 'What the viewer has uploaded, the latest first.' })
  async uploads(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const { accountId } = signedIn(context)
    return new Connection(await context.loaders.page(accountUploads, accountId, toPageRequest(page)), () =>
      context.loaders.count(accountUploadCount, accountId),
    )
  }

  @FieldResolver(() => UploadQuota)
  async uploadQuota(@Ctx() context: Context) {
    const used = await usedBytes(context.deps.db, signedIn(context).accountId)
    return { used, limit: context.deps.uploads.quotaBytes }
  }
}
