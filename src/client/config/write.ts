// How is a value written to ~/.aws/config or ~/.aws/credentials? In place, with every comment and the order kept.

import { Failure } from '../../lib/errors.ts'
import { editIni } from '../../lib/ini.ts'
import type { IniEdit } from '../../lib/ini.ts'
import { repr } from '../../lib/python.ts'
import { changeFile } from '../../lib/shared-file.ts'
import { quoteWord } from '../../lib/shlex.ts'

/** `profile dev` as it stands in the brackets of the config file. */
export function profileHeader(profile: string): string {
  return profile === 'default' ? profile : sectionHeader('profile', profile)
}

export function sectionHeader(kind: string, name: string): string {
  return `${kind} ${/[ \t]/.test(name) ? quoteWord(name) : name}`
}

/**
 * Sets values of one section, which is made where it is not there. The file is replaced in one step; a new one has
 * mode 0600; of several processes that write, each keeps the others' lines.
 * @param header as it stands in the brackets: `default`, `profile dev`, `sso-session corp`
 * Throws Failure('InvalidValue') for what a line cannot hold, Failure('Configuration') where the file cannot be written.
 */
export async function writeSection(path: string, header: string, edit: IniEdit): Promise<void> {
  requireOneLine(
    header,
    `Invalid section name: newline characters and carriage returns are not allowed: ${repr(header)}`,
  )
  for (const [key, value] of Object.entries(edit)) {
    requireOneLine(key, `Invalid key: newline characters and carriage returns are not allowed: ${repr(key)}`)
    const texts = typeof value === 'object' ? Object.entries(value).flat() : [value ?? '']
    // The value itself is not shown: it may be a secret.
    for (const text of texts) {
      requireOneLine(text, `Invalid value for key ${key}: newline characters and carriage returns are not allowed.`)
    }
  }
  try {
    await changeFile(path, (text) => editIni(text, header, edit))
  } catch (cause) {
    throw new Failure('Configuration', `Cannot write ${path}: ${(cause as Error).message}`, { path }, cause)
  }
}

function requireOneLine(text: string, complaint: string): void {
  if (/[\r\n]/.test(text)) throw new Failure('InvalidValue', complaint)
}
