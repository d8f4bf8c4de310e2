import { DomainError, invalidInput } from '../../../core/errors.ts'
import type { Uuid } from '../../../core/ids.ts'
import { PageError } from '../../../gateways/web-page/web-page.ts'
import type { Deps } from '../../deps.ts'
import { findAnswered, once } from '../../idempotency.ts'
import { checkInput } from '../../input.ts'
import { spend } from '../../rate.ts'
import type { Viewer } from '../../viewer.ts'
import { newRecipeInput } from '../content.ts'
import { insertRecipe } from '../recipe.ts'
import type { ImportProblem } from './page.ts'
import { readPageAside } from './read-page.ts'
import type { ReadRecipe, Unread } from './read-recipe.ts'

export interface ImportInput {
  /** A whole page, or the part of it with the structured data. */
  html?: string | null | undefined
  url?: string | null | undefined
  idempotencyKey?: string | null | undefined
}

export interface Imported {
  readonly recipeId: Uuid
  readonly author: string | null
  readonly imageUrls: readonly string[]
  readonly unread: readonly Unread[]
}

const unusable = (reason: string, message: string, field: string): DomainError =>
  new DomainError('PAGE_NOT_USABLE', message, ['input', field], { reason })

const TOLD: Readonly<Record<ImportProblem, string>> = {
  NO_RECIPE: 'This page has no recipe as structured data (schema.org).',
  BROKEN_JSON_LD: 'The structured data of this page is broken: it is no JSON.',
  TOO_COMPLEX: 'This page is too complex to be read.',
}

/** @throws DomainError `PAGE_NOT_USABLE`. */
async function recipeOf(html: string, field: string): Promise<ReadRecipe> {
  const reading = await readPageAside(html)
  if ('problem' in reading) throw unusable(reading.problem, TOLD[reading.problem], field)
  return reading.read
}

async function pageOf(
  deps: Deps,
  { html, url }: ImportInput,
): Promise<{ html: string; url: string | null; field: string }> {
  if (html != null) return { html, url: null, field: 'html' }
  try {
    return { ...(await deps.webPages.fetch(url ?? '')), field: 'url' }
  } catch (error) {
    if (error instanceof PageError) throw unusable(error.problem, error.message, 'url')
    throw error
  }
}

/**
 * Makes a draft of the viewer from a page's own structured data. The page is fetched before anything is written, and what
 * cannot be read of it is listed.
 * @throws DomainError `INVALID_INPUT`, `PAGE_NOT_USABLE`, `RATE_LIMITED`, `CONFLICT`.
 */
export async function importRecipe(deps: Deps, viewer: Viewer, input: ImportInput): Promise<Imported> {
  if ((input.html == null) === (input.url == null)) throw invalidInput(['input'], 'Give either `html` or `url`.')
  // The page may be another one by now, or gone: a repeated request is answered before it is asked again.
  const first = await findAnswered<Imported>(deps.db, viewer.accountId, 'importRecipe', input)
  if (first !== null) return first.answer
  await spend(deps.recipeImports, viewer.accountId)
  const { html, url, field } = await pageOf(deps, input)
  const { recipe, author, imageUrls, unread } = await recipeOf(html, field)
  const checked = checkInput(newRecipeInput, { ...recipe, sourceUrl: url })
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'importRecipe', input, async () => {
      const recipeId = await insertRecipe(deps, tx, viewer, checked)
      return { recipeId, author, imageUrls, unread }
    }),
  )
}
