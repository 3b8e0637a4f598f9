// The names that other programs look for: which of them on the path are ours, and which belong to somebody else?

import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import type { Outside } from '../../door.ts'

/** What scripts call, and what shells complete with. */
export const NAMES = ['aws', 'aws_completer'] as const

/** In the files that are no links. */
export const MARK = 'virga shim'

const onWindows = process.platform === 'win32'

/** What a shim of that name is called in a folder. */
export function fileOf(folder: string, name: string): string {
  return join(folder, onWindows ? `${name}.cmd` : name)
}

/** The folders of PATH, in their order, each once. */
export function pathFolders({ env }: Pick<Outside, 'env'>): string[] {
  return [...new Set((env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== ''))]
}

/** Where a shell would look first for each folder's `aws`: the files that are there. */
export function onPath(name: string, outside: Pick<Outside, 'env'>): string[] {
  const endings = onWindows ? ['.exe', '.cmd', '.bat'] : ['']
  return pathFolders(outside)
    .flatMap((folder) => endings.map((ending) => join(folder, `${name}${ending}`)))
    .filter((file) => existsSync(file))
}

/** A link to this program or to another virga, or a script that we wrote. A link that leads nowhere counts by its name. */
export function isOurs(file: string): boolean {
  try {
    if (lstatSync(file).isSymbolicLink()) {
      const target = existsSync(file) ? realpathSync(file) : readlinkSync(file)
      return target === realpathSync(process.execPath) || /^virga(\.exe)?$/.test(basename(target))
    }
    return lstatSync(file).size < 4096 && readFileSync(file, 'utf8').includes(MARK)
  } catch {
    return false
  }
}

export function isThere(file: string): boolean {
  try {
    lstatSync(file)
    return true
  } catch {
    return false
  }
}
