import type { RowOf } from '../db/relation.ts'
import type { devices } from '../db/tables/device.ts'

export type DeviceRow = RowOf<
  typeof devices,
  'signedPrekeyId' | 'signedPrekey' | 'signedPrekeySignature' | 'signedPrekeyAt' | 'lastPrekeyId'
>
