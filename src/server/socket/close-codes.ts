/** Every code that a socket of ours is closed with, beside those that graphql-ws and ws choose for broken frames. */
export const CLOSE_CODES = {
  /** The server stops; connect again, to another server or later. RFC 6455. */
  GOING_AWAY: 1001,
  /** A binary frame; the protocol is JSON text. RFC 6455. */
  UNSUPPORTED_DATA: 1003,
  /** Something broke on our side while a message was handled. RFC 6455. */
  INTERNAL: 1011,
  /** The server cannot tell who is connecting just now. Registered with IANA. */
  TRY_AGAIN_LATER: 1013,
  /** The token is bad, has expired, or its session has ended: get a new one, then connect again. */
  FORBIDDEN: 4403,
  /** The client read too slowly, and what waited for it did not leave: connect again and resynchronise. */
  SLOW_READER: 4413,
} as const
