// What does a denial mean, and what can be done about it? In words, by the set of policies that it names.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

import { policyKindNames } from '../../../policy/kind-names.ts'
import type { Denial } from '../../../policy/read-message.ts'
import type { PolicyKind } from '../../../policy/types.ts'

/** Who was refused what, and why, a line each. */
export function told({ principal, action, resource, effect, kind, through, policyArn }: Denial): string[] {
  const lines = [
    `who      ${principal ?? 'not said'}`,
    `what     ${action ?? 'not said'}`,
    `on what  ${resource ?? (action === undefined ? 'not said' : 'not said, or an action without a resource')}`,
    `why      ${reason(effect, kind)}`,
  ]
  if (through) lines.push(`         (behind it: a ${policyKindNames[through]})`)
  if (policyArn !== undefined) lines.push(`policy   ${policyArn}`)
  return lines
}

function reason(effect: Denial['effect'], kind: PolicyKind | undefined): string {
  if (kind === undefined)
    return 'AWS does not say: across accounts of different owners, and in old or bare messages, no reason is told'
  return effect === 'EXPLICIT_DENY'
    ? `a statement with "Effect": "Deny" in ${kind === 'identity' ? 'an' : 'a'} ${policyKindNames[kind]}: no Allow outdoes it`
    : `no ${policyKindNames[kind]} allows it: nothing denies it, but nothing allows it either`
}

/** What to do next, in order. */
export function advice(denial: Denial): string[] {
  const { effect, kind, policyArn } = denial
  if (kind === undefined) return withoutReason(denial)
  if (effect === 'EXPLICIT_DENY') return againstDeny(denial, kind, policyArn)
  return towardsAllow(denial, kind)
}

function withoutReason({ action, principal }: Denial): string[] {
  const steps = [
    'If caller and resource are in different accounts, both sides must allow: a policy of the caller, and the policy of the resource (bucket, key, queue, role trust) that names the caller.',
    "If they are in one account, look at the caller's own policies first.",
  ]
  if (action?.startsWith('sts:AssumeRole'))
    steps.unshift(
      "Look at the role's trust policy: it must name the caller, and its conditions (external id, MFA) must hold. STS answers the same for a role that is not there.",
    )
  if (principal === undefined)
    steps.push(
      'S3 says no more than "Access Denied" to strangers, to anonymous callers, and where Block Public Access or object ownership is the reason.',
    )
  return steps
}

function againstDeny(denial: Denial, kind: PolicyKind, arn: string | undefined): string[] {
  const where: Partial<Record<PolicyKind, string>> = {
    scp: "Only the organization's management account can change it; ask who runs it.",
    rcp: "Only the management account of the resource's organization can change it; ask who runs it.",
    session:
      'It came with the credentials: get new ones without that session policy (AssumeRole, GetFederationToken), or with another.',
    boundary: `It is the boundary of ${called(denial)}; whoever set it can change it.`,
    trust: "It is in the role's own trust policy: aws iam get-role shows it.",
    resource: "It is in the policy of the resource itself, in the resource's account.",
    'vpc-endpoint':
      'It is in the policy of the VPC endpoint that the request went through: aws ec2 describe-vpc-endpoints shows it.',
    identity:
      arn === undefined
        ? `It has no ARN, so it is an inline policy of ${called(denial)} or of one of its groups: ${listCommand(denial)}`
        : '',
  }
  const steps = [
    'Adding an Allow will not help: the Deny must go, or be narrowed by a condition that the request meets.',
  ]
  if (where[kind]) steps.push(where[kind]!)
  if (arn?.includes(':iam:'))
    steps.push(
      `Read it: aws iam get-policy --policy-arn ${arn} tells the version, aws iam get-policy-version --policy-arn ${arn} --version-id VERSION the document.`,
    )
  if (arn?.includes(':organizations:'))
    steps.push(
      `Read it, in the management account: aws organizations describe-policy --policy-id ${arn.split('/').at(-1)}`,
    )
  return steps
}

