import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiskStorage } from './disk.ts'
import { createS3Storage, type S3Settings } from './s3.ts'
import type { Storage } from './storage.ts'

/** In a bucket when there is one, else below the data directory. */
export const createStorage = ({ s3, dataDirectory }: { s3: S3Settings | null; dataDirectory: string }): Storage =>
  s3 === null
    ? createDiskStorage(join(dataDirectory, 'files'))
    : createS3Storage(s3, join(tmpdir(), `atrium-incoming-${process.getuid?.() ?? 0}`))
