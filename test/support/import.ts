import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RowReport, Totals } from '../../src/domain/blog/import-run.ts'

export interface ImportRun {
  exitCode: number | null
  stdout: string
  stderr: string
  /** With `--json`. */
  report: { folder: string; stopped: boolean; totals: Totals; rows: RowReport[] } | null
}

/** The real command as a process of its own, on a database that is there. */
export function importPosts(databaseUrl: string | null, ...parameters: string[]): Promise<ImportRun> {
  const command = fileURLToPath(new URL('../../src/import-posts.ts', import.meta.url))
  const environment = {
    PATH: process.env.PATH ?? '',
    LOG_LEVEL: 'warn',
    JWT_SECRET: 'a secret for the tests, 32 long at least',
    ATRIUM_DATA: tmpdir(),
    // Without a database there is nothing that could be written to.
    DATABASE_URL: databaseUrl ?? 'postgres://nobody@127.0.0.1:1/nowhere',
  }
  const child = spawn(process.execPath, ['--import', 'tsx', command, ...parameters], { env: environment })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => {
      const report = parameters.includes('--json') && output.stdout !== '' ? JSON.parse(output.stdout) : null
      resolve({ exitCode, ...output, report })
    })
  })
}

/** A folder of files, to be removed after the test. */
export async function folderOf(files: Record<string, string>, name = 'blog') {
  const parent = await mkdtemp(join(tmpdir(), 'atrium-import-'))
  const path = join(parent, name)
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(path, file)), { recursive: true })
    await writeFile(join(path, file), text)
  }
  await mkdir(path, { recursive: true })
  for (const [file, text] of Object.entries(files)) await write(file, text)
  return { path, write, remove: () => rm(parent, { recursive: true, force: true }) }
}
