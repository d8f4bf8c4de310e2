/** A post that the examples speak of. */
export interface ExamplePost {
  readonly id: string
  readonly slug: string
  readonly author: { readonly handle: string }
}

/** What the examples speak of: a post, and something of the shop that can be bought. */
export interface ExampleThings {
  readonly post?: ExamplePost | undefined
  readonly variantId?: string | undefined
}

interface Credentials {
  readonly email: string
  readonly password: string
}

/** The answer to `EXAMPLE_THINGS`. */
export interface ExampleAnswer {
  readonly posts: { readonly nodes: readonly ExamplePost[] }
  readonly products: {
    readonly nodes: readonly { readonly variants: readonly { readonly id: string; readonly available: number }[] }[]
  }
}

/** Finds them: the newest post that a visitor without an account may read, and the newest product that is not sold out. */
export const EXAMPLE_THINGS = `query PlaygroundExampleThings {
  posts(first: 1) { nodes { id slug author { handle } } }
  products(first: 1, filter: { inStock: true }) { nodes { variants { id available } } }
}`

/** Finds a showtime whose seats can be held: not the very next one, which may begin while the reader looks at it. */
export const EXAMPLE_SHOWTIME = `query PlaygroundExampleShowtime {
  showtimes(first: 12) { nodes { id } }
}`

export interface ExampleShowtime {
  readonly id: string
}

/** The variables that all examples share. Without posts or demo people they hold words that show what belongs there. */
export function exampleVariables(
  post: ExamplePost | undefined,
  person: Credentials | undefined,
  showtime: ExampleShowtime | undefined,
) {
export const exampleThings = ({ posts, products }: ExampleAnswer): ExampleThings => ({
  post: posts.nodes[0],
  variantId: products.nodes[0]?.variants.find(({ available }) => available > 0)?.id,
})

/**
 * The variables that all examples share. Without posts, products or demo people they hold words that show what belongs
 * there, and so do those that come with an answer: `Checkout` takes what `AddToCart` answered, `PayOrder` what it did.
 */
export function exampleVariables({ post, variantId }: ExampleThings, person: Credentials | undefined) {
  return {
    author: post?.author.handle ?? 'a-handle',
    slug: post?.slug ?? 'a-slug',
    postId: post?.id ?? 'post_…',
    text: 'cursor',
    email: person?.email ?? 'you@example.com',
    password: person?.password ?? 'your password',
    showtimeId: showtime?.id ?? 'showtime_…',
    holdId: 'hold_…',
    total: { amount: '0.00', currency: 'EUR' },
    checkoutKey: `checkout-${Date.now()}`,
    variantId: variantId ?? 'variant_…',
    cartToken: null as string | null,
    total: '0.00',
    checkoutKey: `playground-${Date.now().toString(36)}`,
    orderId: 'order_…',
  }
}
