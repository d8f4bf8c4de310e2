import { Field, InputType } from 'type-graphql'
import type { ImportProblem } from '../../domain/recipe/import/page.ts'
import type { PageProblem as PageProblemName } from '../../gateways/web-page/web-page.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { GraphObject } from '../object.ts'
import { payloadOf, UserError } from '../user-error.ts'
import { Recipe } from './recipe.ts'

export const PageProblem = enumOf<PageProblemName | ImportProblem>('PageProblem', 'Why nothing came of a page.', {
  ADDRESS_NOT_ALLOWED: 'Only pages of the public internet are fetched, over http or https at their usual ports.',
  UNREACHABLE: 'Nobody answered.',
  TIMED_OUT: 'It took too long.',
  TOO_MANY_REDIRECTS: 'It led on and on.',
  TOO_LARGE: 'It is too large for a page.',
  NO_PAGE: 'What came is no web page.',
  NO_RECIPE: 'The page has no recipe as structured data.',
  BROKEN_JSON_LD: 'The structured data of the page cannot be read.',
  TOO_COMPLEX: 'Reading it takes more time or memory than a page may take.',
})

@GraphObject('A recipe could not be taken from a page.', [UserError])
export class PageNotUsable extends UserError {
  @Field(() => PageProblem)
  reason: PageProblemName | ImportProblem
}

@GraphObject('Something on a page that did not become part of the recipe as it stands there.')
export class UnreadPart {
  @Field(() => String, { description: 'Of the recipe: `cookMinutes`, `ingredients`.' })
  field: string

  @Field(() => String, { description: 'A sentence for people.' })
  message: string

  @Field(() => String, { description: 'As the page has it, shortened.' })
  text: string
}

@GraphObject('What came of a page.')
export class ImportedRecipe {
  @Field(() => Recipe, { description: 'A draft of the viewer.' })
  recipe: Recipe

  @Field(() => String, { nullable: true, description: 'Whom the page names as its author.' })
  author: string | null

  @Field(() => [String], {
    description: 'Where the page has pictures. None is fetched: whoever may use one uploads it.',
  })
  imageUrls: string[]

  @Costs({ atMost: 100 })
  @Field(() => [UnreadPart], { description: 'What to look at before publishing.' })
  unread: UnreadPart[]
}

@InputType({ description: 'Either `html` or `url`.' })
export class ImportRecipeInput {
  @Field(() => String, {
    nullable: true,
    description: 'A page, or the part of it that holds the structured data (JSON-LD or microdata of schema.org).',
  })
  html?: string

  @Field(() => String, { nullable: true, description: 'An http or https address of the public internet.' })
  url?: string

  @Field(() => String, {
    nullable: true,
    description: 'The same key and input again gets the first answer. 8 to 100 printable characters.',
  })
  idempotencyKey?: string
}

export const ImportRecipePayload = payloadOf(
  'ImportRecipePayload',
  'imported',
  () => ImportedRecipe,
  'What came of it.',
)
