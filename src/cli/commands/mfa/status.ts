// `virga mfa status`: which profiles have an MFA device, and how long their sessions last.

import { textOf } from '../../../client/credentials/rung.ts'
import { chainOf } from '../../chain.ts'
import { minuteOf, timeLeft } from '../../lasting.ts'
import { command } from '../command.ts'
import { sessionAtHand } from './profile.ts'

interface Status {
  readonly Profile: string
  readonly Device: string
  /** Where codes come from. */
  readonly Codes: 'terminal' | 'program'
  /** `off`: the profile does not ask for sessions. */
  readonly Session: 'good' | 'none' | 'off'
  readonly Expiration?: string
}

export const mfaStatus = command({
  name: 'mfa status',
  help: 'Shows the profiles that have an MFA device, and how long their sessions last.',
  arguments: {},
  run: async (_, context) => {
    const { context: links } = await chainOf(context)
    const { profiles } = links.configuration.files
    const found: Status[] = []
    for (const [profile, section] of profiles) {
      const device = textOf(section, 'mfa_serial')
      if (device === undefined) continue
      const session = await sessionAtHand({ ...links, profile, section })
      const wanted = section['role_arn'] !== undefined || textOf(section, 'mfa_session')?.toLowerCase() === 'true'
      found.push({
        Profile: profile,
        Device: device,
        Codes: textOf(section, 'mfa_process') === undefined ? 'terminal' : 'program',
        Session: session ? 'good' : wanted ? 'none' : 'off',
        ...(session?.expiration ? { Expiration: session.expiration.toISOString() } : {}),
      })
    }
    const { globals, outside } = context
    if (globals.output !== undefined || globals.query !== undefined) {
      await context.show('MfaStatus', { Profiles: found.map((status) => ({ ...status })) })
      return 0
    }
    if (found.length === 0) context.write('No profile has an mfa_serial. To enrol a device: virga mfa add\n')
    for (const { Profile, Device, Codes, Session, Expiration } of found) {
      const until = Expiration === undefined ? undefined : new Date(Expiration)
      const words = until
        ? `${timeLeft(until, outside.clock())} left, until ${minuteOf(until)}`
        : Session === 'off'
          ? 'none wanted (mfa_session is not true)'
          : 'none'
      const codes = Codes === 'program' ? 'a program (mfa_process)' : 'asked at the terminal'
      context.write(`${Profile}\n  device   ${Device}\n  session  ${words}\n  codes    ${codes}\n`)
    }
    return 0
  },
})
