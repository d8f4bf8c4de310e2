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
    "\n  mutation SignIn($email: String!, $password: String!) {\n    signIn(input: { email: $email, password: $password }) {\n      session {\n        accessToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  query Me {\n    viewer {\n      account {\n        id\n        name\n      }\n    }\n  }\n": typeof types.MeDocument,
    "\n  query Somebody($handle: String!) {\n    account(handle: $handle) {\n      id\n      name\n    }\n  }\n": typeof types.SomebodyDocument,
    "\n  mutation OpenRoom($with: ID!) {\n    openDirectRoom(input: { accountId: $with, encryption: END_TO_END }) {\n      room {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.OpenRoomDocument,
    "\n  mutation RegisterDevice($input: RegisterDeviceInput!) {\n    registerDevice(input: $input) {\n      device {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RegisterDeviceDocument,
    "\n  mutation RevokeDevice($id: ID!) {\n    revokeDevice(input: { id: $id }) {\n      device {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RevokeDeviceDocument,
    "\n  mutation UploadPrekeys($input: UploadPrekeysInput!) {\n    uploadPrekeys(input: $input) {\n      device {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.UploadPrekeysDocument,
    "\n  mutation ClaimPrekeys($deviceIds: [ID!]!) {\n    claimPrekeys(input: { deviceIds: $deviceIds }) {\n      prekeys {\n        device {\n          id\n        }\n        signedPrekey {\n          keyId\n          publicKey\n          signature\n        }\n        oneTimePrekey {\n          keyId\n          publicKey\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.ClaimPrekeysDocument,
    "\n  query OneDevice($id: ID!) {\n    nodes(ids: [$id]) {\n      __typename\n      ... on Device {\n        ...PublicKeys\n        prekeysLeft\n      }\n    }\n  }\n": typeof types.OneDeviceDocument,
    "\n  query RoomDevices($roomId: ID!, $after: String) {\n    node(id: $roomId) {\n      __typename\n      ... on Room {\n        devices(first: 100, after: $after) {\n          nodes {\n            ...PublicKeys\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": typeof types.RoomDevicesDocument,
    "\n  subscription DevicesChanged($on: ID!) {\n    devicesChanged(on: $on) {\n      devices(first: 100) {\n        nodes {\n          ...PublicKeys\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": typeof types.DevicesChangedDocument,
    "\n  fragment PublicKeys on Device {\n    id\n    identityKey\n    agreementKey\n    agreementKeySignature\n    revokedAt\n    account {\n      id\n    }\n  }\n": typeof types.PublicKeysFragmentDoc,
    "\n  mutation SendMessage($roomId: ID!, $ciphertext: String!, $clientId: String!) {\n    sendMessage(input: { roomId: $roomId, ciphertext: $ciphertext, clientId: $clientId }) {\n      message {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.SendMessageDocument,
    "\n  fragment SealedMessage on Message {\n    id\n    ciphertext\n    createdAt\n    streamCursor\n    author {\n      id\n    }\n  }\n": typeof types.SealedMessageFragmentDoc,
    "\n  query History($roomId: ID!, $after: String) {\n    node(id: $roomId) {\n      __typename\n      ... on Room {\n        streamCursor\n        messages(first: 100, after: $after) {\n          nodes {\n            ...SealedMessage\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": typeof types.HistoryDocument,
    "\n  subscription MessageAdded($roomId: ID!, $after: String) {\n    messageAdded(roomId: $roomId, after: $after) {\n      ...SealedMessage\n    }\n  }\n": typeof types.MessageAddedDocument,
};
const documents: Documents = {
    "\n  mutation SignIn($email: String!, $password: String!) {\n    signIn(input: { email: $email, password: $password }) {\n      session {\n        accessToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  query Me {\n    viewer {\n      account {\n        id\n        name\n      }\n    }\n  }\n": types.MeDocument,
    "\n  query Somebody($handle: String!) {\n    account(handle: $handle) {\n      id\n      name\n    }\n  }\n": types.SomebodyDocument,
    "\n  mutation OpenRoom($with: ID!) {\n    openDirectRoom(input: { accountId: $with, encryption: END_TO_END }) {\n      room {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.OpenRoomDocument,
    "\n  mutation RegisterDevice($input: RegisterDeviceInput!) {\n    registerDevice(input: $input) {\n      device {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.RegisterDeviceDocument,
    "\n  mutation RevokeDevice($id: ID!) {\n    revokeDevice(input: { id: $id }) {\n      device {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.RevokeDeviceDocument,
    "\n  mutation UploadPrekeys($input: UploadPrekeysInput!) {\n    uploadPrekeys(input: $input) {\n      device {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.UploadPrekeysDocument,
    "\n  mutation ClaimPrekeys($deviceIds: [ID!]!) {\n    claimPrekeys(input: { deviceIds: $deviceIds }) {\n      prekeys {\n        device {\n          id\n        }\n        signedPrekey {\n          keyId\n          publicKey\n          signature\n        }\n        oneTimePrekey {\n          keyId\n          publicKey\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.ClaimPrekeysDocument,
    "\n  query OneDevice($id: ID!) {\n    nodes(ids: [$id]) {\n      __typename\n      ... on Device {\n        ...PublicKeys\n        prekeysLeft\n      }\n    }\n  }\n": types.OneDeviceDocument,
    "\n  query RoomDevices($roomId: ID!, $after: String) {\n    node(id: $roomId) {\n      __typename\n      ... on Room {\n        devices(first: 100, after: $after) {\n          nodes {\n            ...PublicKeys\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": types.RoomDevicesDocument,
    "\n  subscription DevicesChanged($on: ID!) {\n    devicesChanged(on: $on) {\n      devices(first: 100) {\n        nodes {\n          ...PublicKeys\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": types.DevicesChangedDocument,
    "\n  fragment PublicKeys on Device {\n    id\n    identityKey\n    agreementKey\n    agreementKeySignature\n    revokedAt\n    account {\n      id\n    }\n  }\n": types.PublicKeysFragmentDoc,
    "\n  mutation SendMessage($roomId: ID!, $ciphertext: String!, $clientId: String!) {\n    sendMessage(input: { roomId: $roomId, ciphertext: $ciphertext, clientId: $clientId }) {\n      message {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.SendMessageDocument,
    "\n  fragment SealedMessage on Message {\n    id\n    ciphertext\n    createdAt\n    streamCursor\n    author {\n      id\n    }\n  }\n": types.SealedMessageFragmentDoc,
    "\n  query History($roomId: ID!, $after: String) {\n    node(id: $roomId) {\n      __typename\n      ... on Room {\n        streamCursor\n        messages(first: 100, after: $after) {\n          nodes {\n            ...SealedMessage\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": types.HistoryDocument,
    "\n  subscription MessageAdded($roomId: ID!, $after: String) {\n    messageAdded(roomId: $roomId, after: $after) {\n      ...SealedMessage\n    }\n  }\n": types.MessageAddedDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($email: String!, $password: String!) {\n    signIn(input: { email: $email, password: $password }) {\n      session {\n        accessToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SignInDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Me {\n    viewer {\n      account {\n        id\n        name\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Somebody($handle: String!) {\n    account(handle: $handle) {\n      id\n      name\n    }\n  }\n"): typeof import('./graphql.ts').SomebodyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenRoom($with: ID!) {\n    openDirectRoom(input: { accountId: $with, encryption: END_TO_END }) {\n      room {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OpenRoomDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RegisterDevice($input: RegisterDeviceInput!) {\n    registerDevice(input: $input) {\n      device {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').RegisterDeviceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeDevice($id: ID!) {\n    revokeDevice(input: { id: $id }) {\n      device {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').RevokeDeviceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadPrekeys($input: UploadPrekeysInput!) {\n    uploadPrekeys(input: $input) {\n      device {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').UploadPrekeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ClaimPrekeys($deviceIds: [ID!]!) {\n    claimPrekeys(input: { deviceIds: $deviceIds }) {\n      prekeys {\n        device {\n          id\n        }\n        signedPrekey {\n          keyId\n          publicKey\n          signature\n        }\n        oneTimePrekey {\n          keyId\n          publicKey\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ClaimPrekeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneDevice($id: ID!) {\n    nodes(ids: [$id]) {\n      __typename\n      ... on Device {\n        ...PublicKeys\n        prekeysLeft\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OneDeviceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RoomDevices($roomId: ID!, $after: String) {\n    node(id: $roomId) {\n      __typename\n      ... on Room {\n        devices(first: 100, after: $after) {\n          nodes {\n            ...PublicKeys\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').RoomDevicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription DevicesChanged($on: ID!) {\n    devicesChanged(on: $on) {\n      devices(first: 100) {\n        nodes {\n          ...PublicKeys\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DevicesChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PublicKeys on Device {\n    id\n    identityKey\n    agreementKey\n    agreementKeySignature\n    revokedAt\n    account {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').PublicKeysFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SendMessage($roomId: ID!, $ciphertext: String!, $clientId: String!) {\n    sendMessage(input: { roomId: $roomId, ciphertext: $ciphertext, clientId: $clientId }) {\n      message {\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SendMessageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SealedMessage on Message {\n    id\n    ciphertext\n    createdAt\n    streamCursor\n    author {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').SealedMessageFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query History($roomId: ID!, $after: String) {\n    node(id: $roomId) {\n      __typename\n      ... on Room {\n        streamCursor\n        messages(first: 100, after: $after) {\n          nodes {\n            ...SealedMessage\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').HistoryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription MessageAdded($roomId: ID!, $after: String) {\n    messageAdded(roomId: $roomId, after: $after) {\n      ...SealedMessage\n    }\n  }\n"): typeof import('./graphql.ts').MessageAddedDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
