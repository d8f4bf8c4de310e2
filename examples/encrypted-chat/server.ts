/** A device as the server shows it. */
export interface PublicDevice {
  readonly id: string
  readonly accountId: string
  readonly identityKey: string
  readonly agreementKey: string
  readonly agreementKeySignature: string
  readonly revokedAt: string | null
}

export interface OneTimePrekey {
  readonly keyId: number
  readonly publicKey: string
}

export interface SignedPrekey extends OneTimePrekey {
  readonly signature: string
}

export interface NewDevice {
  readonly label: string
  readonly identityKey: string
  readonly agreementKey: string
  readonly agreementKeySignature: string
  readonly signedPrekey: SignedPrekey
  readonly oneTimePrekeys: readonly OneTimePrekey[]
  readonly idempotencyKey: string
}

export interface ClaimedPrekey {
  readonly deviceId: string
  readonly signedPrekey: SignedPrekey
  readonly oneTimePrekey: OneTimePrekey | null
}

/** A message as the server keeps it. */
export interface StoredMessage {
  readonly id: string
  /** Null once the author's account is deleted. */
  readonly authorId: string | null
  /** Null for a deleted message. */
  readonly ciphertext: string | null
  readonly createdAt: string
  /** Its place in the stream: what to begin after. */
  readonly cursor: string
}

/** What the server does for encrypted rooms. Nothing that it answers is believed without a look at the signatures. */
export interface Server {
  accountId(): Promise<string>
  /** @returns the id of the device. */
  registerDevice(device: NewDevice): Promise<string>
  /** Null where there is none, or the viewer may not see it. `prekeysLeft` of one's own devices only. */
  device(id: string): Promise<(PublicDevice & { readonly prekeysLeft: number | null }) | null>
  uploadPrekeys(deviceId: string, prekeys: readonly OneTimePrekey[], renewed?: SignedPrekey): Promise<void>
  /** In the order of the ids; null when one of them is gone or revoked. */
  claimPrekeys(deviceIds: readonly string[]): Promise<ClaimedPrekey[] | null>
  /** Of all members of the room, one's own among them; those that are not revoked. */
  devicesOf(roomId: string): Promise<PublicDevice[]>
  /** The same now, and again after each change. */
  watchDevices(roomId: string): AsyncIterable<PublicDevice[]>
  /** @param clientId sent twice, it is one message. @returns the id of the message. */
  send(roomId: string, ciphertext: string, clientId: string): Promise<string>
  /** What came after the cursor (from the beginning for null), then what comes. */
  messages(roomId: string, after: string | null): AsyncIterable<StoredMessage>
}
