// Where images come from, and which instances run of them.

import { describe } from '../describe.ts'
import { need } from '../errors.ts'
import { imageFor, visibleImage } from '../images.ts'
import type { Image } from '../records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { zoneNamed } from '../zones.ts'

function entry({ CreationDate, ImageId, ImageOwnerAlias, SourceImageId, SourceImageRegion }: Image): object {
  return { CreationDate, ImageId, ImageOwnerAlias, SourceImageId, SourceImageRegion }
}

/** From the image to the first that it was copied or made of, as far as it can be seen. */
export const getImageAncestry: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId')
  const line: Image[] = []
  let image: Image | undefined = imageFor(state, input.ImageId)
  for (; image && !line.some((each) => each.ImageId === image!.ImageId); image = sourceOf(state, image))
    line.push(image)
  return { ImageAncestryEntries: line.map(entry) }
}

function sourceOf(state: Ec2, { SourceImageId, SourceImageRegion, SourceInstanceId }: Image): Image | undefined {
  if (SourceImageId !== undefined)
    return visibleImage(state.at(state.account, SourceImageRegion ?? state.region), SourceImageId)
  const instance = state.instances.get(SourceInstanceId ?? '')
  return instance && visibleImage(state, instance.ImageId)
}

export const describeInstanceImageMetadata: Ec2Handler = (input, { state }) =>
  describe(state.instances, input, {
    ids: 'InstanceIds',
    list: 'InstanceImageMetadata',
    pages: [5, 1000],
    shown: ({ InstanceId, InstanceType, LaunchTime, Placement, State, ImageId, Tags = [] }) => {
      const image = visibleImage(state, ImageId)
      return {
        InstanceId,
        InstanceType,
        LaunchTime,
        AvailabilityZone: Placement.AvailabilityZone,
        ZoneId: zoneNamed(state.region, Placement.AvailabilityZone)?.id,
        State,
        OwnerId: state.account,
        Tags,
        ImageMetadata: image
          ? {
              ImageId,
              Name: image.Name,
              OwnerId: image.OwnerId,
              State: image.State,
              ImageOwnerAlias: image.ImageOwnerAlias,
              CreationDate: image.CreationDate,
              DeprecationTime: image.DeprecationTime,
              ImageAllowed: true,
              IsPublic: image.Public,
            }
          : { ImageId },
      }
    },
    filters: {
      'availability-zone': 'AvailabilityZone',
      'instance-id': 'InstanceId',
      'image-allowed': 'ImageMetadata.ImageAllowed',
      'instance-state-name': 'State.Name',
      'instance-type': 'InstanceType',
      'launch-time': 'LaunchTime',
      'owner-alias': 'ImageMetadata.ImageOwnerAlias',
      'owner-id': 'ImageMetadata.OwnerId',
      'zone-id': 'ZoneId',
    },
  })
