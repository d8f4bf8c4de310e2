/** A post that the examples speak of. */
export interface ExamplePost {
  readonly id: string
  readonly slug: string
  readonly author: { readonly handle: string }
}

/** A workout that its owner shows, with the first of its exercises that are lifted. */
interface ExampleWorkout {
  readonly id: string
  readonly owner: { readonly handle: string }
  readonly exercises: readonly { readonly id: string; readonly exercise: { readonly kind: string } }[]
}

/** What the examples speak of: a post, something of the shop that can be bought, a showtime with free seats, a recipe, and workouts. */
export interface ExampleThings {
  readonly post?: ExamplePost | undefined
  readonly variantId?: string | undefined
  readonly showtimeId?: string | undefined
  readonly recipeId?: string | undefined
  readonly workouts?: readonly ExampleWorkout[] | undefined
}

interface Credentials {
  readonly handle: string
  readonly email: string
  readonly password: string
}

/** The answer to `EXAMPLE_THINGS`. */
export interface ExampleAnswer {
  readonly posts: { readonly nodes: readonly ExamplePost[] }
  readonly products: {
    readonly nodes: readonly { readonly variants: readonly { readonly id: string; readonly available: number }[] }[]
  }
  readonly showtimes: { readonly nodes: readonly { readonly id: string }[] }
  readonly recipes: { readonly nodes: readonly { readonly id: string }[] }
  readonly workouts: { readonly nodes: readonly ExampleWorkout[] }
}

/**
 * Finds them: the newest post that a visitor without an account may read, the newest product that is not sold out, a
 * showtime that is not the very next one, which may begin while the reader looks at it, the newest recipe, and the
 * latest workouts.
 */
export const EXAMPLE_THINGS = `query PlaygroundExampleThings {
  posts(first: 1) { nodes { id slug author { handle } } }
  products(first: 1, filter: { inStock: true }) { nodes { variants { id available } } }
  showtimes(first: 12) { nodes { id } }
  recipes(first: 1) { nodes { id } }
  workouts(first: 10) { nodes { id owner { handle } exercises { id exercise { kind } } } }
}`

export const exampleThings = ({ posts, products, showtimes, recipes, workouts }: ExampleAnswer): ExampleThings => ({
  post: posts.nodes[0],
  variantId: products.nodes[0]?.variants.find(({ available }) => available > 0)?.id,
  showtimeId: showtimes.nodes.at(-1)?.id,
  recipeId: recipes.nodes[0]?.id,
  workouts: workouts.nodes,
})

/** The calendar date in so many days, where the server's clock stands. */
const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/**
 * The variables that all examples share. Without posts, products or demo people they hold words that show what belongs
 * there, and so do those that come with an answer: `Checkout` takes what `AddToCart` answered, `PayOrder` and
 * `RefundOrder` what it did, `CheckIn` the code of a ticket, and `ImportExpenses` the id of a file that was sent.
 */
export function exampleVariables(
  { post, variantId, showtimeId, recipeId, workouts = [] }: ExampleThings,
  person: Credentials | undefined,
) {
  const workout = workouts.find(({ owner }) => owner.handle === person?.handle)
  const lift = workout?.exercises.find(({ exercise }) => exercise.kind === 'WEIGHT_AND_REPS')
  return {
    author: post?.author.handle ?? 'a-handle',
    slug: post?.slug ?? 'a-slug',
    postId: post?.id ?? 'post_…',
    text: 'cursor',
    email: person?.email ?? 'you@example.com',
    password: person?.password ?? 'your password',
    variantId: variantId ?? 'variant_…',
    showtimeId: showtimeId ?? 'showtime_…',
    holdId: 'hold_…',
    cartToken: null as string | null,
    total: '0.00',
    checkoutKey: `playground-${Date.now().toString(36)}`,
    orderId: 'order_…',
    coupon: 'WELCOME10',
    ticketCode: 'the code of a ticket',
    recipeId: recipeId ?? 'recipe_…',
    today: dayIn(0),
    inAWeek: dayIn(6),
    uploadId: 'upload_…',
    workoutId: workout?.id ?? 'workout_…',
    workoutExerciseId: lift?.id ?? 'workoutexercise_…',
    setKey: `playground-${Date.now().toString(36)}`,
    trainingFrom: dayIn(-27),
  }
}
