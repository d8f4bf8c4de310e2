/** The Postgres of a test run, made by global-setup.ts and handed to the workers. */
export interface TestServer {
  adminUrl: string
  /** Every database of this run has it, and is dropped at the end. */
  prefix: string
  template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer
  }
}

/** The URL of another database on the same server. */
export function databaseUrl(server: TestServer, name: string): string {
  const url = new URL(server.adminUrl)
  url.pathname = `/${name}`
  return url.href
}
