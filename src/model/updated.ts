// Has somebody fetched newer models than those inside the program? `virga models update` leaves them in a folder of the
// user's; they count where they are newer, and where this program reads their format.

import { join } from '../lib/path.ts'
import { text } from '../lib/bytes.ts'
import { exists, readIfThere } from '../lib/files.ts'
import { ARCHIVE_VERSION } from './archive.ts'
import type { ModelsAbout } from './compile.ts'

export interface UpdatedModels extends ModelsAbout {
  /** models.bin; the documentation stands beside it. */
  readonly file: string
}

/** `$VIRGA_HOME/models/FORMAT`, else `~/.virga/models/FORMAT`. */
export function updatesFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return join(env['VIRGA_HOME'] || join(home, '.virga'), 'models', String(ARCHIVE_VERSION))
}

/** Undefined where there are none, or none that can be used: one look at the disk. */
export function updatedModels(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): UpdatedModels | undefined {
  const folder = updatesFolder(env, home)
  const told = readIfThere(join(folder, 'about.json'))
  if (told === undefined) return undefined
  try {
    const { from, date } = JSON.parse(text(told)) as Partial<ModelsAbout>
    const file = join(folder, 'models.bin')
    return typeof from === 'string' && typeof date === 'string' && exists(file) ? { from, date, file } : undefined
  } catch {
    return undefined
  }
}
