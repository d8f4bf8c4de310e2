import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { type ParsedPost, type Problem, parsePostFile } from './front-matter.ts'

/** Files above are no posts. Postgres refuses to index texts of about twice this size. */
const MAX_POST_BYTES = 500_000

export interface FoundFile {
  /** Relative to the folder, with `/` between its parts on every system. */
  source: string
  path: string
  sizeBytes: number
}

/** One file of the import, named with its folder: a post that can be imported, or the reasons why not. */
export type PlannedPost =
  | { source: string; contentHash: string; post: ParsedPost }
  | { source: string; problems: readonly Problem[] }

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/**
 * The Markdown files below a folder, always in the same order. Folders whose name begins with a dot are left out, and
 * so is a project's `node_modules`, unless the folder is one or lies in one. A symbolic link counts where it leads to
 * a place inside of the folder that was not seen yet.
 * @throws when the folder cannot be read. Folders below it that cannot be read are left out.
 */
export async function findPostFiles(folder: string): Promise<FoundFile[]> {
  const root = await realpath(folder)
  const wantsPackages = root.split(sep).includes('node_modules')
  const seen = new Set<string>([root])
  const found: FoundFile[] = []

  const isInside = (path: string): boolean => path.startsWith(root.endsWith(sep) ? root : root + sep)

  const visit = async (path: string, source: string): Promise<void> => {
    for (const entry of (await readdir(path, { withFileTypes: true })).sort(byName)) {
      const at = source === '' ? entry.name : `${source}/${entry.name}`
      const isPost = /\.(?:md|markdown)$/i.test(entry.name)
      let target = join(path, entry.name)
      let isFolder = entry.isDirectory()
      try {
        if (entry.isSymbolicLink()) {
          target = await realpath(target)
          if (!isInside(target)) continue
          isFolder = (await stat(target)).isDirectory()
        }
        if (isFolder) {
          const isLeftOut = entry.name.startsWith('.') || (entry.name === 'node_modules' && !wantsPackages)
          if (isLeftOut || seen.has(target)) continue
          seen.add(target)
          await visit(target, at)
        } else if (isPost && !seen.has(target)) {
          const { size } = await stat(target)
          seen.add(target)
          found.push({ source: at, path: target, sizeBytes: size })
        }
      } catch (error) {
        // A link to nowhere, or a folder of somebody else: the others can still be imported.
        if (!(error instanceof Error && 'code' in error)) throw error
      }
    }
  }

  await visit(root, '')
  return found
}

/** Reads and parses the files one after the other. Nothing is written. */
export async function* planImport(
  files: readonly FoundFile[],
  options: { folder: string; now: Date; maxBytes?: number },
): AsyncGenerator<PlannedPost> {
  const maxBytes = options.maxBytes ?? MAX_POST_BYTES
  const folderName = basename(await realpath(options.folder))
  for (const { source, path, sizeBytes } of files) {
    // With the folder's name: the README of one project is not the README of the next.
    const named = folderName === '' ? source : `${folderName}/${source}`
    const refuse = (message: string): PlannedPost => ({ source: named, problems: [{ field: 'file', message }] })
    if (sizeBytes > maxBytes) {
      yield refuse(`The file has ${sizeBytes} bytes; a post may have at most ${maxBytes}.`)
      continue
    }
    let bytes: Uint8Array
    try {
      bytes = await readFile(path)
    } catch (error) {
      yield refuse(`The file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`)
      continue
    }
    const post = parsePostFile({ path: source, bytes, folderName, now: options.now })
    if (post.problems.length > 0) yield { source: named, problems: post.problems }
    else yield { source: named, contentHash: createHash('sha256').update(bytes).digest('hex'), post }
  }
}
