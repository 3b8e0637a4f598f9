// A cluster in the words of RunJobFlow, from words that are shorter: roles by one flag, groups by a type and a count,
// steps by what they run.

import { Failure } from '../../../lib/errors.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import type { AddedArgument } from '../../changes/change.ts'
import { integer } from '../../input/shorthand.ts'
import { command } from '../command.ts'
import { installationOf } from './applications.ts'
import type { Application } from './applications.ts'
import { choice } from './choices.ts'
import { withBlock } from './configured.ts'
import type { Words } from './configured.ts'
import { emrfsActions, emrfsConfiguration } from './emrfs.ts'
import type { Emrfs } from './emrfs.ts'
import { restoreStep } from './hbase-steps.ts'
import { fleetsOf, groupsFrom } from './instances.ts'
import { checkS3Logging } from './logging.ts'
import * as schemas from './schemas.ts'
import { filled, pairOf, RUNNER, scriptLink, scriptRunner, stepOf, stepsOf } from './steps.ts'
import type { TypedStep } from './steps.ts'

const list = (schema: AddedArgument['schema'], help: string): AddedArgument => ({
  type: 'list',
  nargs: '+',
  schema: schema!,
  help,
})
const structure = (schema: AddedArgument['schema'], help: string): AddedArgument => ({
  type: 'structure',
  schema: schema!,
  help,
})
const pair = (name: string, help: string): Record<string, AddedArgument> => ({
  [name]: { flag: true, help },
  [`no-${name}`]: { flag: true, help: `The opposite of --${name}.` },
})

const names: Readonly<Record<string, AddedArgument>> = {
  'release-label': { help: 'The Amazon EMR release, such as emr-7.1.0.' },
  'os-release-label': { help: 'The Amazon Linux release of the machines; the newest validated one by default.' },
  'ami-version': { help: 'For clusters older than release 4.0: the version of the AMI.' },
  'instance-groups': list(schemas.instanceGroups, 'The groups of machines that the cluster is made of.'),
  'instance-type': { help: 'Instead of --instance-groups: the type of all machines.' },
  'instance-count': { help: 'Together with --instance-type: how many machines, the primary one included.' },
  ...pair('auto-terminate', 'The cluster ends when its last step has.'),
  'instance-fleets': list(schemas.instanceFleets, 'Instead of --instance-groups: fleets of machines.'),
  name: { default: 'Development Cluster', help: 'The name of the cluster. The default is Development Cluster.' },
  'log-uri': { help: 'Where in Amazon S3 logs are kept.' },
  'log-encryption-kms-key-id': { help: 'The KMS key that logs are encrypted with.' },
  'service-role': { help: 'The IAM role that Amazon EMR works with.' },
  'auto-scaling-role': { help: 'The IAM role that automatic scaling works with.' },
  'use-default-roles': { flag: true, help: 'Use the roles that create-default-roles makes.' },
  configurations: { help: 'The configurations of applications, as JSON or file://, for releases only.' },
  'ec2-attributes': structure(schemas.ec2Attributes, 'Key pair, network, instance profile and security groups.'),
  ...pair('termination-protected', 'The cluster cannot be ended by a call.'),
  ...pair('unhealthy-node-replacement', 'Machines that are not well are replaced.'),
  'scale-down-behavior': { help: 'TERMINATE_AT_INSTANCE_HOUR or TERMINATE_AT_TASK_COMPLETION.' },
  ...pair('visible-to-all-users', 'Whether other IAM principals of the account may use the cluster. So by default.'),
  ...pair('enable-debugging', 'The console shows the logs of steps. Needs --log-uri.'),
  tags: list(schemas.tags, 'Tags of the cluster: KEY=VALUE, or KEY alone.'),
  'bootstrap-actions': list(schemas.bootstrapActions, 'Scripts that are run on every machine when it starts.'),
  applications: list(schemas.applications, 'The applications to install.'),
  emrfs: structure(schemas.emrfs, 'How the cluster reaches Amazon S3.'),
  steps: list(schemas.steps, 'The steps to run.'),
  'additional-info': { help: 'What else is to be known of the cluster, as JSON.' },
  'restore-from-hbase-backup': structure(schemas.hbaseBackup, 'The backup to begin with, for AMI versions only.'),
  'security-configuration': { help: 'The name of a security configuration.' },
  'custom-ami-id': { help: 'The AMI to use instead of EMR’s own.' },
  'ebs-root-volume-size': { help: 'The size in GiB of the root device of a machine.' },
  'ebs-root-volume-iops': { help: 'Its I/O operations a second.' },
  'ebs-root-volume-throughput': { help: 'Its throughput in MiB/s.' },
  'repo-upgrade-on-boot': { help: 'With a custom AMI: SECURITY or NONE.' },
  'kerberos-attributes': structure(schemas.kerberosAttributes, 'What Kerberos needs to know.'),
  'step-concurrency-level': { type: 'integer', help: 'How many steps run at a time.' },
  'step-execution-role-arn': { help: 'The role that the steps run with.' },
  'managed-scaling-policy': structure(schemas.managedScalingPolicy, 'How far EMR may scale the cluster.'),
  'placement-group-configs': list(schemas.placementGroupConfigs, 'Placement groups by the role of machines.'),
  'auto-termination-policy': structure(schemas.autoTerminationPolicy, 'How long the cluster may be idle, in seconds.'),
  'monitoring-configuration': structure(schemas.monitoringConfiguration, 'Where logs are published.'),
  ...pair('extended-support', 'Extended support of the release.'),
  ...pair('session-enabled', 'Sessions on the cluster.'),
}

