/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What went wrong, for programs. A code is never renamed. */
export type ErrorCode =
  | 'ALREADY_CHECKED_IN'
  | 'ALREADY_VOTED'
  | 'CANCELLATION_CLOSED'
  | 'CONFLICT'
  | 'COUPON_NOT_APPLICABLE'
  | 'EDIT_WINDOW_OVER'
  | 'FORBIDDEN'
  | 'HOLD_LAPSED'
  | 'ILLEGAL_TRANSITION'
  | 'INSUFFICIENT_STOCK'
  | 'INVALID_INPUT'
  | 'LIMIT_EXCEEDED'
  | 'NOTHING_LOGGED'
  | 'NOT_ELIGIBLE'
  | 'NOT_FOUND'
  | 'PAGE_NOT_USABLE'
  | 'PAYLOAD_TOO_LARGE'
  | 'PAYMENT_DECLINED'
  | 'POLL_CLOSED'
  | 'POLL_FROZEN'
  | 'PRICE_CHANGED'
  | 'QUOTA_EXCEEDED'
  | 'RATE_LIMITED'
  | 'SCREEN_BUSY'
  | 'SEATS_LEFT_ALONE'
  | 'SEATS_TAKEN'
  | 'TAKEN'
  | 'UNAUTHENTICATED'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'WRONG_CREDENTIALS';

export type OneTimePrekeyInput = {
  /** From 1 on; each new one is higher than all before it. */
  keyId: number;
  /** A P-256 public key: SPKI of the uncompressed point, in base64, as WebCrypto exports it. */
  publicKey: string;
};

export type RegisterDeviceInput = {
  /** A P-256 public key: SPKI of the uncompressed point, in base64, as WebCrypto exports it. */
  agreementKey: string;
  /** ECDSA with SHA-256 by the identity key, 64 bytes (r and s) in base64, of the UTF-8 text `atrium agreement key v1`, the account’s id and the agreement key, each on a line of its own. */
  agreementKeySignature: string;
  /** The same key and input again get the first answer. */
  idempotencyKey?: string | null | undefined;
  /** A P-256 public key: SPKI of the uncompressed point, in base64, as WebCrypto exports it. */
  identityKey: string;
  /** For its owner to tell devices apart, 1 to 60 characters: `Phone`. */
  label: string;
  /** At most 100. */
  oneTimePrekeys: Array<OneTimePrekeyInput>;
  signedPrekey: SignedPrekeyInput;
};

export type SignedPrekeyInput = {
  /** From 1 on; each new one is higher than all before it. */
  keyId: number;
  /** A P-256 public key: SPKI of the uncompressed point, in base64, as WebCrypto exports it. */
  publicKey: string;
  /** ECDSA with SHA-256 by the identity key, 64 bytes (r and s) in base64, of the UTF-8 text `atrium signed prekey v1`, the account’s id, `keyId` and `publicKey`, each on a line of its own. */
  signature: string;
};

export type UploadPrekeysInput = {
  deviceId: string | number;
  /** The same key and input again get the first answer. */
  idempotencyKey?: string | null | undefined;
  /** At most 100 at once, and 200 that wait. None says: still here. */
  oneTimePrekeys: Array<OneTimePrekeyInput>;
  /** In the place of the present one, every few weeks. */
  signedPrekey?: SignedPrekeyInput | null | undefined;
};

export type SignInMutationVariables = Exact<{
  email: string;
  password: string;
}>;


export type SignInMutation = { signIn: { session: { accessToken: string | null } | null, userErrors: Array<
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
    > } | null };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { viewer: { account: { id: string, name: string } } | null };

export type SomebodyQueryVariables = Exact<{
  handle: string;
}>;


export type SomebodyQuery = { account: { id: string, name: string } | null };

export type OpenRoomMutationVariables = Exact<{
  with: string | number;
}>;


export type OpenRoomMutation = { openDirectRoom: { room: { id: string } | null, userErrors: Array<
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
    > } | null };

export type RegisterDeviceMutationVariables = Exact<{
  input: RegisterDeviceInput;
}>;


export type RegisterDeviceMutation = { registerDevice: { device: { id: string } | null, userErrors: Array<
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
    > } | null };

export type RevokeDeviceMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeDeviceMutation = { revokeDevice: { device: { id: string } | null, userErrors: Array<
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
    > } | null };

export type UploadPrekeysMutationVariables = Exact<{
  input: UploadPrekeysInput;
}>;


