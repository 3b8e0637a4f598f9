// What the commands that write ~/.aws have in common: what stands there, and a word about who can read it.

import { statSync } from 'node:fs'
import { readConfiguration } from '../../../client/config/configuration.ts'
import type { Configuration } from '../../../client/config/configuration.ts'
import { writeSection } from '../../../client/config/write.ts'
import type { IniEdit } from '../../../lib/ini.ts'
import { givenFrom } from '../../globals.ts'
import { surroundings } from '../../session.ts'
import type { Context } from '../command.ts'

/** Both files and the environment; a profile that is not there is no error here: it may be about to be made. */
export function configurationOf({ globals, outside }: Context): Promise<Configuration> {
  return readConfiguration(givenFrom(globals, undefined), surroundings(outside))
}

/** Writes to the credentials file, and says so where others can read it. */
export async function writeCredentials(
  path: string,
  profile: string,
  edit: IniEdit,
  { outside }: Context,
): Promise<void> {
  await writeSection(path, profile, edit)
  if (readableByOthers(path)) {
    outside.stderr.write(
      `\naws: [WARNING]: The file '${path}' is accessible by other users. Consider running 'chmod 600 ${path}' to ` +
        'restrict access to only your user.\n',
    )
  }
}

function readableByOthers(path: string): boolean {
  try {
    return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0
  } catch {
    return false
  }
}
