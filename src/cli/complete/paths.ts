// Which files may a half-typed path mean?

import { resolve } from 'node:path'
import { fs } from '../../lib/files.ts'
import { choices } from './choices.ts'
import type { Choices } from './choices.ts'

interface Where {
  readonly home: string
  readonly cwd: string
}

/** `before` goes in front as it is: `file://`. A folder's name ends with a slash. */
export function pathChoices(path: string, { home, cwd }: Where, before = ''): Choices {
  if (path === '~') return choices('~', ['~/'], before)
  const slash = path.lastIndexOf('/') + 1
  const [folder, typed] = [path.slice(0, slash), path.slice(slash)]
  const absolute = resolve(cwd, folder.startsWith('~/') ? home + folder.slice(1) : folder)
  return choices(typed, namesIn(absolute, typed), before + folder)
}

/** Hidden files only where a dot was typed. A folder that cannot be read holds nothing. */
function namesIn(folder: string, typed: string): string[] {
  let entries
  try {
    entries = fs().readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
  return entries
    .filter(({ name }) => typed.startsWith('.') || !name.startsWith('.'))
    .map((entry) => (entry.isDirectory() || isLinkToFolder(entry, folder) ? `${entry.name}/` : entry.name))
    .sort()
}

function isLinkToFolder(entry: { name: string; isSymbolicLink(): boolean }, folder: string): boolean {
  return (
    entry.isSymbolicLink() &&
    (fs().statSync(resolve(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false)
  )
}
