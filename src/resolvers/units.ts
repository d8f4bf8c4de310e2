import type { UnitPreference } from '../domain/recipe/units.ts'
import { settingsOf } from '../loaders/account.ts'
import type { Context } from '../schema/context.ts'

/** In which units amounts are shown: those that are asked for, else the viewer's own, and to nobody as they were written. */
export async function unitsFor(context: Context, asked: UnitPreference | null | undefined): Promise<UnitPreference> {
  if (asked != null) return asked
  const { viewer, loaders } = context
  return viewer === null ? 'AS_WRITTEN' : ((await settingsOf(loaders, viewer.accountId))?.units ?? 'AS_WRITTEN')
}
