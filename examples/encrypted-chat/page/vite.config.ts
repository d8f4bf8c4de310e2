import { defineConfig } from 'vite'

/** Where Atrium runs. The page asks for `/graphql` at its own address, so that nothing must be allowed for it there. */
const target = process.env.ATRIUM_URL ?? 'http://localhost:4000'

export default defineConfig({
  root: import.meta.dirname,
  server: { port: 5174, proxy: { '/graphql': { target, ws: true } } },
})
