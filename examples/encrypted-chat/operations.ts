import { graphql } from './gql/index.ts'

export const SignIn = graphql(`
  mutation SignIn($email: String!, $password: String!) {
    signIn(input: { email: $email, password: $password }) {
      session {
        accessToken
      }
      userErrors {
        code
        message
      }
    }
  }
`)

export const Me = graphql(`
  query Me {
    viewer {
      account {
        id
        name
      }
    }
  }
`)

export const Somebody = graphql(`
  query Somebody($handle: String!) {
    account(handle: $handle) {
      id
      name
    }
  }
`)

export const OpenRoom = graphql(`
  mutation OpenRoom($with: ID!) {
    openDirectRoom(input: { accountId: $with, encryption: END_TO_END }) {
      room {
        id
      }
      userErrors {
        code
        message
      }
    }
  }
`)

export const RegisterDevice = graphql(`
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
`)

export const RevokeDevice = graphql(`
  mutation RevokeDevice($id: ID!) {
    revokeDevice(input: { id: $id }) {
      device {
        id
      }
      userErrors {
        code
        message
      }
    }
  }
`)

export const UploadPrekeys = graphql(`
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
`)

export const ClaimPrekeys = graphql(`
  mutation ClaimPrekeys($deviceIds: [ID!]!) {
    claimPrekeys(input: { deviceIds: $deviceIds }) {
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
`)

export const OneDevice = graphql(`
  query OneDevice($id: ID!) {
    nodes(ids: [$id]) {
      __typename
      ... on Device {
        ...PublicKeys
        prekeysLeft
      }
    }
  }
`)

export const RoomDevices = graphql(`
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
`)

export const DevicesChanged = graphql(`
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
`)

graphql(`
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
`)

export const SendMessage = graphql(`
  mutation SendMessage($roomId: ID!, $ciphertext: String!, $clientId: String!) {
    sendMessage(input: { roomId: $roomId, ciphertext: $ciphertext, clientId: $clientId }) {
      message {
        id
      }
      userErrors {
        code
        message
      }
    }
  }
`)

graphql(`
  fragment SealedMessage on Message {
    id
    ciphertext
    createdAt
    streamCursor
    author {
      id
    }
  }
`)

export const History = graphql(`
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
`)

export const MessageAdded = graphql(`
  subscription MessageAdded($roomId: ID!, $after: String) {
    messageAdded(roomId: $roomId, after: $after) {
      ...SealedMessage
    }
  }
`)
