/** How much of everything one may ask for; each has a line in `.env.example`. */
export interface Limits {
  requestBytes: number
  frameBytes: number
  tokens: number
  depth: number
  aliases: number
  directives: number
  /** Nodes that a document may ask for, `first` and `last` multiplied through. */
  cost: number
  listInput: number
  /** Characters of posts and comments in one answer. */
  answerCharacters: number
  socketOperations: number
  /** Open at once. */
  socketsPerAddress: number
  /** Operations per minute. */
  ratePerViewer: number
  ratePerAddress: number
  /** Failed or not, within fifteen minutes. */
  signInAttemptsPerAccount: number
  signInAttemptsPerAddress: number
  /** Looked up within a day, whether they matched or not. */
  contactHashesPerViewer: number
  contactHashesPerAddress: number
  /** Within a day: each makes everybody in the member's encrypted rooms change keys. */
  deviceRegistrationsPerViewer: number
  /** Within an hour, one for each device. */
  prekeyClaimsPerViewer: number
  /** Web pages read for recipes, within an hour. */
  recipeImportsPerViewer: number
  /** Of one address in 35 minutes: so long seats can be kept without being paid for. */
  guestSeatsPerShowtime: number
  guestSeatsPerAddress: number
  /** Of one address within an hour, paid or not. */
  guestOrdersPerAddress: number
  /** Within an hour, of a member or of the guests of one address; declined or not. */
  paymentAttemptsPerBuyer: number
  /** Of one file. */
  uploadBytes: number
  /** Width times height. */
  imagePixels: number
  /** All files of one member together. */
  uploadQuotaBytes: number
  /** Files within an hour. */
  uploadsPerViewer: number
}
