import { Extensions } from 'type-graphql'

/** Where a field's extensions say that its value depends on who asks. */
export const DEPENDS_ON_VIEWER = 'dependsOnViewer'

/**
 * For the fields whose value depends on the viewer: every `viewer…` field, others that not all see alike, and subscriptions
 * to what is the viewer’s own. A subscription that selects one is executed for each viewer, all others once for all who
 * listen.
 */
export const DependsOnViewer: MethodDecorator & PropertyDecorator = Extensions({ [DEPENDS_ON_VIEWER]: true })
