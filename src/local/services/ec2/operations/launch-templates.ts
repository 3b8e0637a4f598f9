// Launch templates and their versions.

import { AwsError } from '../../../../lib/errors.ts'
import { describe, listed } from '../describe.ts'
import { invalidParameter, invalidValue, missingParameter, need } from '../errors.ts'
import { typeNamed } from '../instance-types.ts'
import type { LaunchTemplate, TemplateVersion } from '../records.ts'
import { moment } from '../ids.ts'
import type { Ec2, Ec2Context, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { nameNotFound, templateFor, versionFor, versionKey, versionsOf } from '../templates.ts'
import { once } from '../tokens.ts'

export const createLaunchTemplate: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state, caller } = context
    need(input, 'LaunchTemplateName', 'LaunchTemplateData')
    const { LaunchTemplateName } = input
    if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(LaunchTemplateName))
      throw new AwsError(
        'InvalidLaunchTemplateName.MalformedException',
        "Launch template names must be between 3 and 128 characters long, and may contain letters, numbers, and the following characters: - ( ) . / _.'",
      )
    if (state.launchTemplates.all().some((each) => each.LaunchTemplateName === LaunchTemplateName))
      throw new AwsError('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.')
    checkData(input.LaunchTemplateData)
    const template = state.launchTemplates.add({
      LaunchTemplateName,
      CreateTime: moment(state.now),
      CreatedBy: caller.principal.arn,
      DefaultVersionNumber: 1,
      LatestVersionNumber: 1,
      Tags: tagsFor(input, 'launch-template'),
    })
    addVersion(context, template, 1, input.LaunchTemplateData, input.VersionDescription)
    return { LaunchTemplate: template }
  })

function checkData(data: Record<string, unknown>): void {
  if (Object.keys(data).length === 0) throw missingParameter('LaunchTemplateData')
  const { InstanceType, UserData } = data as { InstanceType?: string; UserData?: string }
  if (InstanceType !== undefined && !typeNamed(InstanceType))
    throw invalidValue(`Invalid value '${InstanceType}' for InstanceType.`)
  if (UserData !== undefined && !/^[A-Za-z0-9+/=\s]*$/.test(UserData))
    throw new AwsError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.')
}

function addVersion(
  { state, caller }: Ec2Context,
  { LaunchTemplateId, LaunchTemplateName }: LaunchTemplate,
  VersionNumber: number,
  LaunchTemplateData: Record<string, unknown>,
  VersionDescription?: string,
): TemplateVersion {
  return state.versions.add({
    key: versionKey(LaunchTemplateId, VersionNumber),
    LaunchTemplateId,
    LaunchTemplateName,
    VersionNumber,
    ...(VersionDescription !== undefined && { VersionDescription }),
    CreateTime: moment(state.now),
    CreatedBy: caller.principal.arn,
    LaunchTemplateData,
  })
}

export const createLaunchTemplateVersion: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    need(input, 'LaunchTemplateData')
    const template = templateFor(state, input)
    checkData(input.LaunchTemplateData)
    const below =
      input.SourceVersion === undefined ? {} : versionFor(state, template, input.SourceVersion).LaunchTemplateData
    const number = template.LatestVersionNumber + 1
    const made = addVersion(
      context,
      template,
      number,
      { ...below, ...input.LaunchTemplateData },
      input.VersionDescription,
    )
    state.launchTemplates.update(template, { LatestVersionNumber: number })
    return { LaunchTemplateVersion: versionShown(template, made) }
  })

function versionShown({ DefaultVersionNumber }: LaunchTemplate, version: TemplateVersion): object {
  return { ...version, DefaultVersion: version.VersionNumber === DefaultVersionNumber }
}

export const describeLaunchTemplates: Ec2Handler = (input, { state }) => {
  const all = state.launchTemplates.all()
  const named = ((input.LaunchTemplateNames ?? []) as string[]).map((name) => {
    const found = all.find(({ LaunchTemplateName }) => LaunchTemplateName === name)
    if (found) return found.LaunchTemplateId
    throw new AwsError(nameNotFound, 'At least one of the launch templates specified in the request does not exist.')
  })
  return describe(
    state.launchTemplates,
    { ...input, LaunchTemplateIds: [...(input.LaunchTemplateIds ?? []), ...named] },
    {
      ids: 'LaunchTemplateIds',
      list: 'LaunchTemplates',
      pages: [1, 200],
      filters: { 'create-time': 'CreateTime', 'launch-template-name': 'LaunchTemplateName' },
    },
  )
}

const versionFilters = {
  'create-time': 'CreateTime',
  'ebs-optimized': 'LaunchTemplateData.EbsOptimized',
  'http-endpoint': 'LaunchTemplateData.MetadataOptions.HttpEndpoint',
  'http-protocol-ipv4': 'LaunchTemplateData.MetadataOptions.HttpProtocolIpv4',
  'host-resource-group-arn': 'LaunchTemplateData.Placement.HostResourceGroupArn',
  'http-tokens': 'LaunchTemplateData.MetadataOptions.HttpTokens',
  'iam-instance-profile': 'LaunchTemplateData.IamInstanceProfile.Arn',
  'image-id': 'LaunchTemplateData.ImageId',
  'instance-type': 'LaunchTemplateData.InstanceType',
  'is-default-version': 'DefaultVersion',
  'kernel-id': 'LaunchTemplateData.KernelId',
  'license-configuration-arn': 'LaunchTemplateData.LicenseSpecifications.LicenseConfigurationArn',
  'network-card-index': 'LaunchTemplateData.NetworkInterfaces.NetworkCardIndex',
  'ram-disk-id': 'LaunchTemplateData.RamDiskId',
}

