/** Why something could not be read, or is not to be believed. The sentences are for people. */
const REASONS = {
  MALFORMED: 'This is not a message of this protocol.',
  FOREIGN_ROOM: 'This was written for another room.',
  WRONG_SENDER: 'The server names another author than the device that signed this.',
  UNKNOWN_DEVICE: 'Nobody knows the device that this claims to be from.',
  REVOKED_DEVICE: 'The device that this is from was revoked before it was written.',
  BAD_DEVICE: 'The keys of this device are not signed by its own identity key.',
  KEY_CHANGED: 'The server shows another key for a device than it did before.',
  BAD_SIGNATURE: 'This was not signed by the device that it claims to be from.',
  NOT_FOR_THIS_DEVICE: 'This was written before this device could read here.',
  REPLAYED: 'This message was seen before, under another id.',
  TOO_FAR_AHEAD: 'More messages are missing before this one than can be waited for.',
  TAMPERED: 'This was changed on its way.',
  TOO_LONG: 'This message is too long.',
} as const

export type EncryptionErrorCode = keyof typeof REASONS

export class EncryptionError extends Error {
  override readonly name = 'EncryptionError'

  constructor(
    readonly code: EncryptionErrorCode,
    options?: { cause: unknown },
  ) {
    super(REASONS[code], options)
  }
}
