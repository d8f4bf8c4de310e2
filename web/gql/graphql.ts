/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type AddCommentInput = {
  /** Markdown of 1 to 10,000 characters: emphasis, links, lists, quotes and code. */
  body: string;
  /** The same key and input again gets the first answer. 8 to 100 characters. */
  idempotencyKey?: string | null | undefined;
  /** The comment to reply to, on the same subject. */
  parentId?: string | number | null | undefined;
  /** The post, … to comment on. */
  subjectId: string | number;
};

/** What became of a comment. */
export type CommentState =
  /** Its author deleted it; its place in the thread stays. */
  | 'DELETED'
  /** It was reported and waits for a moderator; its author and moderators can read it. */
  | 'HELD'
  /** A moderator took it away; its place in the thread stays. */
  | 'REMOVED'
  /** Everybody can read it. */
  | 'VISIBLE';

/** Posts must meet every condition that is given. */
export type PostFilter = {
  /** Handle of the author. */
  author?: string | null | undefined;
  /** Slug of a category. */
  category?: string | null | undefined;
  /** Published before this time. */
  publishedBefore?: string | null | undefined;
  /** Published at this time or later. */
  publishedFrom?: string | null | undefined;
  /** Slugs; posts with all of these tags. */
  tags?: Array<string> | null | undefined;
  /** Words as in a web search: `graphql server`, `"exact phrase"`, `tea or coffee`, `tea -green`. */
  text?: string | null | undefined;
};

/** In which order posts are listed. */
export type PostOrder =
  /** The latest publication first. */
  | 'NEWEST'
  /** The earliest publication first. */
  | 'OLDEST'
  /** The best match of `filter.text` first; without a text the same as `NEWEST`. */
  | 'RELEVANCE';

/** Where a post is in its life. */
export type PostStatus =
  /** It was taken off the lists; its author can bring it back. */
  | 'ARCHIVED'
  /** Its author is writing. Nobody else can see it. */
  | 'DRAFT'
  /** Everybody can read it. */
  | 'PUBLISHED'
  /** It appears at `publishAt`. Nobody else can see it until then. */
  | 'SCHEDULED';

export type ReactionInput = {
  /** Any one emoji, instead of a kind: `🎉`. `👍` is the same as `LIKE`. */
  emoji?: string | null | undefined;
  kind?: ReactionKind;
  /** The post, comment, … to react to. */
  subjectId: string | number;
};

/** How a member reacts. */
export type ReactionKind =
  /** Another emoji; `emoji` says which. */
  | 'EMOJI'
  /** Funny. */
  | 'LAUGH'
  /** Like. */
  | 'LIKE'
  /** Love. */
  | 'LOVE'
  /** Sad. */
  | 'SAD'
  /** Surprising. */
  | 'WOW';

export type ReaderAddCommentMutationVariables = Exact<{
  input: AddCommentInput;
}>;


export type ReaderAddCommentMutation = { addComment: { comment: { id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, subject:
        | { commentCount: number }
        | { commentCount: number }
        | { commentCount: number }
        | { commentCount: number }
        | { commentCount: number }
        | { commentCount: number }
        | { commentCount: number }
      , parent: { id: string } | null, author: { handle: string, name: string } | null } | null, userErrors: Array<
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
    > } | null };

export type ReaderPostsQueryVariables = Exact<{
  filter?: PostFilter | null | undefined;
  orderBy: PostOrder;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  isSearch: boolean;
}>;


