/** A post that the examples speak of. */
export interface ExamplePost {
  readonly id: string
  readonly slug: string
  readonly author: { readonly handle: string }
}

interface Credentials {
  readonly email: string
  readonly password: string
}

/** Finds that post: the newest one that a visitor without an account may read. */
export const EXAMPLE_POST = `query PlaygroundExamplePost {
  posts(first: 1) { nodes { id slug author { handle } } }
}`

/** Finds a showtime whose seats can be held: not the very next one, which may begin while the reader looks at it. */
export const EXAMPLE_SHOWTIME = `query PlaygroundExampleShowtime {
  showtimes(first: 12) { nodes { id } }
}`

export interface ExampleShowtime {
  readonly id: string
}

/** Finds something of the shop that can be bought. */
export const EXAMPLE_PRODUCT = `query PlaygroundExampleProduct {
  products(first: 1, filter: { inStock: true }) { nodes { variants { id available } } }
}`

export interface ExampleProduct {
  readonly variants: readonly { readonly id: string; readonly available: number }[]
}

/** The variables that all examples share. Without posts or demo people they hold words that show what belongs there. */
export function exampleVariables(
  post: ExamplePost | undefined,
  person: Credentials | undefined,
  showtime: ExampleShowtime | undefined,
  product?: ExampleProduct | undefined,
) {
  return {
    author: post?.author.handle ?? 'a-handle',
    slug: post?.slug ?? 'a-slug',
    postId: post?.id ?? 'post_…',
    text: 'cursor',
    email: person?.email ?? 'you@example.com',
    password: person?.password ?? 'your password',
    showtimeId: showtime?.id ?? 'showtime_…',
    holdId: 'hold_…',
    variantId: product?.variants.find(({ available }) => available > 0)?.id ?? 'variant_…',
    cartToken: null as string | null,
    total: { amount: '0.00', currency: 'EUR' },
    checkoutKey: `checkout-${Date.now()}`,
    orderId: 'order_…',
  }
}
