// What does a launch template give to a launch? A version's data, beneath what the request itself says.

import { AwsError } from '../../../lib/errors.ts'
import { badCombination, missingParameter } from './errors.ts'
import type { LaunchTemplate, Resource, TemplateVersion } from './records.ts'
import type { Ec2 } from './state.ts'

interface Named {
  LaunchTemplateId?: string
  LaunchTemplateName?: string
}

export function templateFor(state: Ec2, { LaunchTemplateId, LaunchTemplateName }: Named): LaunchTemplate {
  if (LaunchTemplateId !== undefined && LaunchTemplateName !== undefined)
    throw badCombination('Only one of LaunchTemplateId and LaunchTemplateName can be specified.')
  if (LaunchTemplateId !== undefined) return state.launchTemplates.find(LaunchTemplateId)
  if (LaunchTemplateName === undefined) throw missingParameter('launch template ID or launch template name')
  const found = state.launchTemplates.all().find((each) => each.LaunchTemplateName === LaunchTemplateName)
  if (found) return found
  throw new AwsError(
    nameNotFound,
    `The specified launch template, with template name ${LaunchTemplateName}, does not exist.`,
  )
}

export const nameNotFound = 'InvalidLaunchTemplateName.NotFoundException'

/** A version by number, `$Latest` or `$Default`. */
export function versionFor(state: Ec2, template: LaunchTemplate, version = '$Default'): TemplateVersion {
  const { LaunchTemplateId, DefaultVersionNumber, LatestVersionNumber } = template
  const number =
    version === '$Latest' ? LatestVersionNumber : version === '$Default' ? DefaultVersionNumber : Number(version)
  const found = state.versions.get(versionKey(LaunchTemplateId, number))
  if (found) return found
  throw new AwsError(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${version} for the launch template with ID ${LaunchTemplateId}.`,
  )
}

export function versionKey(id: string, number: number): string {
  return `${id}/${String(number).padStart(10, '0')}`
}

/** Every version of a template, the oldest first. */
export function versionsOf(state: Ec2, id: string): TemplateVersion[] {
  return state.versions.all().filter((each: Resource & Partial<TemplateVersion>) => each.LaunchTemplateId === id)
}

/** The input of a launch with what its template adds. */
export function withTemplate(input: Record<string, any>, state: Ec2): Record<string, any> {
  if (!input['LaunchTemplate']) return input
  const template = templateFor(state, input['LaunchTemplate'])
  const { LaunchTemplateData, VersionNumber } = versionFor(state, template, input['LaunchTemplate'].Version)
  const { RamDiskId, TagSpecifications = [], ...data } = LaunchTemplateData
  const own = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  // Groups, subnet and interfaces belong together: a request that names one gets none of the template's.
  const networked = ['NetworkInterfaces', 'SubnetId', 'SecurityGroupIds', 'SecurityGroups'].some((name) => name in own)
  if (networked && data['NetworkInterfaces'] && !('NetworkInterfaces' in own)) {
    const { NetworkInterfaces: given, ...rest } = data
    const groups = given.flatMap((each: { Groups?: string[] }) => each.Groups ?? [])
    return merged({ ...(groups.length > 0 && { SecurityGroupIds: groups }), ...rest })
  }
  return merged(data)

  function merged(below: Record<string, any>): Record<string, any> {
    const tags = [...TagSpecifications, ...(own['TagSpecifications'] ?? [])]
    return {
      ...below,
      ...(RamDiskId !== undefined && { RamdiskId: RamDiskId }),
      ...own,
      ...(below['MetadataOptions'] && {
        MetadataOptions: { ...below['MetadataOptions'], ...own['MetadataOptions'] },
      }),
      ...(below['Placement'] && { Placement: { ...below['Placement'], ...own['Placement'] } }),
      TagSpecifications: byType(tags),
      templateTags: [
        { Key: 'aws:ec2launchtemplate:id', Value: template.LaunchTemplateId },
        { Key: 'aws:ec2launchtemplate:version', Value: String(VersionNumber) },
      ],
    }
  }
}

/** One specification a type; of two tags of one key the later wins. */
function byType(given: { ResourceType: string; Tags?: { Key: string; Value?: string }[] }[]) {
  const types = [...new Set(given.map(({ ResourceType }) => ResourceType))]
  return types.map((ResourceType) => ({
    ResourceType,
    Tags: [
      ...new Map(
        given
          .filter((each) => each.ResourceType === ResourceType)
          .flatMap((each) => each.Tags ?? [])
          .map((tag) => [tag.Key, tag]),
      ).values(),
    ],
  }))
}