export const createCluster = command({
  name: 'emr create-cluster',
  help: 'Creates an Amazon EMR cluster with the specified configurations.',
  arguments: names,
  run: async (typed, context) => {
    const given = await withBlock(typed, Object.keys(names), context)
    const { region } = await context.settings()
    const input = inputOf(given, region)
    const { JobFlowId, ClusterArn } = await context.call('emr', 'RunJobFlow', input)
    const shown = JobFlowId === undefined ? {} : { ClusterId: JobFlowId, ClusterArn: ClusterArn ?? null }
    await context.show('run_job_flow', shown)
    return 0
  },
})

/** Throws Failure('ParamValidation') for what does not go together. */
export function inputOf(given: Words, region: string | undefined): Structure {
  const word = (name: string): string | undefined => given[name] as string | undefined
  check(given)
  const release = word('release-label')
  const ami = release === undefined ? word('ami-version') : undefined
  const machines = machinesOf(given)
  const input: Structure = {
    Name: given.name,
    ...(release === undefined ? {} : { ReleaseLabel: release, ...configurationsOf(given) }),
  } as Structure
  if (ami !== undefined) input.AmiVersion = checkedAmi(ami)
  const attributes = attributesOf(given)
  const whole = (name: string) => (given[name] === undefined ? undefined : integer(given[name]))
  Object.assign(
    input,
    filled({
      AdditionalInfo: given['additional-info'],
      LogUri: given['log-uri'],
      OSReleaseLabel: given['os-release-label'],
      LogEncryptionKmsKeyId: given['log-encryption-kms-key-id'],
      ServiceRole: given['use-default-roles'] ? 'EMR_DefaultRole' : given['service-role'],
    }),
  )
  requireScalingRole(given, machines)
  Object.assign(
    input,
    filled({ AutoScalingRole: given['auto-scaling-role'], ScaleDownBehavior: given['scale-down-behavior'] }),
  )
  Object.assign(machines, {
    KeepJobFlowAliveWhenNoSteps: choice(given, 'no-auto-terminate', 'auto-terminate') ?? true,
    TerminationProtected: choice(given, 'termination-protected') ?? false,
  })
  const replaced = choice(given, 'unhealthy-node-replacement')
  if (replaced !== undefined) machines.UnhealthyNodeReplacement = replaced
  input.VisibleToAllUsers = choice(given, 'visible-to-all-users') ?? true
  input.Tags = ((given.tags ?? []) as string[]).map(pairOf)
  input.Instances = machines
  if (attributes !== undefined) placeAttributes(attributes, input, machines)
  placeWork(given, input, region)
  for (const [name, member] of Object.entries({
    'security-configuration': 'SecurityConfiguration',
    'custom-ami-id': 'CustomAmiId',
  })) {
    if (given[name]) input[member] = given[name]
  }
  Object.assign(
    input,
    filled({
      EbsRootVolumeSize: whole('ebs-root-volume-size'),
      EbsRootVolumeIops: whole('ebs-root-volume-iops'),
      EbsRootVolumeThroughput: whole('ebs-root-volume-throughput'),
      RepoUpgradeOnBoot: given['repo-upgrade-on-boot'],
      KerberosAttributes: given['kerberos-attributes'],
    }),
  )
  if (given['step-concurrency-level'] !== undefined) input.StepConcurrencyLevel = given['step-concurrency-level']
  Object.assign(input, filled({ StepExecutionRoleArn: given['step-execution-role-arn'] }))
  for (const [name, member] of Object.entries({
    'extended-support': 'ExtendedSupport',
    'session-enabled': 'SessionEnabled',
  })) {
    const chosen = choice(given, name)
    if (chosen !== undefined) input[member] = chosen
  }
  Object.assign(
    input,
    filled({
      ManagedScalingPolicy: given['managed-scaling-policy'],
      PlacementGroupConfigs: given['placement-group-configs'],
      AutoTerminationPolicy: given['auto-termination-policy'],
      MonitoringConfiguration: given['monitoring-configuration'],
    }),
  )
  checkS3Logging(given['monitoring-configuration'] as Structure | undefined, word('log-uri'))
  requireApplications(given)
  return input
}

