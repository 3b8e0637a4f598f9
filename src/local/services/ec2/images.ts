// Which image is meant, and may the account use it? Its own, the published ones, and those that others share with it.

import { AwsError } from '../../../lib/errors.ts'
import { catalogue, imageByParameter } from './catalogue.ts'
import { invalidValue } from './errors.ts'
import type { Image, Snapshot } from './records.ts'
import type { Ec2 } from './state.ts'

/** The image of an id or of `resolve:ssm:PARAMETER`. Throws InvalidAMIID.… */
export function imageFor(state: Ec2, given: string): Image {
  const id = given.startsWith('resolve:ssm:') ? resolved(state, given.slice(12)) : given
  const malformed = state.images.kind.malformed?.(id)
  if (malformed) throw malformed
  const found = visibleImage(state, id)
  if (found) return found
  if (isGone(state, id)) throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`)
  throw state.images.kind.missing([id])
}

/** An image of the account's own. */
export function ownImage(state: Ec2, id: string): Image {
  const image = imageFor(state, id)
  if (image.OwnerId === state.account) return image
  throw new AwsError('AuthFailure', `Not authorized for images: [${id}]`)
}

function resolved(state: Ec2, parameter: string): string {
  const id = imageByParameter(state.region, parameter.replace(/:\d+$/, ''))
  if (id === undefined) throw invalidValue(`Unable to resolve the SSM parameter ${parameter} in ImageId.`)
  return id
}

export function visibleImage(state: Ec2, id: string): Image | undefined {
  const own = state.images.get(id)
  if (own) return own
  const published = catalogue(state.region).find((image) => image.ImageId === id)
  if (published) return published
  const owner = state.rows.get<string>(sharedIn('images', state), id)
  const image = owner === undefined ? undefined : state.at(owner, state.region).images.get(id)
  return image && isSharedWith(image, state.account) ? image : undefined
}

/** Every image of somebody else that the account sees. */
export function foreignImages(state: Ec2): Image[] {
  const shared = state.rows.scan<string>(sharedIn('images', state)).flatMap(({ key, value }) => {
    const image = value === state.account ? undefined : state.at(value, state.region).images.get(key)
    return image && isSharedWith(image, state.account) ? [image] : []
  })
  return [...catalogue(state.region), ...shared]
}

export function visibleSnapshot(state: Ec2, id: string): Snapshot | undefined {
  const own = state.snapshots.get(id)
  if (own) return own
  const owner = state.rows.get<string>(sharedIn('snapshots', state), id)
  const shared = owner === undefined ? undefined : state.at(owner, state.region).snapshots.get(id)
  if (shared && isSharedWith(shared, state.account)) return shared
  return publishedSnapshot(state, id)
}

/** A snapshot behind an image: whoever may use the image may use it there, shared or not. */
export function imageSnapshot(state: Ec2, image: Image, id: string): Snapshot | undefined {
  const isItsOwn = image.BlockDeviceMappings.some(({ Ebs }) => Ebs?.['SnapshotId'] === id)
  return (isItsOwn ? state.at(image.OwnerId, state.region).snapshots.get(id) : undefined) ?? visibleSnapshot(state, id)
}

export function foreignSnapshots(state: Ec2): Snapshot[] {
  return state.rows.scan<string>(sharedIn('snapshots', state)).flatMap(({ key, value }) => {
    const found = value === state.account ? undefined : state.at(value, state.region).snapshots.get(key)
    return found && isSharedWith(found, state.account) ? [found] : []
  })
}

/** The snapshot behind a published image. */
function publishedSnapshot(state: Ec2, id: string): Snapshot | undefined {
  const image = catalogue(state.region).find((each) => each.BlockDeviceMappings[0]!.Ebs!['SnapshotId'] === id)
  return (
    image && {
      order: image.order,
      SnapshotId: id,
      VolumeId: 'vol-ffffffff',
      VolumeSize: image.BlockDeviceMappings[0]!.Ebs!['VolumeSize'],
      State: 'completed',
      Progress: '100%',
      StartTime: image.CreationDate,
      OwnerId: image.OwnerId,
      Description: image.Description ?? '',
      Encrypted: false,
      StorageTier: 'standard',
      shared: ['all'],
      Tags: [],
    }
  )
}

function isSharedWith({ shared }: { shared: string[] }, account: string): boolean {
  return shared.includes('all') || shared.includes(account)
}

/** Whose it is, by id: what others than the owner must be able to find. */
function sharedIn(kind: 'images' | 'snapshots', { region }: Ec2): string {
  return `shared-${kind}/${region}`
}

function goneImages({ account, region }: Ec2): string {
  return `gone-images/${account}/${region}`
}

/** Notes that an image was deregistered. */
export function noteGone(state: Ec2, id: string): void {
  state.rows.put(goneImages(state), id, 1)
}

export function isGone(state: Ec2, id: string): boolean {
  return state.rows.get(goneImages(state), id) !== undefined
}

/** Notes, or forgets, that others can see it. */
export function noteShared(state: Ec2, kind: 'images' | 'snapshots', id: string, shared: readonly string[]): void {
  if (shared.length > 0) state.rows.put(sharedIn(kind, state), id, state.account)
  else state.rows.delete(sharedIn(kind, state), id)
}
