import { rule } from 'graphql-shield'
import { Extensions } from 'type-graphql'
import { forbidden, unauthenticated } from '../core/errors.ts'
import { isAdmin as hasAdminRole, isStaff as hasStaffRole } from '../domain/viewer.ts'
import type { Context } from '../schema/context.ts'

/** A graphql-shield rule; `@Rule(isSignedIn)` beside a resolver puts it on the field. */
export type FieldRule = ReturnType<ReturnType<typeof rule>>

/** Where a field's extensions keep its rule, for the guard and for the house test. */
export const RULE = 'rule'

/** Who may use this field. Every root field must say so; one that does not is closed, and fails the house test. */
export const Rule = (fieldRule: FieldRule): MethodDecorator & PropertyDecorator => Extensions({ [RULE]: fieldRule })

/** Where the extensions of a field say that it needs no session, not even where a cookie brings one that has ended. */
export const OPENS_SESSION = 'opensSession'

/** For the mutations that a browser with a stale cookie needs: those that open, renew or end a session. */
export const OpensSession: MethodDecorator & PropertyDecorator = Extensions({ [OPENS_SESSION]: true })

/** Rules look at the context only. One that read the database for each row of a list would undo the batching. */
const sentence = (holds: (context: Context) => true | Error): FieldRule =>
  rule({ cache: 'no_cache' })((_parent: unknown, _args: unknown, context: Context) => holds(context))

const whenSignedIn = (may: (context: Context) => boolean, refusal: string) =>
  sentence((context) => {
    if (context.viewer === null) return unauthenticated()
    return may(context) || forbidden(refusal)
  })

export const everyone = sentence(() => true)

export const isSignedIn = whenSignedIn(() => true, '')

export const isStaff = whenSignedIn((context) => hasStaffRole(context.viewer), 'Only staff may do this.')

export const isAdmin = whenSignedIn((context) => hasAdminRole(context.viewer), 'Only an administrator may do this.')
