import type { Uuid } from '../../core/ids.ts'
import type { Viewer } from '../viewer.ts'

/**
 * The name of a device, when it was seen and what is left of its prekeys are its owner's business; its public keys are
 * every member's, so that anybody can be written to. Nobody else may change it, staff included.
 */
export const isOwnDevice = (viewer: Viewer | null, device: { readonly accountId: Uuid }): boolean =>
  viewer !== null && viewer.accountId === device.accountId

/** Who may look at public keys: members. Visitors have no use for them. */
export const canSeeDevices = (viewer: Viewer | null): boolean => viewer !== null
