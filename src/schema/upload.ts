import { ArgsType, Field, Float, ID, InputType, Int } from 'type-graphql'
import type { UploadUse as UploadUseName } from '../domain/upload/uses.ts'
import type { ImageFormat as ImageFormatName, ImageSize as ImageSizeName } from '../gateways/image/image.ts'
import { connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { Node } from './node.ts'
import { GraphObject } from './object.ts'
import { DateTime } from './scalars.ts'
import { payloadOf } from './user-error.ts'

export const UploadUse = enumOf<UploadUseName>(
  'UploadUse',
  'What a file is sent for: `POST /uploads?use=AVATAR`. It decides what the file may be, and who will see it.',
  {
    AVATAR: 'A picture of at most 10 MB, for `updateProfile`. Public.',
    COVER: 'A picture for a post. Public.',
    PRODUCT_IMAGE: 'A picture of a product, from staff. Public.',
    RECIPE_IMAGE: 'A picture of a recipe. Public.',
    REVIEW_IMAGE: 'A picture in a review; for who sees the review, at addresses that end.',
    ATTACHMENT:
      'For a message: a picture, a PDF, a text, a sound, a film, an office document or an archive. For the members of the room.',
    SEALED_ATTACHMENT: 'For a message in an encrypted room: bytes that the server cannot read.',
    RECEIPT: 'A picture or a PDF, for its owner.',
    IMPORT: 'A table of values (CSV, UTF-8), for its owner.',
  },
)

export const UploadStatus = enumOf<'PROCESSING' | 'READY' | 'FAILED'>('UploadStatus', 'How far a file has come.', {
  PROCESSING: 'A picture that is being made ready. It has no addresses yet.',
  READY: 'It can be shown.',
  FAILED: 'It could not be read. Nothing of it was kept.',
})

export const ImageSize = enumOf<ImageSizeName>(
  'ImageSize',
  'How large a picture is asked for. It keeps its proportions, and is never enlarged.',
  {
    THUMBNAIL: 'At most 200 pixels on its longer side.',
    SMALL: 'At most 480 pixels.',
    MEDIUM: 'At most 1024 pixels.',
    LARGE: 'At most 2048 pixels.',
  },
)

export const ImageFormat = enumOf<ImageFormatName>('ImageFormat', 'How a picture is encoded.', {
  AVIF: 'The smallest; for browsers since 2022.',
  WEBP: 'For all browsers of today.',
  JPEG: 'For everything else. What is transparent becomes white.',
})

@ArgsType()
export class ImageSizeArgs {
  @Field(() => ImageSize, { defaultValue: 'MEDIUM' })
  size: ImageSizeName
}

@ArgsType()
export class ImageUrlArgs extends ImageSizeArgs {
  @Field(() => ImageFormat, { defaultValue: 'WEBP' })
  format: ImageFormatName
}

@GraphObject(
  'A picture that was uploaded: upright, without metadata, the first frame of a moving one. For `<picture>`, ask for several formats under aliases.',
)
export class Image {
  @Field(() => ID, { description: 'Of its upload, by which mutations name it.' })
  id: string

  @Field(() => UploadStatus)
  status: 'PROCESSING' | 'READY' | 'FAILED'

  @Field(() => String, {
    nullable: true,
    description:
      'Null until it is ready. The address of what not everybody may see is good for 15 to 30 minutes; ask again for another.',
  })
  url: string | null

  @Field(() => Int, { description: 'In this size.' })
  width: number

  @Field(() => Int, { description: 'In this size.' })
  height: number

  @Field(() => String, { description: 'What it shows, for those who do not see it.' })
  alt: string

  @Field(() => String, { nullable: true, description: 'To be shown until it has come: `#8a9b4c`.' })
  averageColor: string | null
}

@GraphObject('A file that was uploaded and is no picture.')
export class StoredFile {
  @Field(() => ID, { description: 'Of its upload.' })
  id: string

  @Field(() => String)
  filename: string

  @Field(() => String, { description: 'Found in its content: `application/pdf`.' })
  mediaType: string

  @Field(() => Int)
  bytes: number

  @Field(() => String, { description: 'Saves it. Good for 15 to 30 minutes; ask again for another.' })
  url: string
}

@GraphObject('A file that the viewer has sent to `POST /uploads`. Its owner alone sees it as such.', [Node])
export class Upload extends Node {
  @Field(() => UploadUse)
  use: UploadUseName

  @Field(() => UploadStatus)
  status: 'PROCESSING' | 'READY' | 'FAILED'

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  problem: string | null

  @Field(() => String, { description: 'As it was called, without what could do harm.' })
  filename: string

  @Field(() => Int, { description: 'What it takes of the quota; of a picture, all its sizes together.' })
  bytes: number

  @Field(() => Image, { nullable: true, description: 'Null for what is no picture.' })
  image: Image | null

  @Field(() => StoredFile, { nullable: true, description: 'Null for a picture.' })
  file: StoredFile | null

  @Field(() => Boolean, { description: 'Something shows it. An upload is used once.' })
  isUsed: boolean

  @Field(() => DateTime, { nullable: true, description: 'When it goes unless it is used; null for one that is.' })
  expiresAt: string | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: UploadConnection } = connectionOf(Upload)

@GraphObject('How much room there is for the viewer’s files.')
export class UploadQuota {
  @Field(() => Float, { description: 'Bytes.' })
  used: number

  @Field(() => Float, { description: 'Bytes.' })
  limit: number
}

@InputType()
export class DiscardUploadInput {
  @Field(() => ID)
  id: string
}

export const DiscardUploadPayload = payloadOf(
  'DiscardUploadPayload',
  'discardedId',
  () => ID,
  'The upload that is gone.',
)
