import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Without the alias vitest loads graphql once as ESM and once as CommonJS, and `instanceof` fails between the two.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A second, which is what comes with it, is not long on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
  },
})
