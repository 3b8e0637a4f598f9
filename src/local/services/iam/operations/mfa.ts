// Virtual MFA devices: made, enabled with two codes in a row, resynchronized, deactivated, deleted.

import { utf8 } from '../../../../lib/bytes.ts'
import { codeAt, newSeed, stepAt } from '../../../accounts/mfa.ts'
import { qrPng } from '../../../../lib/qr-code.ts'
import type { MfaDevice } from '../../../accounts/records.ts'
import { alreadyExists, badCode, deleteConflict, noSuchEntity, quotaExceeded } from '../errors.ts'
import { page } from '../paging.ts'
import { tagsShape, userShape, wholeSeconds } from '../present.ts'
import { quotas } from '../quotas.ts'
import { findDevice, findUser, userOrSelf, type Iam, type IamHandler } from '../state.ts'
import { checkedTags } from './tags.ts'

export const createVirtualMFADevice: IamHandler = (input, { state, clock }) => {
  const path: string = input.Path ?? '/'
  const name: string = input.VirtualMFADeviceName
  const serial = state.arn('mfa', { path, name })
  if (state.devices.get(serial)) throw alreadyExists('MFA device already exists.')
  const device: MfaDevice = {
    serial,
    name,
    path,
    seed: newSeed(),
    created: clock().getTime(),
    tags: checkedTags(input.Tags ?? []),
  }
  state.devices.put(device)
  // Seed and picture are told here and never again.
  const link = `otpauth://totp/${encodeURIComponent(name)}@${state.account}?secret=${device.seed}`
  return {
    VirtualMFADevice: {
      SerialNumber: serial,
      Base32StringSeed: utf8(device.seed),
      QRCodePNG: qrPng(utf8(link)),
      Tags: tagsShape(device.tags),
    },
  }
}

export const enableMFADevice: IamHandler = (input, { state, clock }) => {
  const user = findUser(state, input.UserName)
  const device = findDevice(state, input.SerialNumber)
  if (device.enabled !== undefined) throw alreadyExists('MFA Device is already in use.')
  if (user.mfaDevices.length >= quotas.MFADevicesPerUser)
    throw quotaExceeded('MFADevicesPerUser', quotas.MFADevicesPerUser)
  const lastStep = twoCodes(device, input, clock().getTime())
  state.devices.update(device, { user: user.name, enabled: clock().getTime(), lastStep })
  state.users.update(user, { mfaDevices: [...user.mfaDevices, device.serial] })
}

export const resyncMFADevice: IamHandler = (input, { state, clock }) => {
  const device = ownDevice(state, input.UserName, input.SerialNumber)
  state.devices.update(device, { lastStep: twoCodes(device, input, clock().getTime()) })
}

export const deactivateMFADevice: IamHandler = (input, context) => {
  const { state } = context
  const user = userOrSelf(context, input.UserName)
  const device = ownDevice(state, user?.name ?? '', input.SerialNumber)
  state.devices.update(device, { user: undefined, enabled: undefined, lastStep: undefined })
  const left = (serials: string[]): string[] => serials.filter((serial) => serial !== device.serial)
  if (user) state.users.update(user, { mfaDevices: left(user.mfaDevices) })
  else state.accounts.update(state.settings(), { mfaDevices: left(state.settings().mfaDevices) })
}

export const deleteVirtualMFADevice: IamHandler = (input, { state }) => {
  const device = findDevice(state, input.SerialNumber)
  if (device.enabled !== undefined) throw deleteConflict('MFA VirtualDevice in use. Must deactivate first.')
  state.devices.delete(device.serial)
}

export const listMFADevices: IamHandler = (input, context) => {
  const user = userOrSelf(context, input.UserName)
  const serials = user?.mfaDevices ?? context.state.settings().mfaDevices
  return page(
    serials.map((serial) => context.state.devices.get(serial)!),
    input,
    'MFADevices',
    (device) => ({
      UserName: device.user || context.caller.accountId,
      SerialNumber: device.serial,
      EnableDate: wholeSeconds(device.enabled!),
    }),
  )
}

export const getMFADevice: IamHandler = (input, { state }) => {
  const device = findDevice(state, input.SerialNumber)
  if (input.UserName !== undefined && device.user !== findUser(state, input.UserName).name)
    throw notTheirs(input.SerialNumber)
  return {
    UserName: device.user || undefined,
    SerialNumber: device.serial,
    EnableDate: device.enabled && wholeSeconds(device.enabled),
  }
}

export const listVirtualMFADevices: IamHandler = (input, { state }) => {
  const devices = state.devices.all().filter((device) => {
    if (input.AssignmentStatus === 'Assigned') return device.enabled !== undefined
    return input.AssignmentStatus !== 'Unassigned' || device.enabled === undefined
  })
  return page(devices, input, 'VirtualMFADevices', (device) => {
    const user = device.user ? state.users.get(device.user) : undefined
    const EnableDate = device.enabled === undefined ? undefined : wholeSeconds(device.enabled)
    return { SerialNumber: device.serial, User: user && userShape(state, user), EnableDate }
  })
}

/** The step of the second code, where both are right and follow each other, within an hour of now. */
function twoCodes(
  device: MfaDevice,
  input: { AuthenticationCode1: string; AuthenticationCode2: string },
  now: number,
): number {
  const { AuthenticationCode1: first, AuthenticationCode2: second } = input
  for (let step = stepAt(now) - 120; step <= stepAt(now) + 120; step++) {
    if (codeAt(device.seed, step) === first && codeAt(device.seed, step + 1) === second) return step + 1
  }
  throw badCode()
}

function ownDevice(state: Iam, user: string, serial: string): MfaDevice {
  const device = findDevice(state, serial)
  if (device.enabled === undefined || device.user?.toLowerCase() !== user.toLowerCase()) throw notTheirs(serial)
  return device
}

function notTheirs(serial: string): Error {
  return noSuchEntity(`MFADevice with serial number ${serial} is not associated with this user.`)
}
