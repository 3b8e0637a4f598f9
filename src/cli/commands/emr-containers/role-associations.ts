// A role for the jobs of a namespace, by EKS's pod identities: one association for each service account that they run under.

import { AwsError, Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Settings } from '../../../client/settings.ts'
import type { AddedArgument } from '../../changes/change.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { partitionOf } from '../../partition.ts'
import { presentationOf } from '../../show.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { serviceAccounts, submissionModels } from './service-accounts.ts'
import type { ServiceAccount } from './service-accounts.ts'

const given: Readonly<Record<string, AddedArgument>> = {
  'cluster-name': { required: true, help: 'The name of the Amazon EKS cluster.' },
  namespace: { required: true, help: 'The namespace of the jobs or applications.' },
  'role-name': { required: true, help: 'The name of the IAM role.' },
  type: { choices: submissionModels, help: 'What runs the jobs. The default is start_job_run.' },
  'operator-namespace': { help: 'The namespace that the operator runs in, where it is not that of the jobs.' },
  'service-account-name': { help: 'One service account, instead of those of Amazon EMR on EKS.' },
}

export const createRoleAssociations = command({
  name: 'emr-containers create-role-associations',
  help: 'Associates an IAM role with the service accounts of Amazon EMR on EKS in a cluster, by pod identities.',
  arguments: given,
  run: async (words, context) => {
    const { eks, cluster, role, account, accounts } = await understood(words, context)
    const roleArn = `arn:${partitionOf(eks.region ?? '')}:iam::${account}:role/${role}`
    const made: Structure[] = []
    for (const { name, namespace } of accounts) {
      const input = { clusterName: cluster, namespace, serviceAccount: name, roleArn }
      try {
        made.push(await association(eks, 'CreatePodIdentityAssociation', input))
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        const whose = `service account ${name} and role ${role} in namespace ${namespace}`
        if (error.code === 'ResourceInUseException') {
          context.warn(
            `Skipping pod identity association creation because pod identity association already exists for ${whose}: ${error.message}`,
          )
          continue
        }
        for (const { clusterName, associationId } of made) {
          context.warn(`Rolling back association for ${whose} as an error was encountered`)
          await callWith(eks, 'eks', 'DeletePodIdentityAssociation', { clusterName, associationId })
        }
        throw failed('create', name, role, namespace, error)
      }
    }
    tell(made, context)
    return 0
  },
})

export const deleteRoleAssociations = command({
  name: 'emr-containers delete-role-associations',
  help: 'Takes the associations of an IAM role with the service accounts of Amazon EMR on EKS away.',
  arguments: given,
  run: async (words, context) => {
    const { eks, cluster, role, accounts } = await understood(words, context)
    const deleted: Structure[] = []
    for (const { name, namespace } of accounts) {
      const which = { clusterName: cluster, namespace, serviceAccount: name }
      try {
        const { associations } = await callWith(eks, 'eks', 'ListPodIdentityAssociations', which)
        const [found] = (associations ?? []) as Structure[]
        if (found === undefined) {
          context.warn(
            `Skipping deletion as no pod identity association found for service account ${name} and role ${role} in namespace ${namespace}`,
          )
          continue
        }
        const input = { clusterName: cluster, associationId: found.associationId }
        deleted.push(await association(eks, 'DeletePodIdentityAssociation', input))
      } catch (error) {
        throw error instanceof AwsError ? failed('delete', name, role, namespace, error) : error
      }
    }
    tell(deleted, context)
    return 0
  },
})

interface Understood {
  readonly eks: Settings
  readonly cluster: string
  readonly role: string
  readonly account: string
  readonly accounts: readonly ServiceAccount[]
}

async function understood(words: GivenWords, context: Context): Promise<Understood> {
  const {
    'cluster-name': name,
    namespace,
    'role-name': role,
    type = 'start_job_run',
    'operator-namespace': operatorNamespace,
    'service-account-name': own,
  } = words as Record<string, string | undefined>
  const eks = settingsFor(await context.settings(), { endpointUrl: 'configured' })
  const { cluster } = await callWith(eks, 'eks', 'DescribeCluster', { name })
  const account = String((cluster as Structure | undefined)?.arn ?? '').split(':')[4]
  if (account === undefined) throw new Failure('InvalidValue', 'list index out of range')
  const accounts = own
    ? [{ name: own, namespace: namespace! }]
    : serviceAccounts(type, namespace!, operatorNamespace || namespace!, account, role!)
  return { eks, cluster: name!, role: role!, account, accounts }
}

/** Calls what answers with an association, and gives it as it is shown. */
async function association(eks: Settings, name: string, input: Structure): Promise<Structure> {
  const answer = await callWith(eks, 'eks', name, input)
  const { present } = await import('../../output/present.ts')
  const shown = present(await eks.models.operation('eks', name), answer, presentationOf(eks))
  return (shown.association as Structure | undefined) ?? shown
}

function failed(what: string, name: string, role: string, namespace: string, { message }: AwsError): Failure {
  return new Failure(
    'InvalidValue',
    `Failed to ${what} pod identity association for service account ${name}, role ${role} in namespace ${namespace}: ${message}`,
  )
}

function tell(associations: readonly Structure[], context: Context): void {
  if (associations.length > 0) context.write(JSON.stringify(associations, undefined, 4))
}
