import type { Uuid } from '../../core/ids.ts'

/** One file on its way in. */
export interface IncomingBytes {
  /** Counts a piece; answers what all files of this account have that come in now. */
  add(bytes: number): number
  /** It is kept, or dropped. */
  end(): void
}

/**
 * What is on its way into this server, by account. It lies on the disk before its quota counts it, and a slow line keeps it there
 * for minutes.
 */
export interface Incoming {
  begin(accountId: Uuid): IncomingBytes
}

export function createIncoming(): Incoming {
  const byAccount = new Map<Uuid, number>()
  const change = (accountId: Uuid, bytes: number): number => {
    const total = (byAccount.get(accountId) ?? 0) + bytes
    if (total === 0) byAccount.delete(accountId)
    else byAccount.set(accountId, total)
    return total
  }
  return {
    begin(accountId) {
      let own = 0
      return {
        add(bytes) {
          own += bytes
          return change(accountId, bytes)
        },
        end() {
          change(accountId, -own)
          own = 0
        },
      }
    },
  }
}
