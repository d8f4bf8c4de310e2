import { postById } from '../db/relations/blog.ts'
import { commentById } from '../db/relations/comment.ts'
import type { SubjectKind, SubjectRef } from '../domain/subject/rules.ts'
import type { Context } from '../schema/context.ts'

type SubjectRow = { readonly __typename: string } | null

/** How the row of each kind of subject is loaded. Whoever calls has made sure that the viewer may see it. */
const LOAD: Readonly<Record<SubjectKind, (context: Context, id: string) => Promise<SubjectRow>>> = {
  POST: ({ loaders }, id) => loaders.one(postById, id),
  COMMENT: ({ loaders }, id) => loaders.one(commentById, id),
}

export const loadSubject = (context: Context, { kind, id }: SubjectRef): Promise<SubjectRow> => LOAD[kind](context, id)
