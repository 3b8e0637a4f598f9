// Who has the six digits? A program the profile names, or the person at the terminal.

import { Failure } from '../../lib/errors.ts'
import type { IniSection } from '../../lib/ini.ts'
import { textOf } from './rung.ts'
import type { ChainContext } from './rung.ts'
import { outputOf } from './run.ts'

/** Throws Failure('CredentialRetrieval') where nobody can be asked. */
export async function askForCode(serial: string, section: IniSection, { surroundings }: ChainContext): Promise<string> {
  const program = textOf(section, 'mfa_process')
  if (program !== undefined) return (await outputOf(program, surroundings.env, 'mfa_process')).trim()
  if (!surroundings.ask) {
    throw new Failure(
      'CredentialRetrieval',
      `An MFA code for ${serial} is needed, and there is no terminal to ask for it`,
    )
  }
  return surroundings.ask(`Enter MFA code for ${serial}: `, true)
}
