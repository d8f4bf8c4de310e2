import { eq } from 'drizzle-orm'
import type { Uuid } from '../core/ids.ts'
import type { Executor } from '../db/database.ts'
import { findPollStanding } from '../db/queries/poll.ts'
import { accounts } from '../db/tables/account.ts'
import { posts } from '../db/tables/blog.ts'
import { insertAccount } from '../domain/account/account.ts'
import { hashPassword } from '../domain/account/password.ts'
import { createPost, type NewPost } from '../domain/blog/post.ts'
import { publishPost } from '../domain/blog/publication.ts'
import { createCategory, createTag } from '../domain/blog/taxonomy.ts'
import { acceptInvitation, inviteToRoom } from '../domain/chat/invitation.ts'
import { type NewMessage, sendMessage } from '../domain/chat/message.ts'
import { createRoom, type NewRoom, openDirectRoom } from '../domain/chat/room.ts'
import { addComment } from '../domain/comment/comment.ts'
import type { Deps } from '../domain/deps.ts'
import { createPoll, type NewPoll } from '../domain/poll/poll.ts'
import { castVote } from '../domain/poll/vote.ts'
import { addReaction, type ReactionKind } from '../domain/reaction.ts'
import { createProductCategory, type NewProductCategory } from '../domain/shop/category.ts'
import { createCoupon, type NewCoupon } from '../domain/shop/coupon.ts'
import { createProduct, type NewProduct } from '../domain/shop/product.ts'
import { walk } from '../domain/survey/path.ts'
import type { SurveySettings } from '../domain/survey/settings.ts'
import { type Answer, readQuestions, submitSurvey } from '../domain/survey/submit.ts'
import { createSurvey } from '../domain/survey/survey.ts'
import type { Role, Viewer } from '../domain/viewer.ts'
import { CinemaWorld } from './cinema-world.ts'
import { RecipeWorld } from './recipe-world.ts'

type WorldQuestion = Omit<Partial<SurveySettings['questions'][number]>, 'rules'> & {
  text: string
  rules?: { ifOption?: number; goTo?: number }[]
}

interface WorldSurvey {
  title: string
  introduction?: string
  questions: WorldQuestion[]
}

export interface Person {
  handle: string
  name?: string
  role?: Role
  bio?: string
  password?: string
  isDemo?: boolean
}

/** Hashing takes its time by design, and the people of one world may share a password. */
const hashes = new Map<string, Promise<string>>()

/**
 * Builds people and what they made, through the same functions as everybody else; only what nobody may choose (a role,
 * a date in the past) is written directly. The demo data and the tests live in worlds.
 */
export class World {
  readonly cinema: CinemaWorld
  readonly recipes: RecipeWorld

  constructor(readonly deps: Deps) {
    this.cinema = new CinemaWorld(deps)
    this.recipes = new RecipeWorld(deps)
  }

  /** A member, as the viewer that domain functions expect. */
  async person({
    handle,
    name = handle,
    role = 'MEMBER',
    bio = '',
    password,
    isDemo = false,
  }: Person): Promise<Viewer> {
    const secret = password ?? 'a passphrase for this world'
    if (!hashes.has(secret)) hashes.set(secret, hashPassword(secret))
    const passwordHash = (await hashes.get(secret)) ?? ''
    const email = `${handle}@example.com`
    const accountId = await insertAccount(this.deps.db, { handle, email, name, role, bio, isDemo, passwordHash })
    return { accountId, sessionId: accountId, handle, role, expiresAt: new Date(8.64e15) }
  }

  tag = (staff: Viewer, name: string): Promise<Uuid> => createTag(this.deps, staff, { name })

  category = (staff: Viewer, name: string, description = ''): Promise<Uuid> =>
    createCategory(this.deps, staff, { name, description })

  draft = (author: Viewer, post: Partial<NewPost> = {}): Promise<Uuid> =>
    createPost(this.deps, author, { title: 'A post', body: 'Some words.', ...post })

  productCategory = (staff: Viewer, category: NewProductCategory): Promise<Uuid> =>
    createProductCategory(this.deps, staff, category)

  /** On sale, unless told otherwise. */
  product = (staff: Viewer, product: NewProduct): Promise<Uuid> =>
    createProduct(this.deps, staff, { isActive: true, ...product })

  coupon = (staff: Viewer, coupon: NewCoupon): Promise<Uuid> => createCoupon(this.deps, staff, coupon)

