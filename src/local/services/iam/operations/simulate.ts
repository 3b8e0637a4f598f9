// What would IAM decide? SimulateCustomPolicy, SimulatePrincipalPolicy and the context keys of policies.

import { contextKeysOf } from '../../../../policy/context-keys.ts'
import { contextOfEntries, simulate, type ContextEntry } from '../../../../policy/simulate.ts'
import type { PolicySource, Principal } from '../../../../policy/types.ts'
import { validateIdentityPolicy } from '../../../../policy/validate.ts'
import { ofEntity, ofRole, ofUser, rolePrincipal, rootPrincipal, userPrincipal } from '../../../accounts/callers.ts'
import { invalidInput, noSuchEntity } from '../errors.ts'
import { page } from '../paging.ts'
import { findGroup, findRole, findUser, type Iam, type IamHandler } from '../state.ts'

export const simulateCustomPolicy: IamHandler = (input, { state }) => {
  const principal = callerOf(state, input.CallerArn) ?? rootPrincipal(state.account)
  // A policy has no owner here; the simulated caller has what the policies give, and nothing as root.
  return simulation(input, { ...principal, type: principal.type === 'Account' ? 'User' : principal.type }, given(input))
}

export const simulatePrincipalPolicy: IamHandler = (input, { state }) => {
  const source = sourceOf(state, input.PolicySourceArn)
  const excluded: readonly string[] = input.PolicyExclusionList ?? []
  const own = source.policies.filter((policy) => !excluded.includes(policy.id ?? ''))
  const overridden = input.PermissionsBoundaryPolicyInputList?.length > 0
  const kept = overridden ? own.filter((policy) => policy.kind !== 'boundary') : own
  return simulation(input, callerOf(state, input.CallerArn) ?? source.principal, [...kept, ...given(input)])
}

export const getContextKeysForCustomPolicy: IamHandler = (input) => ({
  ContextKeyNames: contextKeysOf(input.PolicyInputList.map(checked)),
})

export const getContextKeysForPrincipalPolicy: IamHandler = (input, { state }) => {
  const own = sourceOf(state, input.PolicySourceArn).policies.map((policy) => policy.document)
  return { ContextKeyNames: contextKeysOf([...own, ...(input.PolicyInputList ?? []).map(checked)]) }
}

function simulation(input: Record<string, any>, principal: Principal, policies: PolicySource[]): object {
  const context = contextOfEntries((input.ContextEntries ?? []) as ContextEntry[])
  const results = simulate({
    principal,
    policies,
    actions: input.ActionNames,
    resources: input.ResourceArns,
    resourceAccountId: input.ResourceOwner && accountIn(input.ResourceOwner),
    context: { ...contextOf(principal), ...context },
  })
  return page(results, input, 'EvaluationResults')
}

/** The caller's own keys hold unless the simulation says otherwise. */
function contextOf(principal: Principal): Record<string, string> {
  return {
    'aws:principalarn': principal.principalArn,
    'aws:principalaccount': principal.accountId,
    'aws:principaltype': principal.type,
    'aws:userid': principal.userId,
    ...(principal.userName === undefined ? {} : { 'aws:username': principal.userName }),
  }
}

/** The policies that the input itself brings. */
function given(input: Record<string, any>): PolicySource[] {
  const listed = (member: string, kind: PolicySource['kind']): PolicySource[] =>
    ((input[member] ?? []) as string[]).map((document, i) => ({
      kind,
      id: `${member}.${i + 1}`,
      document: checked(document),
    }))
  const resource: PolicySource[] = input.ResourcePolicy
    ? [{ kind: 'resource', id: 'ResourcePolicy', document: input.ResourcePolicy }]
    : []
  return [
    ...listed('PolicyInputList', 'identity'),
    ...listed('PermissionsBoundaryPolicyInputList', 'boundary'),
    ...listed('OrderedOrganizationPolicyInputList', 'scp'),
    ...resource,
  ]
}

function checked(document: string): string {
  validateIdentityPolicy(document)
  return document
}

interface Source {
  principal: Principal
  policies: PolicySource[]
}

/** The user, group or role whose policies are simulated. */
function sourceOf(state: Iam, arn: string): Source {
  const match = /^arn:[\w-]+:iam::(\d{12}):(user|group|role)\/(?:.*\/)?([^/]+)$/.exec(arn)
  if (!match || match[1] !== state.account)
    throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`)
  const [, , kind, name] = match as unknown as [string, string, string, string]
  if (kind === 'user') {
    const user = findUser(state, name)
    return { principal: userPrincipal(state, user), policies: named(state, ofUser(state, user)) }
  }
  if (kind === 'role') {
    const role = findRole(state, name)
    return { principal: rolePrincipal(state, role, 'simulation'), policies: named(state, ofRole(state, role)) }
  }
  const group = findGroup(state, name)
  const policies = named(state, ofEntity(state, group, state.arn('group', group)))
  return {
    principal: { ...rootPrincipal(state.account), type: 'User', arn, principalArn: arn, userId: group.id },
    policies,
  }
}

/** As IAM's simulator names its sources: a managed policy by its name, an inline one `user_anna_Inline`. */
function named(state: Iam, policies: PolicySource[]): PolicySource[] {
  return policies.map((policy) => {
    if (policy.arn !== undefined) return { ...policy, id: policy.name ?? state.policy(policy.arn)?.name ?? policy.arn }
    const [kind, ...path] = policy.attachedTo!.split(':')[5]!.split('/')
    return { ...policy, id: `${kind}_${path.at(-1)}_${policy.name}` }
  })
}

function callerOf(state: Iam, arn: string | undefined): Principal | undefined {
  if (arn === undefined) return undefined
  const match = /^arn:[\w-]+:iam::(\d{12}):user\/(?:.*\/)?([^/]+)$/.exec(arn)
  if (!match) throw invalidInput(`Invalid Caller Arn: ${arn}. A caller must be an IAM user.`)
  if (match[1] !== state.account) throw noSuchEntity(`The user with name ${match[2]} cannot be found.`)
  return userPrincipal(state, findUser(state, match[2]!))
}

function accountIn(owner: string): string {
  return /^\d{12}$/.test(owner) ? owner : (owner.split(':')[4] ?? '')
}
