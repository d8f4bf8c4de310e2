/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type SignInMutationVariables = Exact<{
  email: string;
  password: string;
}>;


export type SignInMutation = { signIn: { session: { accessToken: string | null, account: { name: string } } | null, userErrors: Array<
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

export type WritePostMutationVariables = Exact<{
  title: string;
  body: string;
  tags?: Array<string> | string | null | undefined;
}>;


export type WritePostMutation = { createPost: { post: { id: string } | null, userErrors: Array<
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

export type PublishPostMutationVariables = Exact<{
  id: string | number;
}>;


export type PublishPostMutation = { publishPost: { post: { id: string, title: string, url: string, publishedAt: string | null } | null, userErrors: Array<
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

export type WriteCommentMutationVariables = Exact<{
  on: string | number;
  body: string;
  answers?: string | number | null | undefined;
}>;


export type WriteCommentMutation = { addComment: { comment: { id: string, streamCursor: string } | null, userErrors: Array<
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

export type CommentsSubscriptionVariables = Exact<{
  on: string | number;
  after?: string | null | undefined;
}>;


export type CommentsSubscription = { commentAdded: { body: string | null, depth: number, author: { name: string } | null } };

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

export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) {
    session {
      accessToken
      account {
        name
      }
    }
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const WritePostDocument = new TypedDocumentString(`
    mutation WritePost($title: String!, $body: String!, $tags: [String!]) {
  createPost(input: {title: $title, body: $body, tags: $tags}) {
    post {
      id
    }
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<WritePostMutation, WritePostMutationVariables>;
export const PublishPostDocument = new TypedDocumentString(`
    mutation PublishPost($id: ID!) {
  publishPost(input: {id: $id}) {
    post {
      id
      title
      url
      publishedAt
    }
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<PublishPostMutation, PublishPostMutationVariables>;
export const WriteCommentDocument = new TypedDocumentString(`
    mutation WriteComment($on: ID!, $body: String!, $answers: ID) {
  addComment(input: {subjectId: $on, body: $body, parentId: $answers}) {
    comment {
      id
      streamCursor
    }
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<WriteCommentMutation, WriteCommentMutationVariables>;
export const CommentsDocument = new TypedDocumentString(`
    subscription Comments($on: ID!, $after: String) {
  commentAdded(on: $on, after: $after) {
    body
    depth
    author {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<CommentsSubscription, CommentsSubscriptionVariables>;