// What does --version say? It begins as the reference's does, so that scripts that look for `aws-cli/2.` find it.

import { machine, release, type } from 'node:os'
import { embeddedModels, newerModels } from './models-in-use.ts'

export const VERSION = '0.1.0'
/** The version of AWS CLI whose grammar and output are ours. */
export const REFERENCE_VERSION = '2.36.12'

/** `models/2026-10-26`: the day of the API models in use. */
export function versionLine(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const environment = env.AWS_EXECUTION_ENV === undefined ? '' : ` exec-env/${env.AWS_EXECUTION_ENV}`
  const models = `models/${(newerModels(env, home) ?? embeddedModels).date}`
  return `aws-cli/${REFERENCE_VERSION} virga/${VERSION} ${type()}/${release()}${environment} ${machine()} ${models}\n`
}
