// May the caller do it? Every permission an operation needs is put to the policy engine with every policy that applies;
// a refusal is worded from the decision.

import { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import { mappingOf } from '../model/authorization/mapping.ts'
import { permissionsFor } from '../model/authorization/resources.ts'
import { spelledInRefusal } from '../model/authorization/unnamed.ts'
import type { Operation } from '../model/model.ts'
import { accessDeniedMessage, unauthorizedOperationMessage } from '../policy/messages.ts'
import { authorizationDetails } from '../policy/authorization-details.ts'
import { decide } from '../policy/decide.ts'
import type { Context, Decision, PolicySource } from '../policy/types.ts'
import { noteAccess } from './accounts/accesses.ts'
import { policiesOf } from './accounts/callers.ts'
import { inEffect } from './accounts/consistency.ts'
import { sealMessage } from './accounts/messages.ts'
import { organizationKeys, sameOrganization } from './accounts/organizations.ts'
import type { Target } from './identify.ts'
import { known } from './known.ts'
import { deniedAs } from './refusals.ts'
import type { CallContext, Caller, Permission } from './service.ts'
import { generationOf, settingsOf } from './settings.ts'
import type { Rows } from './store/store.ts'
import type { Story } from './trail/entry.ts'
import { newAuthorizationId } from './trail/keep.ts'
import type { World } from './world.ts'

/** Decides one permission. `resourcePolicies` are those of the resource. */
export async function judge(
  permission: Permission,
  resourcePolicies: readonly PolicySource[],
  context: CallContext,
  world: World,
): Promise<Decision> {
  const caller = permission.caller ?? context.caller
  const owner = permission.resourceAccountId ?? caller.accountId
  const { own, organizations } = await bindingPolicies(caller, owner, context.clock().getTime(), world)
  await noteAccess(caller, permission.action, context, world)
  const request = {
    principal: caller.principal,
    action: permission.action,
    resource: permission.resource,
    resourceAccountId: permission.resourceAccountId,
    context: Object.assign(
      globalKeys(context),
      caller.context,
      ownerKey(owner),
      organizations,
      permission.context,
    ) as Context,
  }
  return decide(request, [...own, ...resourcePolicies])
}

interface Binding {
  readonly own: readonly PolicySource[]
  /** Condition keys that tell of the organizations of both. */
  readonly organizations: Context
}

/** The policies that bind the caller where the resource is the owner's, but for the resource's own. */
async function bindingPolicies(caller: Caller, owner: string, now: number, world: World): Promise<Binding> {
  const read = (all: Rows): Binding => {
    const rows = inEffect(all, now)
    const principals = organizationKeys(rows, caller.accountId, 'principal')
    return {
      own: policiesOf(rows, caller, owner),
      organizations: { ...principals, ...organizationKeys(rows, owner, 'resource') },
    }
  }
  const { consistency } = await settingsOf(world)
  return consistency === 0
    ? known(world.identities, `binding at ${owner}`, read, caller)
    : world.identities.transaction(read)
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
function globalKeys(context: CallContext): Context {
  const now = context.clock().getTime()
  const { session } = context.caller
  const { 'user-agent': agent, referer } = context.request.headers
  return {
    'aws:currenttime': isoSecond(now),
    'aws:epochtime': String(Math.floor(now / 1000)),
    'aws:securetransport': String(context.secure),
    'aws:requestedregion': context.region,
    'aws:sourceip': context.sourceIp,
    'aws:viaawsservice': 'false',
    ...(agent === undefined ? {} : { 'aws:useragent': agent }),
    ...(referer === undefined ? {} : { 'aws:referer': referer }),
    ...(session?.mfa === undefined ? {} : { 'aws:multifactorauthage': String(Math.floor((now - session.mfa) / 1000)) }),
  }
}

let lastSecond = NaN
let asText = ''

/** `2026-01-02T03:04:05Z`: many requests come in the same second. */
function isoSecond(time: number): string {
  const second = Math.floor(time / 1000)
  if (second !== lastSecond) asText = new Date((lastSecond = second) * 1000).toISOString().replace('.000Z', 'Z')
  return asText
}

function ownerKey(owner: string): Context {
  return owner === '' ? {} : { 'aws:resourceaccount': owner }
}

/** What an operation needs that no service of ours has mapped: by the service authorization data. */
export async function neededByReference(
  operation: Operation,
  input: Structure,
  { account, region }: CallContext,
  { models }: World,
): Promise<readonly Permission[]> {
  return permissionsFor(await mappingOf(operation, await models.actions()), input, { account, region })
}

/** The refusal that a decision becomes. */
export async function denial(
  decision: Decision,
  permission: Permission,
  target: Target,
  story: Story,
  world: World,
): Promise<AwsError> {
  const [code, status] = deniedAs(target)
  const told = permission.resourceInMessage ?? spelledInRefusal(permission.action, permission.resource)
  const resource = told === undefined ? undefined : told === '' ? null : told
  const { messages } = story.settings
  if (messages === '2026-08' && target.service.name === 'iam') story.authorizationId ??= newAuthorizationId()
  const { principal, resourceAccountId: owner = principal.accountId } = decision.request
  const options = {
    resource,
    generation: generationOf(story.settings),
    authorizationId: story.authorizationId,
    sameOrganization:
      owner !== principal.accountId &&
      (await world.identities.transaction((rows) => sameOrganization(rows, principal.accountId, owner))),
  }
  if (target.service.protocol !== 'ec2') return new AwsError(code, accessDeniedMessage(decision, options), { status })
  return new AwsError(code, unauthorizedOperationMessage(decision, await encoded(decision, world), options), { status })
}

/** What only sts:DecodeAuthorizationMessage can read; EC2 has none where an action has no resource. */
async function encoded(decision: Decision, world: World): Promise<string | undefined> {
  const { action, resource, principal } = decision.request
  if (resource === '*' && /:Describe/.test(action)) return undefined
  const details = authorizationDetails(decision, await spelling(action, world))
  return world.identities.transaction((rows) => sealMessage(rows, principal.accountId, details))
}

/** Gives condition keys the capitals of the reference: `ec2:instancetype` → `ec2:InstanceType`. */
async function spelling(action: string, { models }: World): Promise<(key: string) => string> {
  const actions = await models.actions()
  const service = await actions.service(action.slice(0, action.indexOf(':')))
  const known = [...(await actions.globalConditionKeys()), ...(service?.conditionKeys ?? [])]
  const spelled = new Map(known.map(({ key }) => [key.replace(/\$\{.*/, '').toLowerCase(), key.replace(/\$\{.*/, '')]))
  return (key) => {
    const slash = key.indexOf('/')
    const [head, tail] = slash < 0 ? [key, ''] : [key.slice(0, slash + 1), key.slice(slash + 1)]
    return (spelled.get(head) ?? head) + tail
  }
}
