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
    "\n  mutation ReaderAddComment($input: AddCommentInput!) {\n    addComment(input: $input) {\n      comment {\n        ...CommentWords\n        subject {\n          commentCount\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ReaderAddCommentDocument,
    "\n  query ReaderPosts(\n    $filter: PostFilter\n    $orderBy: PostOrder!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $isSearch: Boolean!\n  ) {\n    posts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount @include(if: $isSearch)\n      edges {\n        highlight\n        node {\n          id\n          title\n          slug\n          excerpt\n          publishedAt\n          readingTimeMinutes\n          commentCount\n          author {\n            handle\n            name\n          }\n          tags {\n            slug\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.ReaderPostsDocument,
    "\n  subscription ReaderCommentAdded($on: ID!, $after: String) {\n    commentAdded(on: $on, after: $after) {\n      ...CommentWords\n      subject {\n        commentCount\n      }\n    }\n  }\n": typeof types.ReaderCommentAddedDocument,
    "\n  query ReaderPost($author: String!, $slug: String!) {\n    post(author: $author, slug: $slug) {\n      id\n      title\n      slug\n      status\n      bodyHtml\n      coverUrl\n      publishedAt\n      readingTimeMinutes\n      author {\n        handle\n        name\n        bio\n      }\n      tags {\n        slug\n        name\n      }\n      categories {\n        slug\n        name\n      }\n      ...Reacted\n      commentCount\n      comments(first: 20) {\n        ...CommentPage\n      }\n    }\n  }\n": typeof types.ReaderPostDocument,
    "\n  fragment Reacted on Reactable {\n    reactionCounts {\n      emoji\n      count\n    }\n    viewerEmoji\n  }\n": typeof types.ReactedFragmentDoc,
    "\n  mutation ReaderReact($input: ReactionInput!) {\n    addReaction(input: $input) {\n      subject {\n        ...Reacted\n      }\n    }\n  }\n": typeof types.ReaderReactDocument,
    "\n  mutation ReaderTakeBack($input: ReactionInput!) {\n    removeReaction(input: $input) {\n      subject {\n        ...Reacted\n      }\n    }\n  }\n": typeof types.ReaderTakeBackDocument,
    "\n  mutation ReaderSignIn($email: String!, $password: String!) {\n    signIn(input: { email: $email, password: $password, cookie: true }) {\n      session {\n        accessTokenExpiresAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ReaderSignInDocument,
    "\n  mutation ReaderRefreshSession {\n    refreshSession(input: {}) {\n      session {\n        accessTokenExpiresAt\n      }\n    }\n  }\n": typeof types.ReaderRefreshSessionDocument,
    "\n  mutation ReaderSignOut {\n    signOut {\n      signedOut\n    }\n  }\n": typeof types.ReaderSignOutDocument,
    "\n  query ReaderViewer {\n    viewer {\n      account {\n        handle\n        name\n      }\n    }\n  }\n": typeof types.ReaderViewerDocument,
    "\n  query ReaderAuthor($name: String!) {\n    account(handle: $name) {\n      name\n      bio\n      avatarUrl\n      postCount\n    }\n  }\n": typeof types.ReaderAuthorDocument,
    "\n  query ReaderTag($name: String!) {\n    tag(slug: $name) {\n      name\n      postCount\n    }\n  }\n": typeof types.ReaderTagDocument,
    "\n  query ReaderCategory($name: String!) {\n    category(slug: $name) {\n      name\n      description\n      postCount\n    }\n  }\n": typeof types.ReaderCategoryDocument,
    "\n  query ReaderShelves {\n    categories(first: 20) {\n      nodes {\n        slug\n        name\n        postCount\n      }\n    }\n    tags(first: 60) {\n      nodes {\n        slug\n        name\n        postCount\n      }\n    }\n  }\n": typeof types.ReaderShelvesDocument,
    "\n  fragment CommentPage on CommentConnection {\n    nodes {\n      ...CommentWords\n      replies(first: 10) {\n        nodes {\n          ...CommentWords\n          replies(first: 5) {\n            nodes {\n              ...CommentWords\n            }\n            pageInfo {\n              ...Further\n            }\n          }\n        }\n        pageInfo {\n          ...Further\n        }\n      }\n    }\n    pageInfo {\n      ...Further\n    }\n  }\n": typeof types.CommentPageFragmentDoc,
    "\n  fragment CommentWords on Comment {\n    id\n    bodyHtml\n    state\n    createdAt\n    editedAt\n    depth\n    replyCount\n    streamCursor\n    parent {\n      id\n    }\n    author {\n      handle\n      name\n    }\n  }\n": typeof types.CommentWordsFragmentDoc,
    "\n  fragment Further on PageInfo {\n    hasNextPage\n    endCursor\n  }\n": typeof types.FurtherFragmentDoc,
    "\n  query ReaderOlderComments($id: ID!, $after: String) {\n    node(id: $id) {\n      __typename\n      ... on Post {\n        comments(first: 20, after: $after) {\n          ...CommentPage\n        }\n      }\n    }\n  }\n": typeof types.ReaderOlderCommentsDocument,
    "\n  query ReaderReplies($id: ID!, $after: String) {\n    node(id: $id) {\n      __typename\n      ... on Comment {\n        replies(first: 20, after: $after) {\n          ...CommentPage\n        }\n      }\n    }\n  }\n": typeof types.ReaderRepliesDocument,
};
const documents: Documents = {
    "\n  mutation ReaderAddComment($input: AddCommentInput!) {\n    addComment(input: $input) {\n      comment {\n        ...CommentWords\n        subject {\n          commentCount\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ReaderAddCommentDocument,
    "\n  query ReaderPosts(\n    $filter: PostFilter\n    $orderBy: PostOrder!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $isSearch: Boolean!\n  ) {\n    posts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount @include(if: $isSearch)\n      edges {\n        highlight\n        node {\n          id\n          title\n          slug\n          excerpt\n          publishedAt\n          readingTimeMinutes\n          commentCount\n          author {\n            handle\n            name\n          }\n          tags {\n            slug\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.ReaderPostsDocument,
    "\n  subscription ReaderCommentAdded($on: ID!, $after: String) {\n    commentAdded(on: $on, after: $after) {\n      ...CommentWords\n      subject {\n        commentCount\n      }\n    }\n  }\n": types.ReaderCommentAddedDocument,
    "\n  query ReaderPost($author: String!, $slug: String!) {\n    post(author: $author, slug: $slug) {\n      id\n      title\n      slug\n      status\n      bodyHtml\n      coverUrl\n      publishedAt\n      readingTimeMinutes\n      author {\n        handle\n        name\n        bio\n      }\n      tags {\n        slug\n        name\n      }\n      categories {\n        slug\n        name\n      }\n      ...Reacted\n      commentCount\n      comments(first: 20) {\n        ...CommentPage\n      }\n    }\n  }\n": types.ReaderPostDocument,
    "\n  fragment Reacted on Reactable {\n    reactionCounts {\n      emoji\n      count\n    }\n    viewerEmoji\n  }\n": types.ReactedFragmentDoc,
    "\n  mutation ReaderReact($input: ReactionInput!) {\n    addReaction(input: $input) {\n      subject {\n        ...Reacted\n      }\n    }\n  }\n": types.ReaderReactDocument,
    "\n  mutation ReaderTakeBack($input: ReactionInput!) {\n    removeReaction(input: $input) {\n      subject {\n        ...Reacted\n      }\n    }\n  }\n": types.ReaderTakeBackDocument,
    "\n  mutation ReaderSignIn($email: String!, $password: String!) {\n    signIn(input: { email: $email, password: $password, cookie: true }) {\n      session {\n        accessTokenExpiresAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ReaderSignInDocument,
    "\n  mutation ReaderRefreshSession {\n    refreshSession(input: {}) {\n      session {\n        accessTokenExpiresAt\n      }\n    }\n  }\n": types.ReaderRefreshSessionDocument,
    "\n  mutation ReaderSignOut {\n    signOut {\n      signedOut\n    }\n  }\n": types.ReaderSignOutDocument,
    "\n  query ReaderViewer {\n    viewer {\n      account {\n        handle\n        name\n      }\n    }\n  }\n": types.ReaderViewerDocument,
    "\n  query ReaderAuthor($name: String!) {\n    account(handle: $name) {\n      name\n      bio\n      avatarUrl\n      postCount\n    }\n  }\n": types.ReaderAuthorDocument,
    "\n  query ReaderTag($name: String!) {\n    tag(slug: $name) {\n      name\n      postCount\n    }\n  }\n": types.ReaderTagDocument,
    "\n  query ReaderCategory($name: String!) {\n    category(slug: $name) {\n      name\n      description\n      postCount\n    }\n  }\n": types.ReaderCategoryDocument,
    "\n  query ReaderShelves {\n    categories(first: 20) {\n      nodes {\n        slug\n        name\n        postCount\n      }\n    }\n    tags(first: 60) {\n      nodes {\n        slug\n        name\n        postCount\n      }\n    }\n  }\n": types.ReaderShelvesDocument,
    "\n  fragment CommentPage on CommentConnection {\n    nodes {\n      ...CommentWords\n      replies(first: 10) {\n        nodes {\n          ...CommentWords\n          replies(first: 5) {\n            nodes {\n              ...CommentWords\n            }\n            pageInfo {\n              ...Further\n            }\n          }\n        }\n        pageInfo {\n          ...Further\n        }\n      }\n    }\n    pageInfo {\n      ...Further\n    }\n  }\n": types.CommentPageFragmentDoc,
    "\n  fragment CommentWords on Comment {\n    id\n    bodyHtml\n    state\n    createdAt\n    editedAt\n    depth\n    replyCount\n    streamCursor\n    parent {\n      id\n    }\n    author {\n      handle\n      name\n    }\n  }\n": types.CommentWordsFragmentDoc,
    "\n  fragment Further on PageInfo {\n    hasNextPage\n    endCursor\n  }\n": types.FurtherFragmentDoc,
    "\n  query ReaderOlderComments($id: ID!, $after: String) {\n    node(id: $id) {\n      __typename\n      ... on Post {\n        comments(first: 20, after: $after) {\n          ...CommentPage\n        }\n      }\n    }\n  }\n": types.ReaderOlderCommentsDocument,
    "\n  query ReaderReplies($id: ID!, $after: String) {\n    node(id: $id) {\n      __typename\n      ... on Comment {\n        replies(first: 20, after: $after) {\n          ...CommentPage\n        }\n      }\n    }\n  }\n": types.ReaderRepliesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReaderAddComment($input: AddCommentInput!) {\n    addComment(input: $input) {\n      comment {\n        ...CommentWords\n        subject {\n          commentCount\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderAddCommentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReaderPosts(\n    $filter: PostFilter\n    $orderBy: PostOrder!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $isSearch: Boolean!\n  ) {\n    posts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount @include(if: $isSearch)\n      edges {\n        highlight\n        node {\n          id\n          title\n          slug\n          excerpt\n          publishedAt\n          readingTimeMinutes\n          commentCount\n          author {\n            handle\n            name\n          }\n          tags {\n            slug\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderPostsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ReaderCommentAdded($on: ID!, $after: String) {\n    commentAdded(on: $on, after: $after) {\n      ...CommentWords\n      subject {\n        commentCount\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderCommentAddedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReaderPost($author: String!, $slug: String!) {\n    post(author: $author, slug: $slug) {\n      id\n      title\n      slug\n      status\n      bodyHtml\n      coverUrl\n      publishedAt\n      readingTimeMinutes\n      author {\n        handle\n        name\n        bio\n      }\n      tags {\n        slug\n        name\n      }\n      categories {\n        slug\n        name\n      }\n      ...Reacted\n      commentCount\n      comments(first: 20) {\n        ...CommentPage\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderPostDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Reacted on Reactable {\n    reactionCounts {\n      emoji\n      count\n    }\n    viewerEmoji\n  }\n"): typeof import('./graphql.ts').ReactedFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReaderReact($input: ReactionInput!) {\n    addReaction(input: $input) {\n      subject {\n        ...Reacted\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderReactDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReaderTakeBack($input: ReactionInput!) {\n    removeReaction(input: $input) {\n      subject {\n        ...Reacted\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderTakeBackDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReaderSignIn($email: String!, $password: String!) {\n    signIn(input: { email: $email, password: $password, cookie: true }) {\n      session {\n        accessTokenExpiresAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderSignInDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReaderRefreshSession {\n    refreshSession(input: {}) {\n      session {\n        accessTokenExpiresAt\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderRefreshSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReaderSignOut {\n    signOut {\n      signedOut\n    }\n  }\n"): typeof import('./graphql.ts').ReaderSignOutDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReaderViewer {\n    viewer {\n      account {\n        handle\n        name\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReaderAuthor($name: String!) {\n    account(handle: $name) {\n      name\n      bio\n      avatarUrl\n      postCount\n    }\n  }\n"): typeof import('./graphql.ts').ReaderAuthorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReaderTag($name: String!) {\n    tag(slug: $name) {\n      name\n      postCount\n    }\n  }\n"): typeof import('./graphql.ts').ReaderTagDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReaderCategory($name: String!) {\n    category(slug: $name) {\n      name\n      description\n      postCount\n    }\n  }\n"): typeof import('./graphql.ts').ReaderCategoryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReaderShelves {\n    categories(first: 20) {\n      nodes {\n        slug\n        name\n        postCount\n      }\n    }\n    tags(first: 60) {\n      nodes {\n        slug\n        name\n        postCount\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderShelvesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CommentPage on CommentConnection {\n    nodes {\n      ...CommentWords\n      replies(first: 10) {\n        nodes {\n          ...CommentWords\n          replies(first: 5) {\n            nodes {\n              ...CommentWords\n            }\n            pageInfo {\n              ...Further\n            }\n          }\n        }\n        pageInfo {\n          ...Further\n        }\n      }\n    }\n    pageInfo {\n      ...Further\n    }\n  }\n"): typeof import('./graphql.ts').CommentPageFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CommentWords on Comment {\n    id\n    bodyHtml\n    state\n    createdAt\n    editedAt\n    depth\n    replyCount\n    streamCursor\n    parent {\n      id\n    }\n    author {\n      handle\n      name\n    }\n  }\n"): typeof import('./graphql.ts').CommentWordsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Further on PageInfo {\n    hasNextPage\n    endCursor\n  }\n"): typeof import('./graphql.ts').FurtherFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReaderOlderComments($id: ID!, $after: String) {\n    node(id: $id) {\n      __typename\n      ... on Post {\n        comments(first: 20, after: $after) {\n          ...CommentPage\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderOlderCommentsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReaderReplies($id: ID!, $after: String) {\n    node(id: $id) {\n      __typename\n      ... on Comment {\n        replies(first: 20, after: $after) {\n          ...CommentPage\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReaderRepliesDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
