// A token for a Kubernetes client, as its exec plugins answer.
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins

import { Failure } from '../../../lib/errors.ts'
import type { Settings } from '../../../client/settings.ts'
import { clusterToken } from '../../../client/tokens.ts'
import { callWith, keysOf, settingsFor } from '../../clients.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'

const API = 'client.authentication.k8s.io/'

/** The cluster takes it for 15 minutes; whoever renews it is told a minute less. */
const LIFE = 14 * 60_000

export const getToken = command({
  name: 'eks get-token',
  help: 'Get a token for authentication with an Amazon EKS cluster. An alternative to the aws-iam-authenticator.',
  arguments: {
    'cluster-name': { help: 'The name of the cluster. For local clusters on AWS Outposts use --cluster-id.' },
    'role-arn': { help: 'Assume this role for credentials when signing the token.' },
    'cluster-id': { help: 'The id of the cluster, for local clusters on AWS Outposts only.' },
  },
  run: async (given, context) => {
    const { 'cluster-name': name, 'cluster-id': id, 'role-arn': role } = given as Record<string, string | undefined>
    // --endpoint-url is not for STS here.
    const settings = settingsFor(await context.settings(), { endpointUrl: 'configured' })
    const signer = role === undefined ? settings : await asRole(settings, role)
    if (name !== undefined && id !== undefined) {
      throw new Failure(
        'ParamValidation',
        'The key "cluster_id" cannot be specified when one of the following keys are also specified: cluster_name',
      )
    }
    const cluster = id || name
    if (!cluster) {
      context.warn('Either parameter --cluster-name or --cluster-id must be specified.')
      return 1
    }
    const token = await clusterToken(signer, cluster)
    const expires = new Date(settings.clock().getTime() + LIFE).toISOString().replace(/\.\d+Z/, 'Z')
    await context.show('get-token', {
      kind: 'ExecCredential',
      apiVersion: apiVersion(context),
      spec: {},
      status: { expirationTimestamp: expires, token },
    })
    context.write('\n')
    return 0
  },
})

async function asRole(settings: Settings, role: string): Promise<Settings> {
  const output = await callWith(settings, 'sts', 'AssumeRole', { RoleArn: role, RoleSessionName: 'EKSGetTokenAuth' })
  return settingsFor(settings, { credentials: keysOf(output) })
}

/** The version that the client says it speaks. */
function apiVersion({ outside, warn }: Context): string {
  const fallback = `${API}v1beta1`
  const said = outside.env.KUBERNETES_EXEC_INFO ?? ''
  if (said === '') return fallback
  let version: unknown
  try {
    version = (JSON.parse(said) as { apiVersion?: unknown }).apiVersion
  } catch {
    warn(
      `Error parsing KUBERNETES_EXEC_INFO, defaulting to ${fallback}. This is likely a bug in your Kubernetes client. ` +
        'Please update your Kubernetes client.',
    )
    return fallback
  }
  if (version === `${API}v1` || version === fallback) return version
  if (version === `${API}v1alpha1`) {
    warn(`Kubeconfig user entry is using deprecated API version ${version}. Run 'aws eks update-kubeconfig' to update.`)
    return version
  }
  warn(
    `Unrecognized API version in KUBERNETES_EXEC_INFO, defaulting to ${fallback}. This is likely due to an outdated AWS ` +
      'CLI. Please update your AWS CLI.',
  )
  return fallback
}
