// What is done with a cluster that is there: more steps, groups and applications, a description of all of it, other
// attributes, and its end.

import { Failure } from '../../../lib/errors.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { presentationOf } from '../../show.ts'
import { command } from '../command.ts'
import { installationOf } from './applications.ts'
import type { Application } from './applications.ts'
import { choice } from './choices.ts'
import { groupsOf } from './instances.ts'
import { callAndShow, releaseOf, requireAmi } from './running.ts'
import * as schemas from './schemas.ts'
import { stepsOf } from './steps.ts'
import type { TypedStep } from './steps.ts'

const cluster = { 'cluster-id': { required: true, help: 'The ID of the cluster.' } } as const
const LIST = { type: 'list', nargs: '+', required: true } as const

export const addSteps = command({
  name: 'emr add-steps',
  help: 'Adds a list of steps to a cluster.',
  arguments: {
    ...cluster,
    steps: { ...LIST, schema: schemas.steps, help: 'The steps to run.' },
    'execution-role-arn': { help: 'The role that the steps run with.' },
  },
  run: async (given, context) => {
    const id = given['cluster-id'] as string
    const release = await releaseOf(id, context)
    const { region } = await context.settings()
    const role = given['execution-role-arn']
    const input = {
      JobFlowId: id,
      Steps: stepsOf(given.steps as TypedStep[], { region, release }),
      ...(role === undefined ? {} : { ExecutionRoleArn: role }),
    }
    return callAndShow('AddJobFlowSteps', input, context)
  },
})

export const addInstanceGroups = command({
  name: 'emr add-instance-groups',
  help: 'Adds an instance group to a running cluster.',
  arguments: {
    ...cluster,
    'instance-groups': { ...LIST, schema: schemas.instanceGroups, help: 'The groups to add.' },
  },
  run: async (given, context) => {
    const { JobFlowId, InstanceGroupIds, ClusterArn } = await context.call('emr', 'AddInstanceGroups', {
      JobFlowId: given['cluster-id'] as string,
      InstanceGroups: groupsOf(given['instance-groups'] as unknown as Structure[]),
    })
    const answered = JobFlowId !== undefined && InstanceGroupIds !== undefined
    const shown = answered ? { ClusterId: JobFlowId, InstanceGroupIds, ClusterArn: ClusterArn ?? null } : {}
    await context.show('add_instance_groups', shown)
    return 0
  },
})

export const installApplications = command({
  name: 'emr install-applications',
  help: 'Installs Hive and Pig on a running cluster. Only for clusters of AMI versions.',
  arguments: { ...cluster, applications: { ...LIST, schema: schemas.applications, help: 'What to install.' } },
  run: async (given, context) => {
    const id = given['cluster-id'] as string
    await requireAmi('install-applications', id, context)
    const applications = given.applications as unknown as Application[]
    for (const { Name } of applications) requireInstallable(Name)
    const { region } = await context.settings()
    const { steps } = installationOf(applications, region)
    return callAndShow('AddJobFlowSteps', { JobFlowId: id, Steps: steps as Value[] }, context)
  },
})

const INSTALLABLE = ['HIVE', 'PIG']
const KNOWN = [...INSTALLABLE, 'HBASE', 'GANGLIA', 'IMPALA', 'SPARK', 'MAPR', 'MAPR_M3', 'MAPR_M5', 'MAPR_M7']

function requireInstallable(name: string): void {
  if (INSTALLABLE.includes(name.toUpperCase())) return
  const [complaint, names] = KNOWN.includes(name.toUpperCase())
    ? [`${name} cannot be installed on a running cluster.`, INSTALLABLE]
    : [`Unknown application: ${name}.`, KNOWN]
  throw new Failure('ParamValidation', `${complaint} 'Name' should be one of the following: ${names.join(', ')}`)
}

export const describeCluster = command({
  name: 'emr describe-cluster',
  help: 'Describes a cluster: its status, its machines, and what was run when they started.',
  arguments: cluster,
  run: async (given, context) => {
    const input = { ClusterId: given['cluster-id'] as string }
    const described = await context.call('emr', 'DescribeCluster', input)
    const found = described.Cluster as Structure | undefined
    const kind = found?.InstanceCollectionType === 'INSTANCE_FLEET' ? 'InstanceFleets' : 'InstanceGroups'
    const machines = (await context.call('emr', `List${kind}`, input))[kind]
    const { BootstrapActions = [] } = await context.call('emr', 'ListBootstrapActions', input)
    const { present } = await import('../../output/present.ts')
    const service = await context.outside.models.service('emr')
    const presentation = presentationOf(await context.settings())
    const { Cluster = {}, ...rest } = present(service.operation('DescribeCluster'), described, presentation)
    await context.show('describe_cluster', {
      ...rest,
      Cluster: {
        ...(Cluster as Structure),
        ...present(service.operation('ListBootstrapActions'), { BootstrapActions }, presentation),
        ...(machines === undefined
          ? {}
          : present(service.operation(`List${kind}`), { [kind]: machines }, presentation)),
      },
    })
    return 0
  },
})

export const terminateClusters = command({
  name: 'emr terminate-clusters',
  help: 'Shuts down one or more clusters, each specified by cluster ID.',
  arguments: {
    'cluster-ids': {
      ...LIST,
      schema: { type: 'array', items: { type: 'string' } },
      help: 'A list of clusters to terminate.',
    },
  },
  run: (given, context) => callAndShow('TerminateJobFlows', { JobFlowIds: given['cluster-ids'] as Value }, context),
})

const attributes = [
  ['visible-to-all-users', 'SetVisibleToAllUsers', 'VisibleToAllUsers', 'Other IAM principals may use it.'],
  ['termination-protected', 'SetTerminationProtection', 'TerminationProtected', 'It cannot be ended by a call.'],
  [
    'auto-terminate',
    'SetKeepJobFlowAliveWhenNoSteps',
    'KeepJobFlowAliveWhenNoSteps',
    'It ends when its last step has.',
  ],
  [
    'unhealthy-node-replacement',
    'SetUnhealthyNodeReplacement',
    'UnhealthyNodeReplacement',
    'Machines that are not well are replaced.',
  ],
] as const

export const modifyAttributes = command({
  name: 'emr modify-cluster-attributes',
  help: 'Sets attributes of a cluster on or off.',
  arguments: {
    ...cluster,
    ...Object.fromEntries(
      attributes.flatMap(([name, , , help]) => [
        [name, { flag: true, help }],
        [`no-${name}`, { flag: true, help: `The opposite of --${name}.` }],
      ]),
    ),
  },
  run: async (given, context) => {
    const chosen = attributes.map(([name, operation, member]) => {
      if (given[name] && given[`no-${name}`]) {
        throw new Failure('ParamValidation', `You cannot specify both --${name} and --no-${name} options together.`)
      }
      return { operation, member, value: choice(given, name), opposite: name === 'auto-terminate' }
    })
    if (chosen.every(({ value }) => value === undefined)) {
      const options = attributes.map(([name]) => `--${name}|--no-${name}`).join(', ')
      throw new Failure('ParamValidation', `Must specify one of the following boolean options: ${options}.`)
    }
    for (const { operation, member, value, opposite } of chosen) {
      if (value === undefined) continue
      const input = { JobFlowIds: [given['cluster-id'] as string], [member]: value !== opposite }
      await callAndShow(operation, input, context)
    }
    return 0
  },
})
