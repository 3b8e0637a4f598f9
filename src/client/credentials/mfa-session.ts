// A session with MFA for the long-term keys of a profile, made when a call needs it: no copying of three values between files.
//   [profile me]
//   mfa_serial = arn:aws:iam::123456789012:mfa/me
//   mfa_session = true
// The keys themselves stay where they are. What GetSessionToken gives is kept in ~/.aws/cli/cache until it ends.

import type { Credentials } from '../../lib/credentials.ts'
import type { Structure } from '../../lib/value.ts'
import { parseInteger } from '../../lib/python.ts'
import { chain, climb } from './chain.ts'
import { askForCode } from './mfa-code.ts'
import { textOf } from './rung.ts'
import type { Answer, ChainContext } from './rung.ts'
import { cachePath, session, sortedJson } from './session-cache.ts'
import { stsSession } from './sts-session.ts'

/** Throws Failure('CredentialRetrieval') where nobody can be asked for a code, and what GetSessionToken answers. */
export async function fromMfaSession(context: ChainContext): Promise<Answer> {
  const wanted = await wantedSession(context)
  if (typeof wanted === 'string') return wanted
  const { keys, serial, input, identity } = wanted
  return session(
    context,
    identity,
    'mfa-session',
    async () => {
      const TokenCode = await askForCode(serial, context.section, context)
      return stsSession(context, 'GetSessionToken', { ...input, TokenCode }, keys)
    },
    { alone: true },
  )
}

/** The file the session of these keys is kept in; undefined where there can be none. */
export async function mfaSessionFile(context: ChainContext): Promise<string | undefined> {
  const wanted = await wantedSession(context)
  return typeof wanted === 'string' ? undefined : cachePath(context, 'cli/cache', wanted.identity)
}

interface Wanted {
  readonly keys: Credentials
  readonly serial: string
  readonly input: Structure
  readonly identity: string
}

async function wantedSession(context: ChainContext): Promise<Wanted | string> {
  const { section } = context
  const keys = await climb(
    context,
    chain.filter((rung) => LONG_TERM.includes(rung.name)),
  )
  if (!keys) return 'the profile has mfa_session, but no keys to make a session with'
  if (keys.sessionToken !== undefined) return 'the profile has mfa_session, but its keys are those of a session already'
  const serial = textOf(section, 'mfa_serial')!
  const duration = parseInteger(textOf(section, 'duration_seconds') ?? '')
  const input: Structure = {
    SerialNumber: serial,
    DurationSeconds: duration === undefined ? undefined : Number(duration),
  }
  return { keys, serial, input, identity: sortedJson({ ...input, AccessKeyId: keys.accessKeyId }) }
}

const LONG_TERM = ['shared-credentials-file', 'custom-process', 'config-file']
