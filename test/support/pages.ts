import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds `dist/web` when `web/` is another than it was built from, as `npm start` does. */
export async function buildPages(): Promise<void> {
  // In a process of its own, which it ends when a build fails.
  const script = "import { buildWeb } from './scripts/prepare.mjs'; await buildWeb()"
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: root })
}
