// What does --version say? It begins as the reference's does, so that scripts that look for `aws-cli/2.` find it.

import { embeddedModels, newerModels } from './models-in-use.ts'

export const VERSION = '0.1.0'
/** The version of AWS CLI whose grammar and output are ours. */
export const REFERENCE_VERSION = '2.36.12'

/** As `uname` calls them. To ask node:os, for the kernel's release besides, would be a twentieth of the answer's time. */
const SYSTEMS: Readonly<Record<string, string>> = { darwin: 'Darwin', linux: 'Linux', win32: 'Windows' }

/** `models/2026-10-26`: the day of the API models in use. */
export function versionLine(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const environment = env.AWS_EXECUTION_ENV === undefined ? '' : ` exec-env/${env.AWS_EXECUTION_ENV}`
  const { arch, platform } = process
  const system = `${SYSTEMS[platform] ?? platform}/${arch === 'x64' ? 'x86_64' : arch}`
  const models = `models/${(newerModels(env, home) ?? embeddedModels).date}`
  return `aws-cli/${REFERENCE_VERSION} virga/${VERSION} ${system}${environment} ${models}\n`
}
