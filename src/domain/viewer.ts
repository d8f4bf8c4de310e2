import { forbidden } from '../core/errors.ts'
import type { Uuid } from '../core/ids.ts'

export const ROLES = ['MEMBER', 'CHEF', 'STAFF', 'ADMIN'] as const
export type Role = (typeof ROLES)[number]

/** Who is asking. Read from the database for each request: a role that was taken away is gone at once. */
export interface Viewer {
  readonly accountId: Uuid
  readonly sessionId: Uuid
  readonly handle: string
  readonly role: Role
  /** When the access token ends, and a socket that it opened with it. */
  readonly expiresAt: Date
}

export const isStaff = (viewer: Pick<Viewer, 'role'> | null): boolean =>
  viewer !== null && (viewer.role === 'STAFF' || viewer.role === 'ADMIN')

export const isAdmin = (viewer: Pick<Viewer, 'role'> | null): boolean => viewer?.role === 'ADMIN'

/** @throws DomainError `FORBIDDEN`. */
export function ensureStaff(viewer: Viewer): void {
  if (!isStaff(viewer)) throw forbidden('Only staff may do this.')
}
