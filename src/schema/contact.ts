import { Field } from 'type-graphql'
import { Account } from './account.ts'
import { GraphObject } from './object.ts'

@GraphObject('Somebody who was found by the hash of their e-mail address.')
export class Contact {
  @Field(() => String, { description: 'Which of the hashes it was.' })
  emailHash: string

  @Field(() => Account)
  account: Account
}