function check(given: Words): void {
  const refuse = (message: string): never => {
    throw new Failure('ParamValidation', message)
  }
  const both = (one: string, other: string, more = ''): never =>
    refuse(`You cannot specify both ${one} and ${other} options together.${more}`)
  const [ami, release] = [given['ami-version'], given['release-label']]
  if (ami !== undefined && release !== undefined) both('--ami-version', '--release-label')
  if (ami === undefined && release === undefined) refuse('Either --ami-version or --release-label is required.')
  const roles =
    ' Either choose --use-default-roles or use both --service-role <roleName> and --ec2-attributes ' +
    'InstanceProfile=<profileName>.'
  if (given['use-default-roles']) {
    if (given['service-role'] !== undefined) both('--use-default-roles', '--service-role', roles)
    if ((given['ec2-attributes'] as Structure | undefined)?.InstanceProfile !== undefined) {
      both('--use-default-roles', '--ec2-attributes InstanceProfile', roles)
    }
  }
  if (given['instance-groups'] !== undefined && given['instance-fleets'] !== undefined) {
    both('--instance-groups', '--instance-fleets')
  }
}

function machinesOf(given: Words): Structure {
  if (given['instance-fleets'] !== undefined) {
    return { InstanceFleets: fleetsOf(given['instance-fleets'] as unknown as Structure[]) }
  }
  const groups = given['instance-groups'] as unknown as Structure[] | undefined
  return {
    InstanceGroups: groupsFrom(groups, given['instance-type'] as string, given['instance-count'] as string),
  }
}

function configurationsOf(given: Words): Structure {
  if (given.configurations === undefined) return {}
  try {
    return { Configurations: JSON.parse(given.configurations as string) as Value }
  } catch {
    throw new Failure('ParamValidation', 'invalid json argument for option --configurations')
  }
}

function checkedAmi(version: string): string {
  if (/^\d?\..*/.test(version)) return version
  throw new Failure(
    'ParamValidation',
    `The supplied AMI version "${version}" is invalid. Please see AMI Versions Supported in Amazon EMR in Amazon ` +
      'Elastic MapReduce Developer Guide: http://docs.aws.amazon.com/ElasticMapReduce/latest/DeveloperGuide/' +
      'ami-versions-supported.html',
  )
}

function requireScalingRole(given: Words, { InstanceGroups }: Structure): void {
  const scaled = given['instance-groups'] !== undefined && (InstanceGroups as Structure[]).some(scales)
  if (!scaled || given['auto-scaling-role'] !== undefined) return
  throw new Failure(
    'ParamValidation',
    'Must specify --auto-scaling-role when configuring an AutoScaling policy for an instance group.',
  )
}

function scales(group: Structure): boolean {
  return 'AutoScalingPolicy' in group
}

function attributesOf(given: Words): Structure | undefined {
  const attributes = given['ec2-attributes'] as Structure | undefined
  return given['use-default-roles'] ? { ...attributes, InstanceProfile: 'EMR_EC2_DefaultRole' } : attributes
}

const securityGroups = [
  'EmrManagedMasterSecurityGroup',
  'EmrManagedSlaveSecurityGroup',
  'ServiceAccessSecurityGroup',
  'AdditionalMasterSecurityGroups',
  'AdditionalSlaveSecurityGroups',
]

function placeAttributes(attributes: Structure, cluster: Structure, machines: Structure): void {
  const has = (name: string): boolean => name in attributes
  const both = (one: string, other: string): void => {
    if (!has(one) || !has(other)) return
    throw new Failure('ParamValidation', `You cannot specify both ${one} and ${other} options together.`)
  }
  both('SubnetId', 'SubnetIds')
  both('AvailabilityZone', 'AvailabilityZones')
  if ((has('SubnetId') || has('SubnetIds')) && (has('AvailabilityZone') || has('AvailabilityZones'))) {
    throw new Failure(
      'ParamValidation',
      'You may not specify both a SubnetId and an AvailabilityZone (placement) because ec2SubnetId implies a placement.',
    )
  }
  const { KeyName, SubnetId, SubnetIds, AvailabilityZone, AvailabilityZones, InstanceProfile } = attributes
  Object.assign(machines, filled({ Ec2KeyName: KeyName, Ec2SubnetId: SubnetId, Ec2SubnetIds: SubnetIds }))
  if (has('AvailabilityZone')) machines.Placement = filled({ AvailabilityZone })
  if (has('AvailabilityZones')) machines.Placement = filled({ AvailabilityZones })
  Object.assign(cluster, filled({ JobFlowRole: InstanceProfile }))
  Object.assign(machines, filled(Object.fromEntries(securityGroups.map((name) => [name, attributes[name]]))))
}

