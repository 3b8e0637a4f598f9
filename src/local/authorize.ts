// May the caller do it? Every permission an operation needs is put to the policy engine with every policy that applies;
// a refusal is worded from the decision.

import { AwsError } from '../lib/errors.ts'
import { accessDeniedMessage, unauthorizedOperationMessage } from '../policy/messages.ts'
import { authorizationDetails } from '../policy/authorization-details.ts'
import { decide } from '../policy/decide.ts'
import type { Context, Decision, PolicySource } from '../policy/types.ts'
import { policiesOf } from './accounts/callers.ts'
import { sealMessage } from './accounts/messages.ts'
import type { Target } from './identify.ts'
import { deniedAs } from './refusals.ts'
import type { CallContext, Permission } from './service.ts'
import type { World } from './world.ts'

/** Decides one permission. `resourcePolicies` are those of the resource. */
export async function judge(
  permission: Permission,
  resourcePolicies: readonly PolicySource[],
  context: CallContext,
  world: World,
): Promise<Decision> {
  const { caller } = context
  const own = await world.identities.transaction((rows) => policiesOf(rows, caller))
  const request = {
    principal: caller.principal,
    action: permission.action,
    resource: permission.resource,
    resourceAccountId: permission.resourceAccountId,
    context: { ...globalKeys(context), ...caller.context, ...resourceKeys(permission, context), ...permission.context },
  }
  return decide(request, [...own, ...resourcePolicies])
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
function globalKeys(context: CallContext): Context {
  const now = context.clock()
  const { session } = context.caller
  const { 'user-agent': agent, referer } = context.request.headers
  return {
    'aws:currenttime': now.toISOString().replace(/\.\d+Z/, 'Z'),
    'aws:epochtime': String(Math.floor(now.getTime() / 1000)),
    'aws:securetransport': String(context.secure),
    'aws:requestedregion': context.region,
    'aws:sourceip': context.sourceIp,
    'aws:viaawsservice': 'false',
    ...(agent === undefined ? {} : { 'aws:useragent': agent }),
    ...(referer === undefined ? {} : { 'aws:referer': referer }),
    ...(session?.mfa === undefined
      ? {}
      : { 'aws:multifactorauthage': String(Math.floor((now.getTime() - session.mfa) / 1000)) }),
  }
}

function resourceKeys(permission: Permission, context: CallContext): Context {
  const owner = permission.resourceAccountId ?? context.caller.accountId
  return owner === '' ? {} : { 'aws:resourceaccount': owner }
}

/** The refusal that a decision becomes. */
export async function denial(
  decision: Decision,
  permission: Permission,
  target: Target,
  world: World,
): Promise<AwsError> {
  const [code, status] = deniedAs(target)
  const told = permission.resourceInMessage
  const resource = told === undefined ? undefined : told === '' ? null : told
  if (target.service.protocol !== 'ec2')
    return new AwsError(code, accessDeniedMessage(decision, { resource }), { status })
  // EC2 adds what only sts:DecodeAuthorizationMessage can read, but not where an action has no resource.
  const encoded =
    decision.request.resource === '*' && /:Describe/.test(decision.request.action)
      ? undefined
      : await world.identities.transaction((rows) =>
          sealMessage(rows, decision.request.principal.accountId, authorizationDetails(decision)),
        )
  return new AwsError(code, unauthorizedOperationMessage(decision, encoded, { resource }), { status })
}
