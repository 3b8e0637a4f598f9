// What does --version say? It begins as the reference's does, so that scripts that look for `aws-cli/2.` find it.

import { machine, release, type } from 'node:os'
import embedded from '../../build/about.json' with { type: 'json' }
import { updatedModels } from '../model/updated.ts'

export const VERSION = '0.1.0'
/** The version of AWS CLI whose grammar and output are ours. */
export const REFERENCE_VERSION = '2.36.12'

/** The models inside the program. */
export const embeddedModels: { readonly from: string; readonly date: string } = embedded

/** `models/2026-10-26`: the day of the API models in use. */
export function versionLine(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const environment = env.AWS_EXECUTION_ENV === undefined ? '' : ` exec-env/${env.AWS_EXECUTION_ENV}`
  const models = `models/${(newerModels(env, home) ?? embeddedModels).date}`
  return `aws-cli/${REFERENCE_VERSION} virga/${VERSION} ${type()}/${release()}${environment} ${machine()} ${models}\n`
}

/** Models that `virga models update` fetched, where they are newer than those inside the program. */
export function newerModels(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): ReturnType<typeof updatedModels> {
  const updated = updatedModels(env, home)
  return updated !== undefined && updated.date > embeddedModels.date ? updated : undefined
}