function towardsAllow(denial: Denial, kind: PolicyKind): string[] {
  switch (kind) {
    case 'identity':
      return [
        `Somebody who administers the account can allow it to ${called(denial)}, with this statement:`,
        statement(denial),
        ...putCommand(denial, statement(denial)),
        'If it should be allowed already: a condition may not hold (MFA, source address, tags), or the resource may not match. virga explain policy FILE reads a policy.',
      ]
    case 'boundary':
      return [
        `The permissions boundary of ${called(denial)} must allow it too: a boundary gives nothing, it only limits. Whoever set it can widen it.`,
        statement(denial),
      ]
    case 'session':
      return [
        'The session policy that came with these credentials must allow it too. Get new credentials without it, or with one that has this statement:',
        statement(denial),
      ]
    case 'resource':
      return [
        "The policy of the resource must allow it, naming the caller; it is kept in the resource's account:",
        statement(denial, denial.principal),
      ]
    case 'trust':
      return ["The role's trust policy must allow it, naming the caller:", trustStatement(denial)]
    case 'scp':
      return [
        "A service control policy at every level (root, organizational units, account) must allow it. Only the organization's management account can change that.",
      ]
    case 'rcp':
      return [
        "The resource control policies of the resource's organization must allow it. Only its management account can change that.",
      ]
    case 'vpc-endpoint':
      return [
        'The policy of the VPC endpoint that the request went through must allow it: aws ec2 describe-vpc-endpoints shows it, aws ec2 modify-vpc-endpoint changes it.',
        statement(denial, '*'),
      ]
  }
}

function statement({ action = '*', resource, principal }: Denial, named?: string): string {
  const Principal = named === undefined ? {} : { Principal: named === '*' ? '*' : { AWS: policyPrincipal(named) } }
  return JSON.stringify({ Effect: 'Allow', ...Principal, Action: action, Resource: arnOf(resource, principal) })
}

function trustStatement({ action = 'sts:AssumeRole', principal }: Denial): string {
  return JSON.stringify({ Effect: 'Allow', Principal: { AWS: policyPrincipal(principal ?? '*') }, Action: action })
}

/** A session is named by its role. */
export function policyPrincipal(arn: string): string {
  return arn.replace(/^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, 'arn:$1:iam::$2:role/$3')
}

/** IAM calls its entities `user ana`: the ARN of one in the caller's account. */
function arnOf(resource: string | undefined, principal: string | undefined): string {
  if (resource === undefined) return '*'
  const [, kind, name] = /^(user|group|role|policy|instance profile) (\S+)$/.exec(resource) ?? []
  const account = principal?.split(':')[4]
  if (kind === undefined || account === undefined) return resource.endsWith('/') ? `${resource}*` : resource
  return name!.startsWith('arn:') ? name! : `arn:aws:iam::${account}:${kind.replace(' ', '-')}/${name}`
}

interface Entity {
  readonly kind: 'user' | 'role'
  readonly name: string
}

function entityOf(principal: string | undefined): Entity | undefined {
  const found = /^arn:[\w-]+:(?:iam::\d{12}:(user|role)\/(?:.*\/)?([^/]+)|sts::\d{12}:assumed-role\/([^/]+)\/.*)$/.exec(
    principal ?? '',
  )
  if (!found) return undefined
  return found[3] === undefined
    ? { kind: found[1] as Entity['kind'], name: found[2]! }
    : { kind: 'role', name: found[3] }
}

function called({ principal }: Denial): string {
  const entity = entityOf(principal)
  return entity ? `the ${entity.kind} ${entity.name}` : 'the caller'
}

function putCommand({ principal, action = '' }: Denial, added: string): string[] {
  const entity = entityOf(principal)
  if (!entity) return []
  const name = `allow-${action.replace(/\W+/g, '-')}`
  return [
    `aws iam put-${entity.kind}-policy --${entity.kind}-name ${entity.name} --policy-name ${name} --policy-document '{"Version":"2012-10-17","Statement":[${added}]}'`,
  ]
}

function listCommand({ principal }: Denial): string {
  const entity = entityOf(principal)
  if (!entity) return 'aws iam list-user-policies, list-role-policies'
  const groups = entity.kind === 'user' ? `; aws iam list-groups-for-user --user-name ${entity.name}` : ''
  return `aws iam list-${entity.kind}-policies --${entity.kind}-name ${entity.name}${groups}`
}
