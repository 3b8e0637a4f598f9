// `virga mfa add`: enrols a virtual MFA device for oneself, on a phone (a QR code) or in the keychain of this machine.

import { AwsError, Failure } from '../../../lib/errors.ts'
import { fromBase64, text } from '../../../lib/bytes.ts'
import { fromBase32, totp } from '../../../lib/totp.ts'
import type { Structure } from '../../../lib/value.ts'
import { chainOf } from '../../chain.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { keychainOf } from '../../keychain.ts'
import { prompter } from '../../prompt.ts'
import { commandLine } from '../../self.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { seedName, writeProfile } from './profile.ts'
import { qrText } from './qr.ts'

type Call = (operation: string, input: Structure) => Promise<Structure>

interface Device {
  readonly serial: string
  /** Base32. */
  readonly seed: string
  readonly user: string
  readonly account: string
}

export const mfaAdd = command({
  name: 'mfa add',
  help: 'Enrols a virtual MFA device for oneself: shows a QR code for a phone, or keeps the seed in the keychain.',
  arguments: {
    'device-name': { help: 'Default: the name of the user.' },
    keychain: { flag: true, help: 'Keeps the seed in the keychain of this machine, which makes the codes.' },
    'no-profile': { flag: true, help: 'Leaves the profile as it is: no mfa_serial, no mfa_session.' },
  },
  run: async (given, context) => {
    const chain = await chainOf(context)
    const settings = settingsFor(chain.settings, { credentials: await chain.find() })
    const call: Call = (operation, input) => callWith(settings, 'iam', operation, input)
    const who = userIn(String((await callWith(settings, 'sts', 'GetCallerIdentity', {}))['Arn']))
    const keychain = given['keychain'] === true ? keychainOf(context.outside) : undefined
    // Asked before anything is made: a machine may have no keychain.
    await keychain?.get(seedName('nobody'))

    const device = await made(call, (given['device-name'] as string | undefined) ?? who.user, who)
    try {
      if (keychain) {
        await keychain.set(seedName(device.serial), device.seed)
        await enable(call, device, codesOf(device, context))
      } else {
        context.write(
          `${qrText(uriOf(device))}\n\nScan this with an authenticator app, or type the key: ${device.seed}\n`,
        )
        await enableByHand(call, device, context)
      }
    } catch (error) {
      // A device that nobody can use is in the way of the next attempt.
      await call('DeleteVirtualMFADevice', { SerialNumber: device.serial }).catch(() => undefined)
      await keychain?.delete(seedName(device.serial)).catch(() => undefined)
      throw error
    }
    context.write(`${device.serial} is enrolled.\n`)
    if (given['no-profile'] === true) return 0
    const lines = await writeProfile(chain.context, {
      mfa_serial: device.serial,
      mfa_session: 'true',
      ...(keychain ? { mfa_process: commandLine('mfa', 'code', device.serial) } : {}),
    })
    for (const line of lines) context.write(`${chain.context.profile}: ${line}\n`)
    return 0
  },
})

/** Throws Failure('InvalidConfig') where the caller is no user: only users have devices. */
function userIn(arn: string): { user: string; account: string } {
  const [, account, path] = /^arn:[^:]+:iam::(\d+):user\/(.+)$/.exec(arn) ?? []
  if (account !== undefined && path !== undefined) return { account, user: path.split('/').at(-1)! }
  throw new Failure('InvalidConfig', `Only IAM users have MFA devices of their own; this is ${arn}`)
}

async function made(call: Call, name: string, who: { user: string; account: string }): Promise<Device> {
  const answer = await call('CreateVirtualMFADevice', { VirtualMFADeviceName: name })
  const { SerialNumber, Base32StringSeed } = answer['VirtualMFADevice'] as Structure
  const seed = typeof Base32StringSeed === 'string' ? fromBase64(Base32StringSeed) : (Base32StringSeed as Uint8Array)
  return { serial: String(SerialNumber), seed: text(seed), ...who }
}

function uriOf({ seed, user, account }: Device): string {
  return `otpauth://totp/${encodeURIComponent(`Amazon Web Services:${user}@${account}`)}?secret=${seed}&issuer=Amazon%20Web%20Services`
}

/** Of this half minute and the one before. */
function codesOf({ seed }: Device, { outside }: Context): [string, string] {
  const secret = fromBase32(seed)!
  const now = outside.clock().getTime()
  return [totp(secret, now - 30_000), totp(secret, now)]
}

async function enable(call: Call, { serial, user }: Device, [first, second]: [string, string]): Promise<void> {
  await call('EnableMFADevice', {
    UserName: user,
    SerialNumber: serial,
    AuthenticationCode1: first,
    AuthenticationCode2: second,
  })
}

/** At a terminal, codes that are wrong are asked for twice more. */
async function enableByHand(call: Call, device: Device, context: Context): Promise<void> {
  const { ask } = prompter(context.outside)
  for (let left = context.outside.stdin.terminal ? 2 : 0; ; left--) {
    const first = (await ask('Code: ')).trim()
    const second = (await ask('The code after that: ')).trim()
    try {
      return await enable(call, device, [first, second])
    } catch (error) {
      if (left === 0 || !(error instanceof AwsError) || error.code !== 'InvalidAuthenticationCode') throw error
      context.warn(error.message)
    }
  }
}
