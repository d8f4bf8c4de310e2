/**
 * For Node, in megabytes for each of the two halves. Most of what a request allocates is garbage when it is answered, and a
 * larger nursery than Node's own 16 collects it without copying. With 64 the server keeps a hundred megabytes more (`npm run
 * bench -- uploads`).
 */
export const NURSERY = '--max-semi-space-size=32'
