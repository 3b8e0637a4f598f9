// Why was it allowed, or not? A kept request drawn as a tree: each question to IAM, the sets of policies that were
// weighed, and for each statement whether it applied or what kept it from applying.
//
//   ec2:RunInstances on arn:aws:ec2:us-east-1:123456789012:instance/*
//   └─ DENIED: no identity-based policy allows it
//      └─ identity-based policies: no Allow applies
//         └─ look, inline policy of user/ana
//            └─ ✗ Allow "Look": the action is none of ec2:Describe*

import { policyKindNames } from '../../policy/kind-names.ts'
import type { FailedElement, PolicyKind } from '../../policy/types.ts'
import type { Entry, Judged, Weighed } from './entry.ts'

interface Branch {
  readonly text: string
  readonly under?: readonly Branch[]
}

export function drawn(entry: Entry): string {
  const lines = [headline(entry), who(entry), ending(entry), '']
  if (entry.decisions.length === 0) lines.push(nothingAsked(entry))
  for (const decision of entry.decisions) lines.push(...treeOf(questionOf(decision)), '')
  return lines.join('\n').replace(/\n+$/, '\n')
}

function headline({ number, service, operation, region, time, requestId }: Entry): string {
  const moment = new Date(time).toISOString().replace(/\.\d+Z/, 'Z')
  return `request ${number}: ${service} ${operation} in ${region}, ${moment} (${requestId})`
}

function who({ principal, sourceIp, accessKeyId }: Entry): string {
  if (principal === undefined) return `by nobody known, from ${sourceIp}`
  return `by ${principal}${accessKeyId === undefined ? '' : ` with key ${accessKeyId}`}, from ${sourceIp}`
}

function ending({ status, code, dryRun, faults }: Entry): string {
  const told = code === undefined ? String(status) : `${status} ${code}`
  const purpose = faults ? ` (on purpose: fault ${faults.join(', ')})` : ''
  return `answered ${told}${dryRun ? ' (only asked, nothing was done)' : ''}${purpose}`
}

function nothingAsked({ status, principal }: Entry): string {
  if (principal === undefined)
    return 'IAM was not asked: the request was turned away before, for its signature or its key.\n'
  return status < 400
    ? 'IAM was not asked: the operation needs no permission.\n'
    : 'IAM was not asked: something else was wrong before.\n'
}

function treeOf({ text, under = [] }: Branch): string[] {
  const lines = [text]
  for (const [i, branch] of under.entries()) {
    const last = i === under.length - 1
    const [first, ...rest] = treeOf(branch)
    lines.push(`${last ? '└─' : '├─'} ${first}`, ...rest.map((line) => `${last ? '  ' : '│ '} ${line}`))
  }
  return lines
}

/** In the order in which IAM asks them. */
const order: readonly PolicyKind[] = [
  'rcp',
  'scp',
  'vpc-endpoint',
  'trust',
  'resource',
  'identity',
  'boundary',
  'session',
]

function questionOf(judged: Judged): Branch {
  const on = judged.resource === '*' ? '' : ` on ${judged.resource}`
  const present = order.filter((kind) => judged.policies.some((policy) => policy.kind === kind) || kind === 'identity')
  return {
    text: `${judged.action}${on}`,
    under: [{ text: verdict(judged), under: present.map((kind) => setOf(kind, judged)) }],
  }
}

function verdict({ effect, reason, decidedBy, principal }: Judged): string {
  if (effect === 'EXPLICIT_DENY')
    return `DENIED: an explicit deny in ${article(policyKindNames[reason!])} ends it, whatever else allows`
  if (effect === 'IMPLICIT_DENY') return `DENIED: no ${policyKindNames[reason!]} allows it`
  return decidedBy === undefined && principal.type === 'Account' ? 'ALLOWED: the root user needs no policy' : 'ALLOWED'
}

function article(name: string): string {
  return /^[aeiou]/i.test(name) ? `an ${name}` : `a ${name}`
}

function setOf(kind: PolicyKind, judged: Judged): Branch {
  const numbers = judged.policies.flatMap((policy, i) => (policy.kind === kind ? [i] : []))
  const statements = judged.statements.filter(({ policy }) => numbers.includes(policy))
  const applying = (effect: Weighed['effect']): boolean =>
    statements.some((each) => each.matched && each.effect === effect)
  const says =
    numbers.length === 0
      ? 'there is none'
      : applying('Deny')
        ? 'a Deny applies'
        : applying('Allow')
          ? 'an Allow applies'
          : 'no Allow applies'
  const plural = policyKindNames[kind].replace(/policy$/, 'policies').replace(/boundary$/, 'boundary')
  return { text: `${plural}: ${says}`, under: numbers.map((number) => policyBranch(number, judged)) }
}

function policyBranch(number: number, judged: Judged): Branch {
  const { name, arn, attachedTo } = judged.policies[number]!
  const holder = attachedTo === undefined ? '' : ` of ${attachedTo.split(':').slice(5).join(':') || attachedTo}`
  const text =
    arn === undefined
      ? `${name === undefined ? 'policy' : `${name}, inline policy`}${holder}`
      : `${arn}${holder && `, attached to${holder.slice(3)}`}`
  return {
    text,
    under: judged.statements.flatMap((statement, at) =>
      statement.policy === number ? [{ text: statementText(statement, at === judged.decidedBy) }] : [],
    ),
  }
}

function statementText({ sid, index, effect, matched, failed, names }: Weighed, decided: boolean): string {
  const called = sid === undefined ? `statement ${index + 1}` : `"${sid}"`
  if (matched)
    return `✓ ${effect} ${called} applies${names ? `: ${names.join(', ')}` : ''}${decided ? '  ← this decided' : ''}`
  return `✗ ${effect} ${called}: ${failure(failed!, names ?? [])}`
}

function failure({ element, operator, key, missing, expected }: FailedElement, names: readonly string[]): string {
  const listed = names.length === 0 ? '' : ` ${names.join(', ')}`
  if (element === 'Action') return `the action is not among${listed}`
  if (element === 'Resource') return `the resource is not among${listed}`
  if (element === 'Principal') return `it speaks of other principals:${listed}`
  const wanted = expected && expected.length > 0 ? ` (it wants ${expected.join(' or ')})` : ''
  return missing
    ? `condition ${operator} ${key}: the request has no such key${wanted}`
    : `condition ${operator} ${key} does not hold${wanted}`
}
