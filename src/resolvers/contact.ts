import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { accountById } from '../db/relations/account.ts'
import { type Contact as FoundContact, findContacts, MAX_CONTACT_HASHES } from '../domain/contact.ts'
import { isSignedIn, Rule } from '../permissions/rules.ts'
import { Account } from '../schema/account.ts'
import { Contact } from '../schema/contact.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { Costs } from '../schema/cost.ts'

@Resolver(() => Contact)
export class ContactResolver {
  @Query(() => [Contact], {
    nullable: true,
    description: `Members by the SHA-256 of their e-mail address (trimmed, lower case, UTF-8), in lower-case hex; at most ${MAX_CONTACT_HASHES} at once. Only those who made themselves \`discoverable\`; all others are left out, as if there were none. Each hash counts against a day’s budget: \`RATE_LIMITED\`.`,
  })
  @Rule(isSignedIn)
  @Costs({ perItemOf: 'emailHashes' })
  findContacts(@Ctx() context: Context, @Arg('emailHashes', () => [String]) emailHashes: string[]) {
    return findContacts(context.deps, signedIn(context), context.origin, emailHashes)
  }

  @FieldResolver(() => Account)
  account(@Ctx() { loaders }: Context, @Root() contact: FoundContact) {
    return loaders.one(accountById, contact.accountId)
  }
}
