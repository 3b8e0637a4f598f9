// The credential report: a line for root and each user, with the state of all their credentials.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html

import { utf8 } from '../../../../lib/bytes.ts'
import { AwsError } from '../../../../lib/errors.ts'
import type { AccessKey, User } from '../../../accounts/records.ts'
import { wholeSeconds } from '../present.ts'
import type { Iam, IamHandler } from '../state.ts'

/** A newer one is made when the last is this old. */
const lasts = 4 * 3_600_000

const columns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  ...[1, 2].flatMap((i) => [
    `access_key_${i}_active`,
    `access_key_${i}_last_rotated`,
    `access_key_${i}_last_used_date`,
    `access_key_${i}_last_used_region`,
    `access_key_${i}_last_used_service`,
  ]),
  ...[1, 2].flatMap((i) => [`cert_${i}_active`, `cert_${i}_last_rotated`]),
]

export const generateCredentialReport: IamHandler = (_input, { state, clock }) => {
  const settings = state.settings()
  const now = clock().getTime()
  if (settings.credentialReport && now - settings.credentialReport.made < lasts) return { State: 'COMPLETE' }
  state.accounts.update(settings, { credentialReport: { made: now, content: report(state) } })
  return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' }
}

export const getCredentialReport: IamHandler = (_input, { state, clock }) => {
  const made = state.settings().credentialReport
  if (!made) throw new AwsError('ReportNotPresent', '', { status: 410 })
  if (clock().getTime() - made.made >= lasts)
    throw new AwsError('ReportExpired', 'The report has expired. Generate a new one.', { status: 410 })
  return { Content: utf8(made.content), ReportFormat: 'text/csv', GeneratedTime: wholeSeconds(made.made) }
}

function report(state: Iam): string {
  return [columns, rootLine(state), ...state.users.all().map((user) => userLine(state, user))]
    .map((line) => line.join(','))
    .join('\n')
}

function rootLine(state: Iam): string[] {
  const { created, accessKeys, mfaDevices } = state.settings()
  const arn = `arn:aws:iam::${state.account}:root`
  const password = ['not_supported', 'no_information', 'not_supported', 'not_supported']
  const none = ['false', 'N/A', 'false', 'N/A']
  return [
    '<root_account>',
    arn,
    when(created),
    ...password,
    String(mfaDevices.length > 0),
    ...keys(state, accessKeys),
    ...none,
  ]
}

function userLine(state: Iam, user: User): string[] {
  const { login, certificates = [] } = user
  const changed = login && (login.changed ?? login.created)
  const age = state.settings().passwordPolicy?.MaxPasswordAge
  const password =
    changed === undefined
      ? ['false', 'N/A', 'N/A', 'N/A']
      : ['true', 'no_information', when(changed), age ? when(changed + age * 86_400_000) : 'N/A']
  const certs = [0, 1].flatMap((i) => {
    const certificate = certificates[i]
    return certificate ? [String(certificate.status === 'Active'), when(certificate.uploaded)] : ['false', 'N/A']
  })
  return [
    user.name,
    state.arn('user', user),
    when(user.created),
    ...password,
    String(user.mfaDevices.length > 0),
    ...keys(state, user.accessKeys),
    ...certs,
  ]
}

function keys(state: Iam, ids: readonly string[]): string[] {
  return [0, 1].flatMap((i) => {
    const key: AccessKey | undefined = ids[i] === undefined ? undefined : state.keys.get(ids[i])
    if (!key) return ['false', 'N/A', 'N/A', 'N/A', 'N/A']
    const used = key.lastUsed
    return [
      String(key.status === 'Active'),
      when(key.created),
      used ? when(used.at) : 'N/A',
      used?.region ?? 'N/A',
      used?.service ?? 'N/A',
    ]
  })
}

/** `2026-01-02T03:04:05+00:00` */
function when(moment: number): string {
  return wholeSeconds(moment).toISOString().replace('.000Z', '+00:00')
}
