import { jwtVerify, SignJWT } from 'jose'
import { encodeId, parseId, type Uuid } from '../../core/ids.ts'
import type { Deps } from '../deps.ts'
import { NOTIFICATION_KINDS, type NotificationKind } from './kinds.ts'
import { setPreference } from './preference.ts'

/** Its own type, so that neither kind of token can be used in the place of the other. It does not end: mails are kept. */
const HEADER = { alg: 'HS256', typ: 'unsubscribe+jwt' } as const

export const UNSUBSCRIBE_PATH = '/notifications/unsubscribe'

/** A link that ends the mails of one kind for one account, and can do nothing else. */
export async function unsubscribeUrl(
  { publicUrl, jwtSecret }: Pick<Deps, 'publicUrl' | 'jwtSecret'>,
  accountId: Uuid,
  kind: NotificationKind,
): Promise<string> {
  const token = await new SignJWT({ kind })
    .setProtectedHeader(HEADER)
    .setSubject(encodeId('account', accountId))
    .sign(jwtSecret)
  return `${publicUrl()}${UNSUBSCRIBE_PATH}?token=${token}`
}

async function readToken(
  secret: Uint8Array,
  token: string,
): Promise<{ accountId: Uuid; kind: NotificationKind } | null> {
  try {
    const { payload } = await jwtVerify(token, secret, { algorithms: [HEADER.alg], typ: HEADER.typ })
    const account = parseId(payload.sub ?? '')
    const kind = NOTIFICATION_KINDS.find((each) => each === payload.kind)
    return account?.prefix === 'account' && kind !== undefined ? { accountId: account.uuid, kind } : null
  } catch {
    return null
  }
}

/** Whether the link is one of ours. */
export const isUnsubscribeToken = async (deps: Pick<Deps, 'jwtSecret'>, token: string): Promise<boolean> =>
  (await readToken(deps.jwtSecret, token)) !== null

/** Answers whether the link is one of ours. That of an account that is gone does nothing. */
export async function unsubscribe(deps: Pick<Deps, 'db' | 'jwtSecret'>, token: string): Promise<boolean> {
  const told = await readToken(deps.jwtSecret, token)
  if (told === null) return false
  await setPreference(deps.db, told.accountId, told.kind, { email: 'NEVER' })
  return true
}
