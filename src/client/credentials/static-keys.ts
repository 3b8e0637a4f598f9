// Keys written in a profile of one of the two files.

import { Failure } from '../../lib/errors.ts'
import type { IniSection } from '../../lib/ini.ts'
import { textOf } from './rung.ts'
import type { Answer } from './rung.ts'

/** @param source which file, as AWS CLI names it: `shared-credentials-file` or `config-file` */
export function keysIn(section: IniSection | undefined, source: string): Answer {
  if (!section) return 'the profile is not in this file'
  const accessKeyId = textOf(section, 'aws_access_key_id')
  const secretAccessKey = textOf(section, 'aws_secret_access_key')
  if (accessKeyId === undefined) return 'the profile has no aws_access_key_id in this file'
  if (secretAccessKey === undefined) {
    throw new Failure('PartialCredentials', `Partial credentials found in ${source}, missing: aws_secret_access_key`)
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: textOf(section, 'aws_security_token') ?? textOf(section, 'aws_session_token'),
    accountId: textOf(section, 'aws_account_id'),
    source,
  }
}
