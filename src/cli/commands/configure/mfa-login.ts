// `configure mfa-login`: a session with MFA, written into a profile as three values.
//
// The keys that are asked with are those of the profile in use; where there are none, they are asked for as well.

import { AwsError, Failure } from '../../../lib/errors.ts'
import { isoformat } from '../../../lib/time.ts'
import { parseInteger, repr } from '../../../lib/python.ts'
import type { Structure } from '../../../lib/value.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import { chainOf } from '../../chain.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { prompter } from '../../prompt.ts'
import type { Prompter } from '../../prompt.ts'
import { errorLine, serviceErrorText } from '../../report.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { writeCredentials } from './files.ts'

/** What ends the command with a line and exit code 1. */
class Missing extends Error {}

export const mfaLogin = command({
  name: 'configure mfa-login',
  help: 'Sets up temporary credentials with MFA, obtained by GetSessionToken, in a profile of the credentials file.',
  arguments: {
    'update-profile': { help: 'The profile to update with temporary credentials.' },
    'duration-seconds': {
      type: 'integer',
      default: 43200,
      help: 'The duration, in seconds, that the credentials should remain valid: 900 to 129600.',
    },
    'serial-number': { help: 'The ARN or serial number of the MFA device associated with the IAM user.' },
  },
  run: async (given, context) => {
    try {
      await login(given, context)
      return 0
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      context.outside.stderr.write(errorLine(error.message))
      return 1
    }
  },
})

async function login(given: GivenWords, context: Context): Promise<void> {
  const duration = integerOf(given['duration-seconds'])
  const { settings, find, context: links } = await chainOf(context)
  const { ask } = prompter(context.outside)
  const found = await find()
  let credentials = found
  let serial = (given['serial-number'] as string | undefined) || undefined
  if (credentials) {
    serial ??= textOf(links.section, 'mfa_serial')
    serial ??= await answered(ask, 'MFA serial number or ARN', 'MFA serial number or MFA device ARN')
  } else {
    context.write('Please provide your AWS credentials:\n')
    credentials = {
      accessKeyId: await answered(ask, 'AWS Access Key ID'),
      secretAccessKey: await answered(ask, 'AWS Secret Access Key'),
    }
    serial ??= await answered(ask, 'MFA serial number or ARN')
  }
  const code = await answered(ask, 'MFA token code')
  const suggested = profileFor(serial)
  const profile =
    (given['update-profile'] as string | undefined) || (await ask(`Profile to update [${suggested}]: `)) || suggested

  const input = { DurationSeconds: duration, SerialNumber: serial, TokenCode: code }
  const output = await callWith(settingsFor(settings, { credentials }), 'sts', 'GetSessionToken', input).catch(
    (error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      throw new Missing(`An error occurred: ${serviceErrorText(error).trimEnd()}`)
    },
  )
  await write(profile, output['Credentials'] as Structure, links.configuration.files.credentialsPath, context)
}

async function write(profile: string, session: Structure, path: string, context: Context): Promise<void> {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = session as Record<string, string>
  const keys = {
    aws_access_key_id: AccessKeyId,
    aws_secret_access_key: SecretAccessKey,
    aws_session_token: SessionToken,
  }
  await writeCredentials(path, profile, keys, context)
  context.write(
    `Temporary credentials written to profile '${profile}'\n` +
      `Credentials will expire at ${isoformat(Expiration!)}\n` +
      `To use these credentials, specify --profile ${profile} when running AWS CLI commands\n`,
  )
}

/** `123456789012-alice` for the device of a user, `session-GAHT12345678` for a piece of hardware. */
export function profileFor(serial: string): string {
  if (!serial.startsWith('arn:aws:iam::')) return `session-${serial}`
  const [, , , , account, resource = ''] = serial.split(':')
  return `${account}-${resource.split('/').at(-1)}`
}

async function answered(ask: Prompter['ask'], question: string, called = question): Promise<string> {
  const answer = await ask(`${question}: `)
  if (answer === '') throw new Missing(`${called} is required`)
  return answer
}

function integerOf(value: unknown): number {
  const number = typeof value === 'number' ? value : parseInteger(String(value))
  if (number === undefined) {
    throw new Failure('InvalidValue', `invalid literal for int() with base 10: ${repr(String(value))}`)
  }
  return Number(number)
}
