// What the commands for a cluster that runs have in common: its release, and an operation whose answer is shown.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Context } from '../command.ts'

export async function releaseOf(cluster: string, context: Context): Promise<string | undefined> {
  const { Cluster } = await context.call('emr', 'DescribeCluster', { ClusterId: cluster })
  return (Cluster as Structure | undefined)?.ReleaseLabel as string | undefined
}

/** Throws Failure('ParamValidation') for a cluster with a release. */
export async function requireAmi(command: string, cluster: string, context: Context): Promise<void> {
  const release = await releaseOf(cluster, context)
  if (release) throw new Failure('ParamValidation', `${command} is not supported with '${release}' release.`)
}

export async function callAndShow(operation: string, input: Structure, context: Context): Promise<number> {
  await context.show(operation, await context.call('emr', operation, input))
  return 0
}