  /** `publishedAt` sets the clock back for posts that are older than the world. */
  async published(author: Viewer, post: Partial<NewPost> & { publishedAt?: Date } = {}): Promise<Uuid> {
    const { publishedAt, ...content } = post
    const id = await publishPost(this.deps, author, await this.draft(author, content))
    if (publishedAt !== undefined) await backdate(this.deps.db, id, publishedAt)
    return id
  }

  comment = (author: Viewer, postId: Uuid, body = 'A comment.', parentId?: Uuid): Promise<Uuid> =>
    addComment(this.deps, author, { on: { kind: 'POST', id: postId }, body, parentId })

  /** An open poll with the options `Tea` and `Coffee`, unless told otherwise. */
  poll = (owner: Viewer, poll: Partial<NewPoll> = {}): Promise<Uuid> =>
    createPoll(this.deps, owner, {
      question: 'Tea or coffee?',
      options: [{ label: 'Tea' }, { label: 'Coffee' }],
      choice: 'SINGLE',
      maxChoices: null,
      isAnonymous: true,
      resultsShown: 'ALWAYS',
      mayChangeVote: false,
      answersRevealed: null,
      explanation: null,
      isDraft: false,
      ...poll,
    })

  /** Votes for the options at these places, counted from 0. */
  async vote(member: Viewer, pollId: Uuid, ...positions: number[]): Promise<Uuid> {
    const options = (await findPollStanding(this.deps.db, pollId))?.optionRows ?? []
    return castVote(this.deps, member, { pollId, optionIds: positions.map((at) => options[at]?.id ?? '') })
  }

  /** An open, anonymous survey, its results shown after answering. */
  survey = (owner: Viewer, { title, introduction = '', questions }: WorldSurvey): Promise<Uuid> =>
    createSurvey(this.deps, owner, {
      title,
      introduction,
      isAnonymous: true,
      resultsShown: 'AFTER_VOTING',
      isDraft: false,
      questions: questions.map(({ rules = [], ...question }) => ({
        kind: 'SINGLE',
        isRequired: true,
        options: [],
        maxChoices: null,
        scale: null,
        ...question,
        rules: rules.map(({ ifOption = null, goTo = null }) => ({ ifOption, goTo })),
      })),
    })

  /** Answers the questions that the answers lead to, in order: places of options, a number of a scale, or words. */
  async answer(member: Viewer, surveyId: Uuid, given: readonly (number | readonly number[] | string)[]): Promise<Uuid> {
    const questions = await readQuestions(this.deps.db, surveyId)
    const answers: Answer[] = []
    for (const value of given) {
      const chosen = ({ id }: { id: Uuid }) => answers.find(({ questionId }) => questionId === id)?.optionIds ?? []
      const next = walk(questions, chosen)[answers.length]
      if (next === undefined) break
      const { id: questionId, kind, optionIds } = next
      if (typeof value === 'string') answers.push({ questionId, text: value })
      else if (kind === 'SCALE') answers.push({ questionId, number: Number(value) })
      else answers.push({ questionId, optionIds: [value].flat().map((at) => optionIds[at] ?? '') })
    }
    return submitSurvey(this.deps, member, { surveyId, answers })
  }

  /** A group of its owner and these members. */
  async room(owner: Viewer, room: Partial<NewRoom> = {}, members: readonly Viewer[] = []): Promise<Uuid> {
    const roomId = await createRoom(this.deps, owner, { title: 'A room', ...room })
    for (const member of members) {
      const invitation = await inviteToRoom(this.deps, owner, { roomId, accountId: member.accountId })
      await acceptInvitation(this.deps, member, invitation)
    }
    return roomId
  }

  direct = (one: Viewer, other: Viewer): Promise<Uuid> => openDirectRoom(this.deps, one, { accountId: other.accountId })

  say = (member: Viewer, roomId: Uuid, body: string, more: Partial<NewMessage> = {}): Promise<Uuid> =>
    sendMessage(this.deps, member, { roomId, body, ...more })

  react = (member: Viewer, postId: Uuid, kind: ReactionKind = 'LIKE') =>
    addReaction(this.deps, member, { on: { kind: 'POST', id: postId }, kind })
}

const backdate = (db: Executor, id: Uuid, at: Date) => {
  const publishedAt = at.toISOString()
  return db.orm
    .update(posts)
    .set({ publishedAt, createdAt: publishedAt, updatedAt: publishedAt })
    .where(eq(posts.id, id))
}

/** Whether anybody lives here yet. */
export async function isEmptyWorld(db: Executor): Promise<boolean> {
  const someone = await db.orm.select({ id: accounts.id }).from(accounts).limit(1)
  return someone.length === 0
}
