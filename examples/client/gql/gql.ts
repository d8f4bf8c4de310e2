/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation SignIn($email: String!, $password: String!) {\n    signIn(input: { email: $email, password: $password }) {\n      session {\n        accessToken\n        account {\n          name\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  mutation WritePost($title: String!, $body: String!, $tags: [String!]) {\n    createPost(input: { title: $title, body: $body, tags: $tags }) {\n      post {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.WritePostDocument,
    "\n  mutation PublishPost($id: ID!) {\n    publishPost(input: { id: $id }) {\n      post {\n        id\n        title\n        url\n        publishedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.PublishPostDocument,
    "\n  mutation WriteComment($on: ID!, $body: String!, $answers: ID) {\n    addComment(input: { subjectId: $on, body: $body, parentId: $answers }) {\n      comment {\n        id\n        streamCursor\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.WriteCommentDocument,
    "\n  subscription Comments($on: ID!, $after: String) {\n    commentAdded(on: $on, after: $after) {\n      body\n      depth\n      author {\n        name\n      }\n    }\n  }\n": typeof types.CommentsDocument,
};
const documents: Documents = {
    "\n  mutation SignIn($email: String!, $password: String!) {\n    signIn(input: { email: $email, password: $password }) {\n      session {\n        accessToken\n        account {\n          name\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  mutation WritePost($title: String!, $body: String!, $tags: [String!]) {\n    createPost(input: { title: $title, body: $body, tags: $tags }) {\n      post {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.WritePostDocument,
    "\n  mutation PublishPost($id: ID!) {\n    publishPost(input: { id: $id }) {\n      post {\n        id\n        title\n        url\n        publishedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.PublishPostDocument,
    "\n  mutation WriteComment($on: ID!, $body: String!, $answers: ID) {\n    addComment(input: { subjectId: $on, body: $body, parentId: $answers }) {\n      comment {\n        id\n        streamCursor\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.WriteCommentDocument,
    "\n  subscription Comments($on: ID!, $after: String) {\n    commentAdded(on: $on, after: $after) {\n      body\n      depth\n      author {\n        name\n      }\n    }\n  }\n": types.CommentsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($email: String!, $password: String!) {\n    signIn(input: { email: $email, password: $password }) {\n      session {\n        accessToken\n        account {\n          name\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SignInDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WritePost($title: String!, $body: String!, $tags: [String!]) {\n    createPost(input: { title: $title, body: $body, tags: $tags }) {\n      post {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WritePostDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublishPost($id: ID!) {\n    publishPost(input: { id: $id }) {\n      post {\n        id\n        title\n        url\n        publishedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PublishPostDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WriteComment($on: ID!, $body: String!, $answers: ID) {\n    addComment(input: { subjectId: $on, body: $body, parentId: $answers }) {\n      comment {\n        id\n        streamCursor\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WriteCommentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Comments($on: ID!, $after: String) {\n    commentAdded(on: $on, after: $after) {\n      body\n      depth\n      author {\n        name\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CommentsDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
