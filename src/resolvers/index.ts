import { AccountResolver, SessionResolver, ViewerResolver } from './account.ts'
import {
  BlogAuthorResolver,
  BlogViewerResolver,
  CategoryResolver,
  PostEdgeResolver,
  PostResolver,
  TagResolver,
} from './blog.ts'
import { CommentableResolver, CommentResolver } from './comment.ts'
import { NodeResolver } from './node.ts'
import { ReactableResolver, ReactionResolver } from './reaction.ts'
import { ReportResolver } from './report.ts'

/** Every door of the graph. */
export const RESOLVERS = [
  NodeResolver,
  AccountResolver,
  SessionResolver,
  ViewerResolver,
  PostResolver,
  PostEdgeResolver,
  BlogAuthorResolver,
  BlogViewerResolver,
  TagResolver,
  CategoryResolver,
  CommentResolver,
  CommentableResolver,
  ReactionResolver,
  ReactableResolver,
  ReportResolver,
] as const
