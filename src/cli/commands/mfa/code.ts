// `virga mfa code`: the code of a device whose seed rests in the keychain. What `mfa_process` of a profile runs.

import { Failure } from '../../../lib/errors.ts'
import { fromBase32, totp } from '../../../lib/totp.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import { chainOf } from '../../chain.ts'
import { keychainOf } from '../../keychain.ts'
import { command } from '../command.ts'
import { seedName } from './profile.ts'

export const mfaCode = command({
  name: 'mfa code',
  help: 'Prints the current code of a device whose seed is kept in the keychain (virga mfa add --keychain).',
  arguments: {
    serial: { positional: true, nargs: '?', help: 'The device. Without it: mfa_serial of the profile.' },
  },
  run: async (given, context) => {
    const serial =
      (given['serial'] as string | undefined) ?? textOf((await chainOf(context)).context.section, 'mfa_serial')
    if (serial === undefined)
      throw new Failure('InvalidConfig', 'The profile has no mfa_serial; virga mfa add enrols a device')
    const seed = await keychainOf(context.outside).get(seedName(serial))
    const secret = seed === undefined ? undefined : fromBase32(seed)
    if (secret === undefined)
      throw new Failure(
        'Configuration',
        `The keychain has no seed of ${serial}; virga mfa add --keychain puts one there`,
      )
    context.write(`${totp(secret, context.outside.clock())}\n`)
    return 0
  },
})
