// Credentials of a role in an account, for somebody who signed in to IAM Identity Center.
//   [profile dev]                 [sso-session corp]
//   sso_session = corp            sso_start_url = https://corp.awsapps.com/start
//   sso_account_id = 111122223333 sso_region = eu-west-1
//   sso_role_name = Developer
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html

import { AwsError, Failure } from '../../lib/errors.ts'
import { stringifyCompact } from '../../lib/json.ts'
import { formatIso8601 } from '../../lib/time.ts'
import type { Answer, ChainContext } from './rung.ts'
import { session } from './session-cache.ts'
import { sessionToken, storedToken, timeOf } from './sso-token.ts'

/** Throws Failure('InvalidConfig' | 'CredentialRetrieval'), and what GetRoleCredentials answers. */
export async function fromSso(context: ChainContext): Promise<Answer> {
  const { startUrl, region, account, role, sessionName } = configured(context)
  const identity = stringifyCompact(
    sessionName === undefined
      ? { accountId: account, roleName: role, startUrl }
      : { accountId: account, roleName: role, sessionName },
  )
  return session(context, identity, 'sso', async () => {
    const accessToken = sessionName === undefined ? oldToken(context, startUrl) : await sessionToken(context)
    const output = (await context
      .call('sso', 'GetRoleCredentials', { roleName: role, accountId: account, accessToken }, { region })
      .catch((error) => {
        throw error instanceof AwsError && error.code === 'UnauthorizedException' ? unauthorized() : error
      })) as any
    const found = output.roleCredentials
    return {
      ProviderType: 'sso',
      Credentials: {
        AccessKeyId: found.accessKeyId,
        SecretAccessKey: found.secretAccessKey,
        SessionToken: found.sessionToken,
        Expiration: formatIso8601({ seconds: Math.floor(Number(found.expiration) / 1000), micros: 0 }),
        AccountId: account,
      },
    }
  })
}

/** The profile's keys, and those of its session; the two may not disagree. */
function configured({ profile, section, configuration }: ChainContext) {
  const merged: Record<string, string> = {}
  for (const [key, value] of Object.entries(section)) if (typeof value === 'string') merged[key] = value
  const sessionName = merged['sso_session']
  if (sessionName !== undefined) {
    const keys = configuration.files.ssoSessions.get(sessionName)
    if (!keys) throw invalid(`The specified sso-session does not exist: "${sessionName}"`)
    for (const [key, value] of Object.entries(keys)) {
      if (typeof value !== 'string') continue
      if ((merged[key] ?? value) !== value) {
        throw invalid(
          `The value for ${key} is inconsistent between profile (${merged[key]}) and sso-session (${value}).`,
        )
      }
      merged[key] = value
    }
  }
  const missing = ['sso_role_name', 'sso_account_id', 'sso_start_url', 'sso_region'].filter(
    (key) => merged[key] === undefined,
  )
  if (missing.length > 0) {
    throw invalid(
      `The profile "${profile}" is configured to use SSO but is missing required configuration: ${missing.join(', ')}`,
    )
  }
  return {
    startUrl: merged['sso_start_url']!,
    region: merged['sso_region']!,
    account: merged['sso_account_id']!,
    role: merged['sso_role_name']!,
    sessionName,
  }
}

/** A profile without a session: its token cannot be renewed. */
function oldToken(context: ChainContext, startUrl: string): string {
  const token = storedToken(context, startUrl, undefined)
  if (timeOf(token['expiresAt']) <= context.settings.clock().getTime()) throw unauthorized()
  return String(token['accessToken'])
}

function unauthorized(): Failure {
  return new Failure(
    'CredentialRetrieval',
    'The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso ' +
      'login with the corresponding profile.',
  )
}

function invalid(message: string): Failure {
  return new Failure('InvalidConfig', message)
}
