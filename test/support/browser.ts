import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const inPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [process.env.CHROMIUM_PATH, ...inPath].find((file) => file !== undefined && isExecutable(file))
}

const executable = findChromium()

/**
 * Whether browser tests can run here. With REQUIRE_BROWSER=1 it is true in any case, so that they fail instead of
 * passing unseen.
 */
export const hasChromium: boolean = executable !== undefined || process.env.REQUIRE_BROWSER === '1'

export interface LaunchedBrowser {
  readonly context: BrowserContext
  close(): Promise<void>
}

/** Starts a headless Chromium with a new profile, which `close` removes again. */
export async function launchBrowser(
  options: { colorScheme?: 'light' | 'dark'; viewport?: { width: number; height: number } } = {},
): Promise<LaunchedBrowser> {
  if (executable === undefined) {
    throw new Error(`No Chromium: none of ${NAMES.join(', ')} is in PATH, and CHROMIUM_PATH names none.`)
  }
  const profile = mkdtempSync(join(tmpdir(), 'atrium-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    headless: true,
    // Nothing but the page under test may reach the network.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: { width: 1280, height: 800 },
    ...options,
  })
  return {
    context,
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
