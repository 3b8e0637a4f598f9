// `virga mfa login`: makes a session with MFA for the keys of a profile, now, and has it made again when it is needed.

import { rmSync } from 'node:fs'
import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { fromMfaSession, mfaSessionFile } from '../../../client/credentials/mfa-session.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import type { ChainContext } from '../../../client/credentials/rung.ts'
import { chainOf } from '../../chain.ts'
import type { Chain } from '../../chain.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { minuteOf, timeLeft } from '../../lasting.ts'
import { command } from '../command.ts'
import { sessionAtHand, writeProfile } from './profile.ts'

export const mfaLogin = command({
  name: 'mfa login',
  help:
    'Makes a session with MFA for the long-term keys of a profile, and sets mfa_serial and mfa_session in the profile, so ' +
    'that it is used from now on and made again when it has ended.',
  arguments: {
    code: { help: 'The code the device shows. Without it, it is asked for.' },
    'serial-number': { help: 'The device. Without it: mfa_serial of the profile, or the only device of the user.' },
  },
  run: async (given, context) => {
    const found = await chainOf(context)
    const code = given['code'] as string | undefined
    const serial =
      (given['serial-number'] as string | undefined) ??
      textOf(found.context.section, 'mfa_serial') ??
      (await onlyDevice(found))
    const wanted = { mfa_serial: serial, mfa_session: 'true' }
    const links: ChainContext = {
      ...found.context,
      section: { ...found.context.section, ...wanted, ...(code === undefined ? {} : { mfa_process: '' }) },
      surroundings:
        code === undefined ? found.context.surroundings : { ...found.context.surroundings, ask: async () => code },
    }
    const file = await mfaSessionFile(links)
    if (code !== undefined && file !== undefined) rmSync(file, { force: true })
    const atHand = code === undefined ? await sessionAtHand(links) : undefined
    const session = atHand ?? (await fromMfaSession(links))
    if (typeof session === 'string') {
      throw new Failure('InvalidConfig', `No session with MFA for the profile ${links.profile}: ${session}`)
    }
    for (const line of await writeProfile(found.context, wanted)) context.write(`${links.profile}: ${line}\n`)
    const { expiration } = session
    context.write(
      `The profile ${links.profile} has ${atHand ? 'had' : 'now'} a session with MFA` +
        `${expiration ? `, for ${timeLeft(expiration, context.outside.clock())}, until ${minuteOf(expiration)}` : ''}.\n`,
    )
    return 0
  },
})

/** Throws Failure('InvalidConfig') where the user has none, or several. */
async function onlyDevice({ settings, find }: Chain): Promise<string> {
  const credentials = await find()
  const answer = await callWith(settingsFor(settings, { credentials }), 'iam', 'ListMFADevices', {})
  const devices = (answer['MFADevices'] as Structure[] | undefined) ?? []
  if (devices.length === 1) return String(devices[0]!['SerialNumber'])
  throw new Failure(
    'InvalidConfig',
    devices.length === 0
      ? 'This user has no MFA device. To enrol one: virga mfa add'
      : `Which device? --serial-number ${devices.map(({ SerialNumber }) => String(SerialNumber)).join(' | ')}`,
  )
}
