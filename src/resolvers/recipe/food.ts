import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { countRows } from '../../db/queries/page.ts'
import { findFoods, findLabels, foodsNamed, labelsNamed } from '../../db/queries/recipe/catalogue.ts'
import { type FoodRow, foodById } from '../../db/relations/recipe/recipe.ts'
import { recogniseFoods } from '../../domain/recipe/catalogue.ts'
import { foodKey } from '../../domain/recipe/food-key.ts'
import { foodFacet } from '../../domain/recipe/rules.ts'
import { UNITS } from '../../domain/recipe/units.ts'
import { recipeCountByFood } from '../../loaders/recipe.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Food, FoodConnection, Nutrition, Unit } from '../../schema/recipe/food.ts'
import { RecipeConnection, RecipeLabelConnection } from '../../schema/recipe/recipe.ts'
import { plain } from '../blog/list.ts'
import type { NodeType } from '../node-type.ts'
import { listRecipes } from './list.ts'

export const foodNode: NodeType = {
  typename: 'Food',
  prefix: 'food',
  load: ({ loaders }, id) => loaders.one(foodById, id),
}

const MAX_UNITS = 50

@Resolver(() => Food)
export class FoodResolver {
  @Query(() => FoodConnection, { description: 'Foods of the catalogue, by name.' })
  @Rule(everyone)
  async foods(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('prefix', () => String, {
      nullable: true,
      description: 'Only those of which a name begins so; other names than the one that is shown count as well.',
    })
    prefix: string | undefined,
  ) {
    const source = foodsNamed(prefix == null ? undefined : foodKey(prefix.slice(0, 120)))
    return new Connection(await findFoods(deps.db, source, toPageRequest(page)), () => countRows(deps.db, source))
  }

  @Query(() => Food, {
    nullable: true,
    description:
      'The food that an ingredient of this name would be: `zucchini` is `courgette`. `NOT_FOUND` if none is.',
  })
  @Rule(everyone)
  async food(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    const wanted = plain(name).slice(0, 120)
    const id = (await recogniseFoods(context.deps.db, [wanted])).get(wanted)
    if (id === undefined) throw notFound('food', ['name'])
    return context.loaders.one(foodById, id)
  }

  @Query(() => [Unit], { description: 'The units that ingredients can have.' })
  @Rule(everyone)
  @Costs({ atMost: MAX_UNITS })
  units() {
    return UNITS
  }

  @Query(() => RecipeLabelConnection, { description: 'Labels of recipes, by name: what others have made up.' })
  @Rule(everyone)
  async recipeLabels(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('prefix', () => String, { nullable: true }) prefix: string | undefined,
  ) {
    const source = labelsNamed(prefix == null ? undefined : plain(prefix).slice(0, 60))
    return new Connection(await findLabels(deps.db, source, toPageRequest(page)), () => countRows(deps.db, source))
  }

  @FieldResolver(() => Nutrition, { nullable: true })
  nutrition(@Root() food: FoodRow) {
    return food.energyKcal === null ? null : food
  }

  @FieldResolver(() => Int)
  recipeCount(@Ctx() { loaders }: Context, @Root() food: FoodRow) {
    return recipeCountByFood(loaders, food.id)
  }

  @FieldResolver(() => RecipeConnection, { description: 'Published recipes with it, the newest first.' })
  recipes(@Ctx() context: Context, @Root() food: FoodRow, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return listRecipes(context, { withFacets: [foodFacet(food.id)] }, 'NEWEST', page)
  }
}
