// What each rung of the credential chain looks for, in words: for `whoami` and `explain credentials`.

import type { ChainContext } from '../client/credentials/rung.ts'
import { textOf } from '../client/credentials/rung.ts'

/** What was looked for, and where. */
export function lookedFor(rung: string, { profile, section, configuration: { files } }: ChainContext): string {
  switch (rung) {
    case 'options':
      return 'credentials given outright'
    case 'env':
      return 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment'
    case 'assume-role':
      return `role_arn in the profile ${profile}`
    case 'assume-role-with-web-identity':
      return `AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file in the profile ${profile}`
    case 'sso':
      return `sso_account_id and sso_role_name in the profile ${profile}`
    case 'mfa-session':
      return `mfa_session and mfa_serial in the profile ${profile}`
    case 'shared-credentials-file':
      return `[${profile}] in ${files.credentialsPath}`
    case 'login':
      return `login_session in the profile ${profile}`
    case 'custom-process':
      return `credential_process in the profile ${profile}`
    case 'config-file':
      return section === files.profiles.get(profile)
        ? `keys of the profile ${profile} in ${files.configPath}`
        : `keys of the built-in profile ${profile}`
    case 'container-role':
      return 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI in the environment'
    default:
      return 'the role of this instance, at its metadata service'
  }
}

/** Where keys came from, as one says it. */
export function cameFrom(rung: string, context: ChainContext): string {
  const { profile, section } = context
  const key = (name: string): string => textOf(section, name) ?? ''
  switch (rung) {
    case 'env':
      return 'keys in the environment'
    case 'assume-role': {
      const source = textOf(section, 'source_profile')
      return `the role ${key('role_arn')}, assumed ${source ? `by the profile ${source}` : `by ${key('credential_source')}`}`
    }
    case 'assume-role-with-web-identity':
      return 'a role for the bearer of a web identity token'
    case 'sso':
      return `${key('sso_role_name')} in account ${key('sso_account_id')}, by IAM Identity Center`
    case 'mfa-session':
      return `a session with MFA (${key('mfa_serial')})`
    case 'shared-credentials-file':
      return `keys of the profile ${profile} in the credentials file`
    case 'login':
      return `the console session of ${key('login_session')}`
    case 'custom-process':
      return `a program that the profile ${profile} names (credential_process)`
    case 'config-file':
      return `keys of the profile ${profile}`
    case 'container-role':
      return 'the role of this container'
    default:
      return 'the role of this instance'
  }
}
