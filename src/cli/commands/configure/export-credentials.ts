// `configure export-credentials`: the keys in use, for a shell or for another program's credential_process.

import { AwsError, Failure } from '../../../lib/errors.ts'
import type { Credentials } from '../../../lib/credentials.ts'
import { isoformat } from '../../../lib/time.ts'
import { chainOf } from '../../chain.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { configurationOf } from './files.ts'

/** How a shell is told of a variable. */
const shells: Readonly<Record<string, (name: string, value: string) => string>> = {
  env: (name, value) => `export ${name}=${value}`,
  'env-no-export': (name, value) => `${name}=${value}`,
  powershell: (name, value) => `$Env:${name}="${value}"`,
  'windows-cmd': (name, value) => `set ${name}=${value}`,
  fish: (name, value) => `set -gx ${name} "${value}"`,
}

export const exportCredentials = command({
  name: 'configure export-credentials',
  help: 'Export the credentials in use in various formats.',
  arguments: {
    format: { choices: ['process', ...Object.keys(shells)], default: 'process', help: 'The output format.' },
  },
  run: async (given, context) => {
    const env = await withoutCircles(context)
    const credentials = await found(context, env)
    context.write(written(given['format'] as string, credentials))
    return 0
  },
})

export function written(format: string, credentials: Credentials): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials
  const expires = expiration && isoformat(expiration)
  if (format === 'process') {
    const document = {
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expires,
    }
    return `${JSON.stringify(document, undefined, 2)}\n`
  }
  const variables: Record<string, string | undefined> = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: expires,
  }
  return Object.entries(variables)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${shells[format]!(name, value)}\n`)
    .join('')
}

async function found(context: Context, env: Readonly<Record<string, string | undefined>>): Promise<Credentials> {
  let credentials: Credentials | undefined
  try {
    credentials = await (await chainOf(context, { env })).find()
  } catch (error) {
    throw unable(await textOf(error), error)
  }
  if (!credentials) throw unable('no credentials found')
  return credentials
}

async function textOf(error: unknown): Promise<string> {
  if (error instanceof AwsError) return (await import('../../report.ts')).serviceErrorText(error)
  return error instanceof Error ? error.message : String(error)
}

function unable(reason: string, cause?: unknown): Failure {
  return new Failure('Configuration', `Unable to retrieve credentials: ${reason.trim()}`, {}, cause)
}

/**
 * A profile's credential_process may be this command for another profile, and so on: the profiles on the way are
 * handed down in a variable, as CSV. Throws Failure('Configuration') for a circle, and beyond four.
 */
const wayVariable = '_AWS_CLI_PROFILE_CHAIN'
const longestWay = 4

async function withoutCircles(context: Context): Promise<Readonly<Record<string, string | undefined>>> {
  const { env } = context.outside
  const { profile } = await configurationOf(context)
  const way = fieldsOf(env[wayVariable] ?? '')
  if (way.length >= longestWay) {
    throw new Failure(
      'Configuration',
      `Maximum recursive credential process resolution reached (${longestWay}).\nProfiles seen: ${way.join(' -> ')}`,
    )
  }
  const further = [...way, profile]
  if (way.includes(profile)) {
    throw new Failure(
      'Configuration',
      `Credential process resolution detected an infinite loop, profile cycle: ${further.join(' -> ')}`,
    )
  }
  return { ...env, [wayVariable]: further.map(fieldOf).join(',') }
}

function fieldsOf(csv: string): string[] {
  if (csv === '') return []
  const fields = csv.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)
  return Array.from(fields, ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}

function fieldOf(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
