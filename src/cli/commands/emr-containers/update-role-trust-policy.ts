// A role may be used by the jobs of one namespace of an EKS cluster: its trust policy says so.

import { Failure } from '../../../lib/errors.ts'
import { stringifyPython } from '../../../lib/json.ts'
import { isStructure } from '../../../lib/value.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { callWith, needed, settingsFor } from '../../clients.ts'
import { partitionOf } from '../../partition.ts'
import { command } from '../command.ts'
import { base36 } from './service-accounts.ts'

export const updateRoleTrustPolicy = command({
  name: 'emr-containers update-role-trust-policy',
  help: 'Updates the trust policy of the given IAM role such that it can be used with Amazon EMR on EKS.',
  arguments: {
    'cluster-name': { required: true, help: 'The name of the Amazon EKS cluster.' },
    namespace: { required: true, help: 'The namespace of the cluster.' },
    'role-name': { required: true, help: 'The IAM role name.' },
    'iam-endpoint': { noParamFile: true, help: 'The IAM endpoint to call for updating the role trust policy.' },
    'dry-run': {
      flag: true,
      default: false,
      help: 'Print the merged trust policy document instead of updating the role.',
    },
  },
  run: async (given, context) => {
    const {
      'cluster-name': name,
      namespace,
      'role-name': role,
      'iam-endpoint': iamEndpoint,
    } = given as Record<string, string>
    const known = await context.settings()
    const eks = settingsFor(known, { endpointUrl: 'configured' })
    const cluster = needed<Structure>(await callWith(eks, 'eks', 'DescribeCluster', { name }), 'cluster')
    const iam = settingsFor(known, { endpointUrl: iamEndpoint ?? 'configured' })
    const wanted = statementFor(cluster, namespace!, role!, partitionOf(known.region ?? ''))
    const { Role } = await callWith(iam, 'iam', 'GetRole', { RoleName: role })
    const document = { ...((Role as Structure).AssumeRolePolicyDocument as Structure) }
    const statements = (document.Statement ?? []) as Structure[]
    if (statements.some((each) => same(wanted, each))) {
      context.write(`Trust policy statement already exists for role ${role}. No changes were made!\n`)
      return 0
    }
    document.Statement = [...statements, wanted]
    if (given['dry-run'] === true) {
      context.write(`${JSON.stringify(document, null, 2)}\n`)
      return 0
    }
    await callWith(iam, 'iam', 'UpdateAssumeRolePolicy', { RoleName: role, PolicyDocument: stringifyPython(document) })
    context.write(`Successfully updated trust policy of role ${role}\n`)
    return 0
  },
})

function statementFor(cluster: Structure, namespace: string, role: string, partition: string): Structure {
  const account = String(cluster.arn).split(':')[4]
  const issuer = ((cluster.identity as Structure | undefined)?.oidc as Structure | undefined)?.issuer as
    | string
    | undefined
  const provider = issuer?.split('https://')[1]
  if (provider === undefined) throw new Failure('InvalidValue', 'list index out of range')
  const subject = `system:serviceaccount:${namespace}:emr-containers-sa-*-*-${account}-${base36(role)}`
  return {
    Effect: 'Allow',
    Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringLike: { [`${provider}:sub`]: subject } },
  }
}

function same(wanted: Value, found: Value | undefined): boolean {
  if (!isStructure(wanted)) return wanted === found
  if (!isStructure(found) || Object.keys(wanted).length !== Object.keys(found).length) return false
  return Object.entries(wanted).every(([key, value]) => same(value!, found[key]))
}
