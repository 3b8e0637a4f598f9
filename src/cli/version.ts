// What does --version say? It begins as the reference's does, so that scripts that look for `aws-cli/2.` find it.

import { machine, release, type } from 'node:os'

export const VERSION = '0.1.0'
/** The version of AWS CLI whose grammar and output are ours. */
export const REFERENCE_VERSION = '2.36.12'

export function versionLine(env: Readonly<Record<string, string | undefined>>): string {
  const environment = env.AWS_EXECUTION_ENV === undefined ? '' : ` exec-env/${env.AWS_EXECUTION_ENV}`
  return `aws-cli/${REFERENCE_VERSION} virga/${VERSION} ${type()}/${release()}${environment} ${machine()}\n`
}
