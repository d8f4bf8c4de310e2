import type { Uuid } from '../../core/ids.ts'
import { adoptGuestCart } from '../../domain/shop/cart.ts'
import type { Context } from '../../schema/context.ts'

/**
 * At sign-in, what a guest put into a cart comes along. The session is open even where that fails: `mergeCart` is left.
 */
export async function bringCart<Session extends { readonly accountId: Uuid }>(
  { deps }: Context,
  session: Session,
  token: string | null | undefined,
): Promise<Session> {
  try {
    if (token) await adoptGuestCart(deps, session, token)
  } catch (error) {
    deps.log.warn({ err: error }, 'A guest’s cart could not be brought along at sign-in')
  }
  return session
}
