// What can be asked and changed of an image: who may launch it, and its switches.

import { AwsError } from '../../../../lib/errors.ts'
import { invalidParameter, invalidValue, missingParameter, need } from '../errors.ts'
import { imageFor, noteShared, ownImage } from '../images.ts'
import type { Image } from '../records.ts'
import { moment } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'

const single = {
  description: 'Description',
  kernel: 'KernelId',
  ramdisk: 'RamdiskId',
  sriovNetSupport: 'SriovNetSupport',
  bootMode: 'BootMode',
  tpmSupport: 'TpmSupport',
  uefiData: 'UefiData',
  lastLaunchedTime: 'LastLaunchedTime',
  imdsSupport: 'ImdsSupport',
  deregistrationProtection: 'DeregistrationProtection',
} as const

export const describeImageAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId', 'Attribute')
  const image = ownImage(state, input.ImageId)
  const { ImageId, shared, BlockDeviceMappings } = image
  switch (input.Attribute) {
    case 'launchPermission':
      return { ImageId, LaunchPermissions: shared.map(permissionOf) }
    case 'productCodes':
      return { ImageId, ProductCodes: [] }
    case 'blockDeviceMapping':
      return { ImageId, BlockDeviceMappings }
  }
  const member = single[input.Attribute as keyof typeof single]
  if (member === undefined) throw invalidParameter('attribute', input.Attribute, 'Unknown attribute.')
  const Value = (image as unknown as Record<string, unknown>)[member]
  return { ImageId, [member]: Value === undefined ? {} : { Value } }
}

interface Permission {
  Group?: string
  UserId?: string
  OrganizationArn?: string
  OrganizationalUnitArn?: string
}

function permissionOf(who: string): Permission {
  if (who === 'all') return { Group: who }
  if (who.includes(':organization/')) return { OrganizationArn: who }
  return who.startsWith('arn:') ? { OrganizationalUnitArn: who } : { UserId: who }
}

export const modifyImageAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId')
  const image = ownImage(state, input.ImageId)
  const { Attribute, LaunchPermission, Description, ImdsSupport, Value } = input
  if (Description !== undefined) image.Description = Description.Value ?? ''
  else if (Attribute === 'description') image.Description = Value ?? ''
  if (ImdsSupport !== undefined) image.ImdsSupport = ImdsSupport.Value
  if (Attribute === 'launchPermission' || LaunchPermission) share(state, image, permitted(image.shared, input))
  state.images.put(image)
  return { Return: true }
}

/** Who may launch it, after what an input adds and removes. */
function permitted(before: readonly string[], input: any): string[] {
  const { OperationType, LaunchPermission, UserIds = [], UserGroups = [] } = input
  const flat: Permission[] = [
    ...UserIds.map((UserId: string) => ({ UserId })),
    ...UserGroups.map((Group: string) => ({ Group })),
    ...(input.OrganizationArns ?? []).map((OrganizationArn: string) => ({ OrganizationArn })),
    ...(input.OrganizationalUnitArns ?? []).map((OrganizationalUnitArn: string) => ({ OrganizationalUnitArn })),
  ]
  const added = [...(OperationType === 'add' ? flat : []), ...(LaunchPermission?.Add ?? [])].map(nameOf)
  const removed = [...(OperationType === 'remove' ? flat : []), ...(LaunchPermission?.Remove ?? [])].map(nameOf)
  return [...new Set([...before, ...added])].filter((each) => !removed.includes(each))
}

function nameOf({ Group, UserId, OrganizationArn, OrganizationalUnitArn }: Permission): string {
  const bad = (value: string, type: string): AwsError =>
    new AwsError('InvalidAMIAttributeItemValue', `Invalid attribute item value "${value}" for ${type} item type.`)
  if (Group !== undefined && Group !== 'all') throw bad(Group, 'userGroup')
  if (UserId !== undefined && !/^\d{12}$/.test(UserId)) throw bad(UserId, 'userId')
  return (UserId ?? Group ?? OrganizationArn ?? OrganizationalUnitArn)!
}

function share(state: Ec2, image: Image, shared: string[]): void {
  image.shared = shared
  image.Public = shared.includes('all')
  noteShared(state, 'images', image.ImageId, shared)
}

export const resetImageAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId', 'Attribute')
  if (input.Attribute !== 'launchPermission') throw invalidParameter('attribute', input.Attribute, 'Unknown attribute.')
  const image = ownImage(state, input.ImageId)
  share(state, image, [])
  state.images.put(image)
  return { Return: true }
}

/** An account gives back what it was let launch. */
export const cancelImageLaunchPermission: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId')
  const { ImageId, OwnerId, shared } = imageFor(state, input.ImageId)
  if (!shared.includes(state.account))
    throw new AwsError('InvalidAMIID.NotFound', `The image ${ImageId} is not shared with the account ${state.account}`)
  const there = state.at(OwnerId, state.region)
  const image = there.images.find(ImageId)
  share(
    there,
    image,
    shared.filter((each) => each !== state.account),
  )
  there.images.put(image)
  return { Return: true }
}

// --- switches --------------------------------------------------------------------------------------------------------

export const enableImageDeprecation: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId')
  if (input.DeprecateAt === undefined) throw missingParameter('DeprecateAt')
  const at = new Date(input.DeprecateAt).getTime()
  if (at < state.now) throw invalidValue('The DeprecateAt time must be in the future.')
  state.images.update(ownImage(state, input.ImageId), { DeprecationTime: moment(at) })
  return { Return: true }
}

export const disableImageDeprecation: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId')
  const image = ownImage(state, input.ImageId)
  delete image.DeprecationTime
  state.images.put(image)
  return { Return: true }
}

export const enableImage: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId')
  state.images.update(ownImage(state, input.ImageId), { State: 'available' })
  return { Return: true }
}

export const disableImage: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId')
  const image = ownImage(state, input.ImageId)
  share(state, image, [])
  state.images.update(image, { State: 'disabled', later: [] })
  return { Return: true }
}

function protect(state: Ec2, input: { ImageId?: string }, how: string): object {
  need(input, 'ImageId')
  state.images.update(ownImage(state, input.ImageId!), { DeregistrationProtection: how })
  return { Return: how }
}

export const enableImageDeregistrationProtection: Ec2Handler = (input, { state }) =>
  protect(state, input, input.WithCooldown ? 'enabled-with-cooldown' : 'enabled-without-cooldown')
export const disableImageDeregistrationProtection: Ec2Handler = (input, { state }) => protect(state, input, 'disabled')

export const getImageBlockPublicAccessState: Ec2Handler = (_, { state }) => ({
  ImageBlockPublicAccessState: state.settings().imageBlock ?? 'unblocked',
  ManagedBy: 'account',
})

function block(state: Ec2, imageBlock: string): object {
  state.changeSettings({ imageBlock })
  return { ImageBlockPublicAccessState: imageBlock }
}

export const enableImageBlockPublicAccess: Ec2Handler = (input, { state }) => {
  need(input, 'ImageBlockPublicAccessState')
  return block(state, input.ImageBlockPublicAccessState)
}

export const disableImageBlockPublicAccess: Ec2Handler = (_, { state }) => block(state, 'unblocked')