/** Steps and what runs when a machine starts, in the order in which the arguments for them count. */
function placeWork(given: Words, input: Structure, region: string | undefined): void {
  const release = given['release-label'] as string | undefined
  const add = (member: string, values: readonly Structure[]): void => {
    if (values.length > 0) input[member] = [...((input[member] ?? []) as Structure[]), ...values]
  }
  if (choice(given, 'enable-debugging')) {
    if (given['log-uri'] === undefined) {
      throw new Failure(
        'ParamValidation',
        'LogUri not specified. You must specify a logUri if you enable debugging when creating a cluster.',
      )
    }
    add('Steps', [debuggingStep(release, region)])
  }
  const applications = given.applications as Application[] | undefined
  if (applications !== undefined) {
    if (release === undefined) {
      const { products, actions, steps } = installationOf(applications, region, input.AmiVersion as string)
      add('NewSupportedProducts', products)
      add('BootstrapActions', actions)
      add('Steps', steps)
    } else input.Applications = applications as unknown as Value
  }
  const backup = given['restore-from-hbase-backup'] as { Dir?: string; BackupVersion?: string } | undefined
  if (backup !== undefined) add('Steps', [restoreStep(backup.Dir, backup.BackupVersion)])
  const actions = given['bootstrap-actions'] as { Name?: string; Path: string; Args?: string[] }[] | undefined
  if (actions !== undefined) {
    if (((input.BootstrapActions ?? []) as unknown[]).length + actions.length > MOST_ACTIONS) {
      throw new Failure('ParamValidation', 'maximum number of bootstrap actions for a cluster exceeded.')
    }
    add(
      'BootstrapActions',
      actions.map(({ Name = 'Bootstrap action', Path, Args }) => ({
        Name,
        ScriptBootstrapAction: { Path, ...(Args?.length && { Args }) },
      })),
    )
  }
  if (given.emrfs !== undefined) {
    const emrfs = given.emrfs as Emrfs
    if (release === undefined) add('BootstrapActions', emrfsActions(emrfs, region))
    else {
      refuseTwice(input.Configurations as Structure[] | undefined)
      add('Configurations', [emrfsConfiguration(emrfs)])
    }
  }
  if (given.steps !== undefined) add('Steps', stepsOf(given.steps as TypedStep[], { region, release }))
}

const MOST_ACTIONS = 16

function debuggingStep(release: string | undefined, region: string | undefined): Structure {
  const common = { name: 'Setup Hadoop Debugging', onFailure: 'TERMINATE_CLUSTER' }
  if (release) return stepOf({ ...common, jar: RUNNER, args: ['state-pusher-script'] })
  return stepOf({ ...common, jar: scriptRunner(region), args: [scriptLink('/libs/state-pusher/0.1/fetch', region)] })
}

function refuseTwice(configurations: readonly (Structure | null)[] = []): void {
  if (!configurations.some((configuration) => configuration?.Classification === 'emrfs-site')) return
  throw new Failure(
    'ParamValidation',
    'EMRFS should be configured either using --configuration or --emrfs but not both',
  )
}

/** Some steps need an application that must be asked for. */
function requireApplications(given: Words): void {
  const there = new Set(((given.applications ?? []) as unknown as Application[]).map(({ Name }) => Name.toLowerCase()))
  const missing = new Set<string>()
  for (const { Type } of (given.steps ?? []) as TypedStep[]) {
    const type = Type?.toLowerCase()
    if (type !== undefined && ['hive', 'pig', 'impala'].includes(type) && !there.has(type)) missing.add(titled(type))
  }
  if (given['restore-from-hbase-backup'] !== undefined && !there.has('hbase')) missing.add('Hbase')
  if (missing.size === 0) return
  throw new Failure(
    'ParamValidation',
    `Some of the steps require the following applications to be installed: ${[...missing].join(', ')}. Please install ` +
      'the applications using --applications.',
  )
}

function titled(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1)
}