export type UploadPrekeysMutation = { uploadPrekeys: { device: { id: string } | null, userErrors: Array<
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
    > } | null };

export type ClaimPrekeysMutationVariables = Exact<{
  deviceIds: Array<string | number> | string | number;
}>;


export type ClaimPrekeysMutation = { claimPrekeys: { prekeys: Array<{ device: { id: string }, signedPrekey: { keyId: number, publicKey: string, signature: string }, oneTimePrekey: { keyId: number, publicKey: string } | null }> | null, userErrors: Array<
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
    > } | null };

export type OneDeviceQueryVariables = Exact<{
  id: string | number;
}>;


export type OneDeviceQuery = { nodes: Array<
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
    | { __typename: 'Device', prekeysLeft: number | null, id: string, identityKey: string, agreementKey: string, agreementKeySignature: string, revokedAt: string | null, account: { id: string } }
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
   | null> };

export type RoomDevicesQueryVariables = Exact<{
  roomId: string | number;
  after?: string | null | undefined;
}>;


export type RoomDevicesQuery = { node:
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
    | { __typename: 'Post' }
    | { __typename: 'PriceChange' }
    | { __typename: 'Product' }
    | { __typename: 'ProductCategory' }
    | { __typename: 'ProductVariant' }
    | { __typename: 'Recipe' }
    | { __typename: 'RecurringExpense' }
    | { __typename: 'Report' }
    | { __typename: 'Review' }
    | { __typename: 'Room', devices: { nodes: Array<{ id: string, identityKey: string, agreementKey: string, agreementKeySignature: string, revokedAt: string | null, account: { id: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null }
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

export type DevicesChangedSubscriptionVariables = Exact<{
  on: string | number;
}>;


export type DevicesChangedSubscription = { devicesChanged: { devices: { nodes: Array<{ id: string, identityKey: string, agreementKey: string, agreementKeySignature: string, revokedAt: string | null, account: { id: string } }>, pageInfo: { hasNextPage: boolean } } } };

export type PublicKeysFragment = { id: string, identityKey: string, agreementKey: string, agreementKeySignature: string, revokedAt: string | null, account: { id: string } };

export type SendMessageMutationVariables = Exact<{
  roomId: string | number;
  ciphertext: string;
  clientId: string;
}>;


export type SendMessageMutation = { sendMessage: { message: { id: string } | null, userErrors: Array<
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
      | { code: ErrorCode, message: string }
    > } | null };

export type SealedMessageFragment = { id: string, ciphertext: string | null, createdAt: string, streamCursor: string, author: { id: string } | null };

export type HistoryQueryVariables = Exact<{
  roomId: string | number;
  after?: string | null | undefined;
}>;


export type HistoryQuery = { node:
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
    | { __typename: 'Post' }
    | { __typename: 'PriceChange' }
    | { __typename: 'Product' }
    | { __typename: 'ProductCategory' }
    | { __typename: 'ProductVariant' }
    | { __typename: 'Recipe' }
    | { __typename: 'RecurringExpense' }
    | { __typename: 'Report' }
    | { __typename: 'Review' }
    | { __typename: 'Room', streamCursor: string, messages: { nodes: Array<{ id: string, ciphertext: string | null, createdAt: string, streamCursor: string, author: { id: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }
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

export type MessageAddedSubscriptionVariables = Exact<{
  roomId: string | number;
  after?: string | null | undefined;
}>;


export type MessageAddedSubscription = { messageAdded: { id: string, ciphertext: string | null, createdAt: string, streamCursor: string, author: { id: string } | null } };

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
export const PublicKeysFragmentDoc = new TypedDocumentString(`
    fragment PublicKeys on Device {
  id
  identityKey
  agreementKey
  agreementKeySignature
  revokedAt
  account {
    id
  }
}
    `, {"fragmentName":"PublicKeys"}) as unknown as TypedDocumentString<PublicKeysFragment, unknown>;
export const SealedMessageFragmentDoc = new TypedDocumentString(`
    fragment SealedMessage on Message {
  id
  ciphertext
  createdAt
  streamCursor
  author {
    id
  }
}
    `, {"fragmentName":"SealedMessage"}) as unknown as TypedDocumentString<SealedMessageFragment, unknown>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) {
    session {
      accessToken
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  viewer {
    account {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;
export const SomebodyDocument = new TypedDocumentString(`
    query Somebody($handle: String!) {
  account(handle: $handle) {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<SomebodyQuery, SomebodyQueryVariables>;
export const OpenRoomDocument = new TypedDocumentString(`
    mutation OpenRoom($with: ID!) {
  openDirectRoom(input: {accountId: $with, encryption: END_TO_END}) {
    room {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<OpenRoomMutation, OpenRoomMutationVariables>;
export const RegisterDeviceDocument = new TypedDocumentString(`
    mutation RegisterDevice($input: RegisterDeviceInput!) {
  registerDevice(input: $input) {
    device {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RegisterDeviceMutation, RegisterDeviceMutationVariables>;
export const RevokeDeviceDocument = new TypedDocumentString(`
    mutation RevokeDevice($id: ID!) {
  revokeDevice(input: {id: $id}) {
    device {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RevokeDeviceMutation, RevokeDeviceMutationVariables>;
export const UploadPrekeysDocument = new TypedDocumentString(`
    mutation UploadPrekeys($input: UploadPrekeysInput!) {
  uploadPrekeys(input: $input) {
    device {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<UploadPrekeysMutation, UploadPrekeysMutationVariables>;
export const ClaimPrekeysDocument = new TypedDocumentString(`
    mutation ClaimPrekeys($deviceIds: [ID!]!) {
  claimPrekeys(input: {deviceIds: $deviceIds}) {
    prekeys {
      device {
        id
      }
      signedPrekey {
        keyId
        publicKey
        signature
      }
      oneTimePrekey {
        keyId
        publicKey
      }
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ClaimPrekeysMutation, ClaimPrekeysMutationVariables>;
export const OneDeviceDocument = new TypedDocumentString(`
    query OneDevice($id: ID!) {
  nodes(ids: [$id]) {
    __typename
    ... on Device {
      ...PublicKeys
      prekeysLeft
    }
  }
}
    fragment PublicKeys on Device {
  id
  identityKey
  agreementKey
  agreementKeySignature
  revokedAt
  account {
    id
  }
}`) as unknown as TypedDocumentString<OneDeviceQuery, OneDeviceQueryVariables>;
export const RoomDevicesDocument = new TypedDocumentString(`
    query RoomDevices($roomId: ID!, $after: String) {
  node(id: $roomId) {
    __typename
    ... on Room {
      devices(first: 100, after: $after) {
        nodes {
          ...PublicKeys
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    fragment PublicKeys on Device {
  id
  identityKey
  agreementKey
  agreementKeySignature
  revokedAt
  account {
    id
  }
}`) as unknown as TypedDocumentString<RoomDevicesQuery, RoomDevicesQueryVariables>;
export const DevicesChangedDocument = new TypedDocumentString(`
    subscription DevicesChanged($on: ID!) {
  devicesChanged(on: $on) {
    devices(first: 100) {
      nodes {
        ...PublicKeys
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
    fragment PublicKeys on Device {
  id
  identityKey
  agreementKey
  agreementKeySignature
  revokedAt
  account {
    id
  }
}`) as unknown as TypedDocumentString<DevicesChangedSubscription, DevicesChangedSubscriptionVariables>;
export const SendMessageDocument = new TypedDocumentString(`
    mutation SendMessage($roomId: ID!, $ciphertext: String!, $clientId: String!) {
  sendMessage(
    input: {roomId: $roomId, ciphertext: $ciphertext, clientId: $clientId}
  ) {
    message {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SendMessageMutation, SendMessageMutationVariables>;
export const HistoryDocument = new TypedDocumentString(`
    query History($roomId: ID!, $after: String) {
  node(id: $roomId) {
    __typename
    ... on Room {
      streamCursor
      messages(first: 100, after: $after) {
        nodes {
          ...SealedMessage
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    fragment SealedMessage on Message {
  id
  ciphertext
  createdAt
  streamCursor
  author {
    id
  }
}`) as unknown as TypedDocumentString<HistoryQuery, HistoryQueryVariables>;
export const MessageAddedDocument = new TypedDocumentString(`
    subscription MessageAdded($roomId: ID!, $after: String) {
  messageAdded(roomId: $roomId, after: $after) {
    ...SealedMessage
  }
}
    fragment SealedMessage on Message {
  id
  ciphertext
  createdAt
  streamCursor
  author {
    id
  }
}`) as unknown as TypedDocumentString<MessageAddedSubscription, MessageAddedSubscriptionVariables>;