// Teaches kubectl a cluster: its address, its certificate, and to ask us for tokens.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { callWith, keysOf, settingsFor } from '../../clients.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import {
  chooseKubeconfig,
  hasCluster,
  insertEntry,
  kubeconfigPaths,
  kubeconfigText,
  writeKubeconfig,
} from './kubeconfig.ts'
import type { Entry } from './kubeconfig.ts'

export const updateKubeconfig = command({
  name: 'eks update-kubeconfig',
  help: 'Configures kubectl so that you can connect to an Amazon EKS cluster.',
  arguments: {
    name: { required: true, help: 'The name of the cluster for which to create a kubeconfig entry.' },
    kubeconfig: { help: 'The file to add to. Default: the first of KUBECONFIG, or ~/.kube/config.' },
    'role-arn': { help: 'The role to assume for cluster authentication.' },
    'proxy-url': { help: 'The proxy through which the cluster is reached.' },
    'dry-run': { flag: true, default: false, help: 'Print the merged kubeconfig to stdout instead of writing it.' },
    verbose: { flag: true, default: false, help: 'Print the entries that were written.' },
    alias: { help: "The name of the context. Default: the cluster's ARN." },
    'user-alias': { help: "The name of the user. Default: the cluster's ARN." },
    'assume-role-arn': { help: 'The role to assume for describing the cluster: that of another account.' },
  },
  run: async (given, context) => {
    const described = await describedCluster(given, context)
    const cluster = clusterEntry(described, given)
    const user = userEntry(described, given, context)
    const config = chooseKubeconfig(
      kubeconfigPaths(given.kubeconfig as string | undefined, context.outside),
      cluster.name,
    )
    const known = hasCluster(config, cluster.name)
    const entry: Entry = {
      context: { cluster: cluster.name, user: user.name },
      name: (given.alias as string | undefined) || user.name,
    }
    insertEntry(config, 'clusters', cluster)
    insertEntry(config, 'users', user)
    insertEntry(config, 'contexts', entry)
    config.content['current-context'] = entry.name

    const text = kubeconfigText(config.content)
    if (given['dry-run'] === true) {
      context.write(text)
      return 0
    }
    writeKubeconfig(config.path, text)
    context.write(
      known
        ? `Updated context ${entry.name} in ${config.path}\n`
        : `Added new context ${entry.name} to ${config.path}\n`,
    )
    if (given.verbose === true) {
      context.write(`Entries:\n\n${[entry, user, cluster].map((each) => `${kubeconfigText(each)}\n`).join('')}`)
    }
    return 0
  },
})

async function describedCluster(given: GivenWords, context: Context): Promise<Structure> {
  let settings = await context.settings()
  const role = given['assume-role-arn'] as string | undefined
  if (role) {
    const sts = settingsFor(settings, { endpointUrl: 'configured' })
    const output = await callWith(sts, 'sts', 'AssumeRole', {
      RoleArn: role,
      RoleSessionName: 'EKSDescribeClusterSession',
    })
    settings = settingsFor(settings, { credentials: keysOf(output) })
  }
  const { cluster } = await callWith(settings, 'eks', 'DescribeCluster', { name: given.name })
  const { status } = (cluster ?? {}) as { status?: string }
  if (status === undefined) throw new Failure('InvalidValue', 'Cluster not found')
  if (status !== 'ACTIVE' && status !== 'UPDATING') throw new Failure('InvalidValue', `Cluster status is ${status}`)
  return cluster as Structure
}

function clusterEntry(described: Structure, given: GivenWords): Entry {
  const { certificateAuthority, endpoint = null, arn } = described as Record<string, string>
  const authority = (certificateAuthority as unknown as { data?: string } | undefined)?.data ?? ''
  const proxy = given['proxy-url'] as string | undefined
  return {
    cluster: {
      'certificate-authority-data': authority,
      server: endpoint,
      ...(proxy === undefined ? {} : { 'proxy-url': proxy }),
    },
    name: arn!,
  }
}

function userEntry(described: Structure, given: GivenWords, { globals }: Context): Entry {
  const { arn, outpostConfig, id } = described as Record<string, string>
  const which = outpostConfig === undefined ? ['--cluster-name', given.name as string] : ['--cluster-id', id!]
  const role = given['role-arn'] as string | undefined
  return {
    name: (given['user-alias'] as string | undefined) || arn!,
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        args: [
          '--region',
          arn!.split(':')[3]!,
          'eks',
          'get-token',
          ...which,
          '--output',
          'json',
          ...(role === undefined ? [] : ['--role', role]),
        ],
        command: 'aws',
        ...(globals.profile === undefined ? {} : { env: [{ name: 'AWS_PROFILE', value: globals.profile }] }),
      },
    },
  }
}
