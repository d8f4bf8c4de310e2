import { notFound } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { billGroupSubject, billSubject } from '../bill/subject.ts'
import { postSubject } from '../blog/subject.ts'
import { messageSubject, roomSubject } from '../chat/subject.ts'
import { movieSubject, showtimeSubject } from '../cinema/subject.ts'
import { commentSubject } from '../comment/subject.ts'
import { pollSubject } from '../poll/subject.ts'
import { recipeSubject } from '../recipe/subject.ts'
import { reviewSubject } from '../review/subject.ts'
import { orderSubject, productSubject } from '../shop/subject.ts'
import { surveySubject } from '../survey/subject.ts'
import type { Viewer } from '../viewer.ts'
import { workoutSubject } from '../workout/subject.ts'
import type { FindSubject, Subject, SubjectKind, SubjectRef, SubjectRules } from './rules.ts'

/** Every kind of thing that can be commented on, reacted to or reported. A new room adds its own here. */
const RULES: Readonly<Record<SubjectKind, SubjectRules>> = {
  POST: postSubject,
  COMMENT: commentSubject,
  ROOM: roomSubject,
  MESSAGE: messageSubject,
  POLL: pollSubject,
  SURVEY: surveySubject,
  MOVIE: movieSubject,
  SHOWTIME: showtimeSubject,
  WORKOUT: workoutSubject,
  RECIPE: recipeSubject,
  REVIEW: reviewSubject,
  PRODUCT: productSubject,
  ORDER: orderSubject,
  BILL_GROUP: billGroupSubject,
  BILL: billSubject,
}

const BY_PREFIX = new Map(Object.values(RULES).map((rules) => [rules.idPrefix, rules]))

export const rulesOf = (kind: SubjectKind): SubjectRules => RULES[kind]

export const findSubject: FindSubject = (db, viewer, ref) => RULES[ref.kind].find(db, viewer, ref.id, findSubject)

/** @throws DomainError `NOT_FOUND` when there is no such subject or the viewer may not see it. */
export async function getSubject(
  db: Executor,
  viewer: Viewer | null,
  ref: SubjectRef,
  path: readonly string[],
): Promise<Subject> {
  const subject = await findSubject(db, viewer, ref)
  if (subject === null) throw notFound(RULES[ref.kind].idPrefix, path)
  return subject
}

const every = (): boolean => true

/** @throws DomainError `NOT_FOUND` for an id of a kind that is no subject, or none that `accepts`. */
export function decodeSubjectRef(
  id: string,
  path: readonly string[],
  accepts: (rules: SubjectRules) => boolean = every,
): SubjectRef {
  const parsed = parseId(id)
  const rules = parsed === null ? undefined : BY_PREFIX.get(parsed.prefix)
  if (parsed === null || rules === undefined || !accepts(rules)) throw notFound('subject', path)
  return { kind: rules.kind, id: parsed.uuid }
}