export type ReaderPostsQuery = { posts: { totalCount?: number, edges: Array<{ highlight: string | null, node: { id: string, title: string, slug: string, excerpt: string, publishedAt: string | null, readingTimeMinutes: number, commentCount: number, author: { handle: string, name: string }, tags: Array<{ slug: string, name: string }> } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type ReaderCommentAddedSubscriptionVariables = Exact<{
  on: string | number;
  after?: string | null | undefined;
}>;


export type ReaderCommentAddedSubscription = { commentAdded: { id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, subject:
      | { commentCount: number }
      | { commentCount: number }
      | { commentCount: number }
      | { commentCount: number }
      | { commentCount: number }
      | { commentCount: number }
      | { commentCount: number }
    , parent: { id: string } | null, author: { handle: string, name: string } | null } };

export type ReaderPostQueryVariables = Exact<{
  author: string;
  slug: string;
}>;


export type ReaderPostQuery = { post: { id: string, title: string, slug: string, status: PostStatus, bodyHtml: string, coverUrl: string | null, publishedAt: string | null, readingTimeMinutes: number, commentCount: number, viewerEmoji: Array<string>, author: { handle: string, name: string, bio: string }, tags: Array<{ slug: string, name: string }>, categories: Array<{ slug: string, name: string }>, comments: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, replies: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, replies: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, reactionCounts: Array<{ emoji: string, count: number }> } | null };

type Reacted_Bill_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

type Reacted_Comment_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

type Reacted_Message_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

type Reacted_Movie_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

type Reacted_Poll_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

type Reacted_Post_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

type Reacted_Product_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

type Reacted_Recipe_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

type Reacted_Review_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

type Reacted_Workout_Fragment = { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> };

export type ReactedFragment =
  | Reacted_Bill_Fragment
  | Reacted_Comment_Fragment
  | Reacted_Message_Fragment
  | Reacted_Movie_Fragment
  | Reacted_Poll_Fragment
  | Reacted_Post_Fragment
  | Reacted_Product_Fragment
  | Reacted_Recipe_Fragment
  | Reacted_Review_Fragment
  | Reacted_Workout_Fragment
;

export type ReaderReactMutationVariables = Exact<{
  input: ReactionInput;
}>;


export type ReaderReactMutation = { addReaction: { subject:
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
     | null } | null };

export type ReaderTakeBackMutationVariables = Exact<{
  input: ReactionInput;
}>;


export type ReaderTakeBackMutation = { removeReaction: { subject:
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
      | { viewerEmoji: Array<string>, reactionCounts: Array<{ emoji: string, count: number }> }
     | null } | null };

export type ReaderSignInMutationVariables = Exact<{
  email: string;
  password: string;
}>;


export type ReaderSignInMutation = { signIn: { session: { accessTokenExpiresAt: string } | null, userErrors: Array<
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
      | { message: string }
    > } | null };

export type ReaderRefreshSessionMutationVariables = Exact<{ [key: string]: never; }>;


export type ReaderRefreshSessionMutation = { refreshSession: { session: { accessTokenExpiresAt: string } | null } | null };

export type ReaderSignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type ReaderSignOutMutation = { signOut: { signedOut: boolean | null } | null };

export type ReaderViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ReaderViewerQuery = { viewer: { account: { handle: string, name: string } } | null };

export type ReaderAuthorQueryVariables = Exact<{
  name: string;
}>;


export type ReaderAuthorQuery = { account: { name: string, bio: string, avatarUrl: string | null, postCount: number } | null };

export type ReaderTagQueryVariables = Exact<{
  name: string;
}>;


export type ReaderTagQuery = { tag: { name: string, postCount: number } | null };

export type ReaderCategoryQueryVariables = Exact<{
  name: string;
}>;


export type ReaderCategoryQuery = { category: { name: string, description: string, postCount: number } | null };

export type ReaderShelvesQueryVariables = Exact<{ [key: string]: never; }>;


export type ReaderShelvesQuery = { categories: { nodes: Array<{ slug: string, name: string, postCount: number }> }, tags: { nodes: Array<{ slug: string, name: string, postCount: number }> } };

export type CommentPageFragment = { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, replies: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, replies: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } };

export type CommentWordsFragment = { id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, parent: { id: string } | null, author: { handle: string, name: string } | null };

export type FurtherFragment = { hasNextPage: boolean, endCursor: string | null };

export type ReaderOlderCommentsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type ReaderOlderCommentsQuery = { node:
    | { __typename: 'Account' }
    | { __typename: 'Bill' }
    | { __typename: 'BillChange' }
    | { __typename: 'BillGroup' }
    | { __typename: 'BillMember' }
    | { __typename: 'BillSettlement' }
    | { __typename: 'Category' }
    | { __typename: 'Comment' }
    | { __typename: 'CookedMeal' }
    | { __typename: 'Coupon' }
    | { __typename: 'Device' }
    | { __typename: 'Exercise' }
    | { __typename: 'Expense' }
    | { __typename: 'ExpenseBudget' }
    | { __typename: 'ExpenseCategory' }
    | { __typename: 'ExpenseChange' }
    | { __typename: 'Food' }
    | { __typename: 'Import' }
    | { __typename: 'Message' }
    | { __typename: 'Movie' }
    | { __typename: 'Notification' }
    | { __typename: 'Order' }
    | { __typename: 'PlannedMeal' }
    | { __typename: 'Poll' }
    | { __typename: 'PollOption' }
    | { __typename: 'Post', comments: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, replies: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, replies: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }
    | { __typename: 'PriceChange' }
    | { __typename: 'Product' }
    | { __typename: 'ProductCategory' }
    | { __typename: 'ProductVariant' }
    | { __typename: 'Recipe' }
    | { __typename: 'RecurringExpense' }
    | { __typename: 'Report' }
    | { __typename: 'Review' }
    | { __typename: 'Room' }
    | { __typename: 'RoomBan' }
    | { __typename: 'RoomInvitation' }
    | { __typename: 'RoomLink' }
    | { __typename: 'RoomMember' }
    | { __typename: 'Screen' }
    | { __typename: 'Seat' }
    | { __typename: 'SeatHold' }
    | { __typename: 'ShoppingItem' }
    | { __typename: 'ShoppingList' }
    | { __typename: 'Showtime' }
    | { __typename: 'ShowtimeSchedule' }
    | { __typename: 'StockMovement' }
    | { __typename: 'Survey' }
    | { __typename: 'SurveyOption' }
    | { __typename: 'SurveyQuestion' }
    | { __typename: 'Tag' }
    | { __typename: 'Theatre' }
    | { __typename: 'Ticket' }
    | { __typename: 'Upload' }
    | { __typename: 'WaitlistEntry' }
    | { __typename: 'Workout' }
    | { __typename: 'WorkoutExercise' }
    | { __typename: 'WorkoutPlan' }
    | { __typename: 'WorkoutPlanExercise' }
    | { __typename: 'WorkoutRepeat' }
    | { __typename: 'WorkoutSet' }
   | null };

export type ReaderRepliesQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type ReaderRepliesQuery = { node:
    | { __typename: 'Account' }
    | { __typename: 'Bill' }
    | { __typename: 'BillChange' }
    | { __typename: 'BillGroup' }
    | { __typename: 'BillMember' }
    | { __typename: 'BillSettlement' }
    | { __typename: 'Category' }
    | { __typename: 'Comment', replies: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, replies: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, replies: { nodes: Array<{ id: string, bodyHtml: string | null, state: CommentState, createdAt: string, editedAt: string | null, depth: number, replyCount: number, streamCursor: string, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, parent: { id: string } | null, author: { handle: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }
    | { __typename: 'CookedMeal' }
    | { __typename: 'Coupon' }
    | { __typename: 'Device' }
    | { __typename: 'Exercise' }
    | { __typename: 'Expense' }
    | { __typename: 'ExpenseBudget' }
    | { __typename: 'ExpenseCategory' }
    | { __typename: 'ExpenseChange' }
    | { __typename: 'Food' }
    | { __typename: 'Import' }
    | { __typename: 'Message' }
    | { __typename: 'Movie' }
    | { __typename: 'Notification' }
    | { __typename: 'Order' }
    | { __typename: 'PlannedMeal' }
    | { __typename: 'Poll' }
    | { __typename: 'PollOption' }
    | { __typename: 'Post' }
    | { __typename: 'PriceChange' }
    | { __typename: 'Product' }
    | { __typename: 'ProductCategory' }
    | { __typename: 'ProductVariant' }
    | { __typename: 'Recipe' }
    | { __typename: 'RecurringExpense' }
    | { __typename: 'Report' }
    | { __typename: 'Review' }
    | { __typename: 'Room' }
    | { __typename: 'RoomBan' }
    | { __typename: 'RoomInvitation' }
    | { __typename: 'RoomLink' }
    | { __typename: 'RoomMember' }
    | { __typename: 'Screen' }
    | { __typename: 'Seat' }
    | { __typename: 'SeatHold' }
    | { __typename: 'ShoppingItem' }
    | { __typename: 'ShoppingList' }
    | { __typename: 'Showtime' }
    | { __typename: 'ShowtimeSchedule' }
    | { __typename: 'StockMovement' }
    | { __typename: 'Survey' }
    | { __typename: 'SurveyOption' }
    | { __typename: 'SurveyQuestion' }
    | { __typename: 'Tag' }
    | { __typename: 'Theatre' }
    | { __typename: 'Ticket' }
    | { __typename: 'Upload' }
    | { __typename: 'WaitlistEntry' }
    | { __typename: 'Workout' }
    | { __typename: 'WorkoutExercise' }
    | { __typename: 'WorkoutPlan' }
    | { __typename: 'WorkoutPlanExercise' }
    | { __typename: 'WorkoutRepeat' }
    | { __typename: 'WorkoutSet' }
   | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const ReactedFragmentDoc = new TypedDocumentString(`
    fragment Reacted on Reactable {
  reactionCounts {
    emoji
    count
  }
  viewerEmoji
}
    `, {"fragmentName":"Reacted"}) as unknown as TypedDocumentString<ReactedFragment, unknown>;
export const CommentWordsFragmentDoc = new TypedDocumentString(`
    fragment CommentWords on Comment {
  id
  bodyHtml
  state
  createdAt
  editedAt
  depth
  replyCount
  streamCursor
  parent {
    id
  }
  author {
    handle
    name
  }
}
    `, {"fragmentName":"CommentWords"}) as unknown as TypedDocumentString<CommentWordsFragment, unknown>;
export const FurtherFragmentDoc = new TypedDocumentString(`
    fragment Further on PageInfo {
  hasNextPage
  endCursor
}
    `, {"fragmentName":"Further"}) as unknown as TypedDocumentString<FurtherFragment, unknown>;
export const CommentPageFragmentDoc = new TypedDocumentString(`
    fragment CommentPage on CommentConnection {
  nodes {
    ...CommentWords
    replies(first: 10) {
      nodes {
        ...CommentWords
        replies(first: 5) {
          nodes {
            ...CommentWords
          }
          pageInfo {
            ...Further
          }
        }
      }
      pageInfo {
        ...Further
      }
    }
  }
  pageInfo {
    ...Further
  }
}
    fragment CommentWords on Comment {
  id
  bodyHtml
  state
  createdAt
  editedAt
  depth
  replyCount
  streamCursor
  parent {
    id
  }
  author {
    handle
    name
  }
}
fragment Further on PageInfo {
  hasNextPage
  endCursor
}`, {"fragmentName":"CommentPage"}) as unknown as TypedDocumentString<CommentPageFragment, unknown>;
export const ReaderAddCommentDocument = new TypedDocumentString(`
    mutation ReaderAddComment($input: AddCommentInput!) {
  addComment(input: $input) {
    comment {
      ...CommentWords
      subject {
        commentCount
      }
    }
    userErrors {
      message
    }
  }
}
    fragment CommentWords on Comment {
  id
  bodyHtml
  state
  createdAt
  editedAt
  depth
  replyCount
  streamCursor
  parent {
    id
  }
  author {
    handle
    name
  }
}`) as unknown as TypedDocumentString<ReaderAddCommentMutation, ReaderAddCommentMutationVariables>;
export const ReaderPostsDocument = new TypedDocumentString(`
    query ReaderPosts($filter: PostFilter, $orderBy: PostOrder!, $first: Int, $after: String, $last: Int, $before: String, $isSearch: Boolean!) {
  posts(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    totalCount @include(if: $isSearch)
    edges {
      highlight
      node {
        id
        title
        slug
        excerpt
        publishedAt
        readingTimeMinutes
        commentCount
        author {
          handle
          name
        }
        tags {
          slug
          name
        }
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ReaderPostsQuery, ReaderPostsQueryVariables>;
export const ReaderCommentAddedDocument = new TypedDocumentString(`
    subscription ReaderCommentAdded($on: ID!, $after: String) {
  commentAdded(on: $on, after: $after) {
    ...CommentWords
    subject {
      commentCount
    }
  }
}
    fragment CommentWords on Comment {
  id
  bodyHtml
  state
  createdAt
  editedAt
  depth
  replyCount
  streamCursor
  parent {
    id
  }
  author {
    handle
    name
  }
}`) as unknown as TypedDocumentString<ReaderCommentAddedSubscription, ReaderCommentAddedSubscriptionVariables>;
export const ReaderPostDocument = new TypedDocumentString(`
    query ReaderPost($author: String!, $slug: String!) {
  post(author: $author, slug: $slug) {
    id
    title
    slug
    status
    bodyHtml
    coverUrl
    publishedAt
    readingTimeMinutes
    author {
      handle
      name
      bio
    }
    tags {
      slug
      name
    }
    categories {
      slug
      name
    }
    ...Reacted
    commentCount
    comments(first: 20) {
      ...CommentPage
    }
  }
}
    fragment Reacted on Reactable {
  reactionCounts {
    emoji
    count
  }
  viewerEmoji
}
fragment CommentPage on CommentConnection {
  nodes {
    ...CommentWords
    replies(first: 10) {
      nodes {
        ...CommentWords
        replies(first: 5) {
          nodes {
            ...CommentWords
          }
          pageInfo {
            ...Further
          }
        }
      }
      pageInfo {
        ...Further
      }
    }
  }
  pageInfo {
    ...Further
  }
}
fragment CommentWords on Comment {
  id
  bodyHtml
  state
  createdAt
  editedAt
  depth
  replyCount
  streamCursor
  parent {
    id
  }
  author {
    handle
    name
  }
}
fragment Further on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ReaderPostQuery, ReaderPostQueryVariables>;
export const ReaderReactDocument = new TypedDocumentString(`
    mutation ReaderReact($input: ReactionInput!) {
  addReaction(input: $input) {
    subject {
      ...Reacted
    }
  }
}
    fragment Reacted on Reactable {
  reactionCounts {
    emoji
    count
  }
  viewerEmoji
}`) as unknown as TypedDocumentString<ReaderReactMutation, ReaderReactMutationVariables>;
export const ReaderTakeBackDocument = new TypedDocumentString(`
    mutation ReaderTakeBack($input: ReactionInput!) {
  removeReaction(input: $input) {
    subject {
      ...Reacted
    }
  }
}
    fragment Reacted on Reactable {
  reactionCounts {
    emoji
    count
  }
  viewerEmoji
}`) as unknown as TypedDocumentString<ReaderTakeBackMutation, ReaderTakeBackMutationVariables>;
export const ReaderSignInDocument = new TypedDocumentString(`
    mutation ReaderSignIn($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password, cookie: true}) {
    session {
      accessTokenExpiresAt
    }
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ReaderSignInMutation, ReaderSignInMutationVariables>;
export const ReaderRefreshSessionDocument = new TypedDocumentString(`
    mutation ReaderRefreshSession {
  refreshSession(input: {}) {
    session {
      accessTokenExpiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<ReaderRefreshSessionMutation, ReaderRefreshSessionMutationVariables>;
export const ReaderSignOutDocument = new TypedDocumentString(`
    mutation ReaderSignOut {
  signOut {
    signedOut
  }
}
    `) as unknown as TypedDocumentString<ReaderSignOutMutation, ReaderSignOutMutationVariables>;
export const ReaderViewerDocument = new TypedDocumentString(`
    query ReaderViewer {
  viewer {
    account {
      handle
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ReaderViewerQuery, ReaderViewerQueryVariables>;
export const ReaderAuthorDocument = new TypedDocumentString(`
    query ReaderAuthor($name: String!) {
  account(handle: $name) {
    name
    bio
    avatarUrl
    postCount
  }
}
    `) as unknown as TypedDocumentString<ReaderAuthorQuery, ReaderAuthorQueryVariables>;
export const ReaderTagDocument = new TypedDocumentString(`
    query ReaderTag($name: String!) {
  tag(slug: $name) {
    name
    postCount
  }
}
    `) as unknown as TypedDocumentString<ReaderTagQuery, ReaderTagQueryVariables>;
export const ReaderCategoryDocument = new TypedDocumentString(`
    query ReaderCategory($name: String!) {
  category(slug: $name) {
    name
    description
    postCount
  }
}
    `) as unknown as TypedDocumentString<ReaderCategoryQuery, ReaderCategoryQueryVariables>;
export const ReaderShelvesDocument = new TypedDocumentString(`
    query ReaderShelves {
  categories(first: 20) {
    nodes {
      slug
      name
      postCount
    }
  }
  tags(first: 60) {
    nodes {
      slug
      name
      postCount
    }
  }
}
    `) as unknown as TypedDocumentString<ReaderShelvesQuery, ReaderShelvesQueryVariables>;
export const ReaderOlderCommentsDocument = new TypedDocumentString(`
    query ReaderOlderComments($id: ID!, $after: String) {
  node(id: $id) {
    __typename
    ... on Post {
      comments(first: 20, after: $after) {
        ...CommentPage
      }
    }
  }
}
    fragment CommentPage on CommentConnection {
  nodes {
    ...CommentWords
    replies(first: 10) {
      nodes {
        ...CommentWords
        replies(first: 5) {
          nodes {
            ...CommentWords
          }
          pageInfo {
            ...Further
          }
        }
      }
      pageInfo {
        ...Further
      }
    }
  }
  pageInfo {
    ...Further
  }
}
fragment CommentWords on Comment {
  id
  bodyHtml
  state
  createdAt
  editedAt
  depth
  replyCount
  streamCursor
  parent {
    id
  }
  author {
    handle
    name
  }
}
fragment Further on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ReaderOlderCommentsQuery, ReaderOlderCommentsQueryVariables>;
export const ReaderRepliesDocument = new TypedDocumentString(`
    query ReaderReplies($id: ID!, $after: String) {
  node(id: $id) {
    __typename
    ... on Comment {
      replies(first: 20, after: $after) {
        ...CommentPage
      }
    }
  }
}
    fragment CommentPage on CommentConnection {
  nodes {
    ...CommentWords
    replies(first: 10) {
      nodes {
        ...CommentWords
        replies(first: 5) {
          nodes {
            ...CommentWords
          }
          pageInfo {
            ...Further
          }
        }
      }
      pageInfo {
        ...Further
      }
    }
  }
  pageInfo {
    ...Further
  }
}
fragment CommentWords on Comment {
  id
  bodyHtml
  state
  createdAt
  editedAt
  depth
  replyCount
  streamCursor
  parent {
    id
  }
  author {
    handle
    name
  }
}
fragment Further on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ReaderRepliesQuery, ReaderRepliesQueryVariables>;