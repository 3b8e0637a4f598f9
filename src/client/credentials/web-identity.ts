// Credentials of a role for the bearer of a token that an identity provider wrote to a file: EKS, CI systems.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html

import { readFileSync } from 'node:fs'
import { Failure } from '../../lib/errors.ts'
import { repr } from '../../lib/python.ts'
import type { Structure } from '../../lib/value.ts'
import { textOf } from './rung.ts'
import type { Answer, ChainContext } from './rung.ts'
import { session, sortedJson } from './session-cache.ts'
import { stsSession } from './sts-session.ts'

const source = 'assume-role-with-web-identity'

/** Throws Failure('InvalidConfig' | 'CredentialRetrieval'), and what AssumeRoleWithWebIdentity answers. */
export async function fromWebIdentity(context: ChainContext): Promise<Answer> {
  const {
    section,
    useEnvironment,
    surroundings: { env },
    settings,
  } = context
  const from = (variable: string, key: string): string | undefined =>
    (useEnvironment ? env[variable] : undefined) ?? textOf(section, key)
  const file = from('AWS_WEB_IDENTITY_TOKEN_FILE', 'web_identity_token_file')
  if (!file) return 'AWS_WEB_IDENTITY_TOKEN_FILE is empty'
  const role = from('AWS_ROLE_ARN', 'role_arn')
  if (!role) {
    throw new Failure(
      'InvalidConfig',
      'The provided profile or the current environment is configured to assume role with web identity but has no role ARN ' +
        'configured. Ensure that the profile has the role_arnconfiguration set or the AWS_ROLE_ARN env var is set.',
    )
  }
  const name = from('AWS_ROLE_SESSION_NAME', 'role_session_name')
  return session(context, sortedJson({ RoleArn: role, RoleSessionName: name }), source, () => {
    const input: Structure = {
      RoleArn: role,
      RoleSessionName: name ?? `botocore-session-${Math.floor(settings.clock().getTime() / 1000)}`,
      WebIdentityToken: tokenIn(file),
    }
    return stsSession(context, 'AssumeRoleWithWebIdentity', input, undefined)
  })
}

/** Read anew each time: whoever writes the file renews the token. */
function tokenIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? `[Errno 2] No such file or directory: ${repr(file)}` : message
    throw new Failure('CredentialRetrieval', reason, { file }, error)
  }
}