export const describeLaunchTemplateVersions: Ec2Handler = (input, { state }) => {
  const wanted: string[] = input.Versions ?? []
  const isNamed = input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined
  // Without a template, only the newest or the default ones of all can be asked for.
  if (!isNamed && wanted.length === 0) throw missingParameter('LaunchTemplateId')
  const templates = isNamed ? [templateFor(state, input)] : state.launchTemplates.all()
  const versions = templates.flatMap((template) =>
    versionsWanted(state, template, wanted, input).map((each) => versionShown(template, each)),
  )
  return listed(versions, input, { list: 'LaunchTemplateVersions', filters: versionFilters, pages: [1, 200] })
}

/** The named ones, or all between two numbers, the newest first. */
function versionsWanted(
  state: Ec2,
  template: LaunchTemplate,
  wanted: readonly string[],
  { MinVersion = '1', MaxVersion = String(Number.MAX_SAFE_INTEGER) }: { MinVersion?: string; MaxVersion?: string },
): TemplateVersion[] {
  if (wanted.length > 0) return wanted.map((version) => versionFor(state, template, version))
  return versionsOf(state, template.LaunchTemplateId)
    .filter(({ VersionNumber: n }) => n >= Number(MinVersion) && n <= Number(MaxVersion))
    .reverse()
}

export const modifyLaunchTemplate: Ec2Handler = (input, { state }) => {
  const template = templateFor(state, input)
  if (input.DefaultVersion !== undefined) {
    const { VersionNumber } = versionFor(state, template, input.DefaultVersion)
    state.launchTemplates.update(template, { DefaultVersionNumber: VersionNumber })
  }
  return { LaunchTemplate: template }
}

export const deleteLaunchTemplate: Ec2Handler = (input, { state }) => {
  const template = templateFor(state, input)
  for (const version of versionsOf(state, template.LaunchTemplateId)) state.versions.delete(version)
  state.launchTemplates.delete(template)
  return { LaunchTemplate: template }
}

export const deleteLaunchTemplateVersions: Ec2Handler = (input, { state }) => {
  need(input, 'Versions')
  const template = templateFor(state, input)
  const { LaunchTemplateId, LaunchTemplateName, DefaultVersionNumber } = template
  const done: object[] = []
  const failed: object[] = []
  for (const version of input.Versions as string[]) {
    if (!/^\d+$/.test(version)) throw invalidParameter('Versions', version, 'Versions are numbers.')
    const VersionNumber = Number(version)
    const found = state.versions.get(versionKey(LaunchTemplateId, VersionNumber))
    const told = { LaunchTemplateId, LaunchTemplateName, VersionNumber }
    const fail = (Code: string, Message: string): void =>
      void failed.push({ ...told, ResponseError: { Code, Message } })
    if (!found) fail('launchTemplateVersionDoesNotExist', `The version ${version} does not exist.`)
    else if (VersionNumber === DefaultVersionNumber)
      fail('unexpectedError', 'The default version of a launch template cannot be deleted.')
    else {
      state.versions.delete(found)
      done.push(told)
    }
  }
  const left = versionsOf(state, LaunchTemplateId).map((each) => each.VersionNumber)
  state.launchTemplates.update(template, { LatestVersionNumber: Math.max(...left) })
  return {
    SuccessfullyDeletedLaunchTemplateVersions: done,
    UnsuccessfullyDeletedLaunchTemplateVersions: failed,
  }
}

/** What a template must say to launch such an instance again. */
export const getLaunchTemplateData: Ec2Handler = (input, { state }) => {
  const instance = state.instances.named(input)
  const interfaces = instance.interfaces.map((id) => state.interfaces.find(id))
  return {
    LaunchTemplateData: {
      EbsOptimized: instance.EbsOptimized,
      ...(instance.IamInstanceProfile && { IamInstanceProfile: { Arn: instance.IamInstanceProfile.Arn } }),
      BlockDeviceMappings: instance.BlockDeviceMappings.map(({ DeviceName, Ebs }) => {
        const { Encrypted, SnapshotId, Size, VolumeType, Iops, Throughput } = state.volumes.find(Ebs.VolumeId)
        const { DeleteOnTermination } = Ebs
        return {
          DeviceName,
          Ebs: { Encrypted, DeleteOnTermination, SnapshotId, VolumeSize: Size, VolumeType, Iops, Throughput },
        }
      }),
      NetworkInterfaces: interfaces.map(({ Attachment, Association, Description, Groups, SubnetId }) => ({
        AssociatePublicIpAddress: Association !== undefined,
        DeleteOnTermination: Attachment?.DeleteOnTermination,
        DeviceIndex: Attachment?.DeviceIndex,
        Description,
        Groups: Groups.map(({ GroupId }) => GroupId),
        InterfaceType: 'interface',
        SubnetId,
      })),
      ImageId: instance.ImageId,
      InstanceType: instance.InstanceType,
      KeyName: instance.KeyName,
      Monitoring: { Enabled: instance.Monitoring.State === 'enabled' },
      Placement: {
        AvailabilityZone: instance.Placement.AvailabilityZone,
        GroupName: instance.Placement.GroupName,
        Tenancy: instance.Placement.Tenancy,
      },
      DisableApiTermination: instance.protected,
      InstanceInitiatedShutdownBehavior: instance.onShutdown,
      UserData: instance.userData,
      TagSpecifications: [
        { ResourceType: 'instance', Tags: instance.Tags!.filter(({ Key }) => !Key.startsWith('aws:')) },
      ],
      // How far it is with them is no part of a template.
      MetadataOptions: { ...instance.MetadataOptions, State: undefined },
      DisableApiStop: instance.stopProtected,
    },
  }
}
