// The access advisor: which services could someone use, when did they last, and which policies let them?

import { accessOf } from '../../../accounts/accesses.ts'
import { defaultVersion } from '../../../accounts/identities.ts'
import { opens } from '../../../accounts/granted-services.ts'
import type { Access, Entity, IamJob, Role, User } from '../../../accounts/records.ts'
import type { SlowHandler } from '../../../service.ts'
import { invalidInput, noSuchEntity } from '../errors.ts'
import { cut, page } from '../paging.ts'
import { wholeSeconds } from '../present.ts'
import { jobShape, titleOf } from '../reports.ts'
import { findGroup, findPolicy, findRole, findUser, type Iam, type IamHandler } from '../state.ts'

type Slow = SlowHandler<Iam>

export const generateServiceLastAccessedDetails: IamHandler = (input, { state, clock }) => {
  subjectOf(state, input.Arn)
  const job: IamJob = {
    id: crypto.randomUUID(),
    kind: 'last-accessed',
    created: clock().getTime(),
    subject: input.Arn,
    granularity: input.Granularity ?? 'SERVICE_LEVEL',
  }
  state.jobs.put(job)
  return { JobId: job.id }
}

export const getServiceLastAccessedDetails: Slow = async (input, context) => {
  const actions = await context.models.actions()
  const { job, services } = await context.transaction((state) => {
    const job = jobOf(state, input.JobId)
    const { documents, users } = subjectOf(state, job.subject)
    const opened = actions.prefixes.filter((prefix) => documents.some((document) => opens(document, prefix)))
    return { job, services: opened.map((service) => ({ service, uses: usesOf(state, users, service) })) }
  })
  const { slice, ...rest } = cut(services, input)
  const ServicesLastAccessed = await Promise.all(
    slice.map(async ({ service, uses }) => ({
      ServiceName: await titleOf(actions, service),
      ServiceNamespace: service,
      ...lastOf(uses),
      TotalAuthenticatedEntities: uses.length,
      TrackedActionsLastAccessed: job.granularity === 'ACTION_LEVEL' ? trackedActions(uses) : undefined,
    })),
  )
  return { ...jobShape(job), JobType: job.granularity, ServicesLastAccessed, ...rest }
}

export const getServiceLastAccessedDetailsWithEntities: IamHandler = (input, { state }) => {
  const job = jobOf(state, input.JobId)
  const { users } = subjectOf(state, job.subject)
  const could = users.filter(({ documents }) => documents.some((document) => opens(document, input.ServiceNamespace)))
  const listed = page(could, input, 'EntityDetailsList', ({ entity, kind }) => {
    const used = accessOf(state, entity.id, input.ServiceNamespace)
    return {
      EntityInfo: {
        Arn: state.arn(kind, entity),
        Name: entity.name,
        Type: kind.toUpperCase(),
        Id: entity.id,
        Path: entity.path,
      },
      LastAuthenticated: used && wholeSeconds(used.at),
    }
  })
  return { ...jobShape(job), ...listed }
}

export const listPoliciesGrantingServiceAccess: IamHandler = (input, { state }) => {
  const policies = namedPolicies(state, input.Arn)
  return page(input.ServiceNamespaces as string[], input, 'PoliciesGrantingServiceAccess', (service) => ({
    ServiceNamespace: service,
    Policies: policies.filter(({ document }) => opens(document, service)).map(({ shape }) => shape),
  }))
}

// ---------------------------------------------------------------------------------------------------------------------

interface Owner {
  readonly kind: 'user' | 'role'
  readonly entity: User | Role
  readonly documents: readonly string[]
}

/** What a report is about: the policies that let, and the users and roles whom they let. */
function subjectOf(state: Iam, arn: string): { documents: readonly string[]; users: readonly Owner[] } {
  const match = /^arn:[\w-]+:iam::(\d{12}|aws):(user|role|group|policy)\/(?:.*\/)?([^/]+)$/.exec(arn)
  if (!match || (match[1] !== state.account && match[2] !== 'policy')) throw invalidInput(`Invalid ARN: ${arn}`)
  const [, , kind, name] = match as unknown as [string, string, 'user' | 'role' | 'group' | 'policy', string]
  if (kind === 'user' || kind === 'role') {
    const owner = kind === 'user' ? userOwner(state, findUser(state, name)) : roleOwner(state, findRole(state, name))
    return { documents: owner.documents, users: [owner] }
  }
  if (kind === 'group') {
    const group = findGroup(state, name)
    return {
      documents: documentsOf(state, group),
      users: state.membersOf(group.name).map((user) => userOwner(state, user)),
    }
  }
  const policy = findPolicy(state, arn)
  const holds = ({ attached }: Entity): boolean => attached.includes(arn)
  const inGroups = (user: User): boolean => user.groups.some((each) => holds(state.groups.get(each)!))
  const users = state.users.all().filter((user) => holds(user) || inGroups(user))
  return {
    documents: [defaultVersion(policy)],
    users: [
      ...users.map((user) => userOwner(state, user)),
      ...state.roles
        .all()
        .filter(holds)
        .map((role) => roleOwner(state, role)),
    ],
  }
}

function userOwner(state: Iam, user: User): Owner {
  const groups = user.groups.map((name) => state.groups.get(name)!)
  return { kind: 'user', entity: user, documents: [user, ...groups].flatMap((each) => documentsOf(state, each)) }
}

function roleOwner(state: Iam, role: Role): Owner {
  return { kind: 'role', entity: role, documents: documentsOf(state, role) }
}

function documentsOf(state: Iam, { inline, attached }: Entity): string[] {
  const managed = attached.map((arn) => state.policy(arn)).filter((policy) => policy !== undefined)
  return [...Object.values(inline), ...managed.map(defaultVersion)]
}

interface NamedPolicy {
  readonly shape: object
  readonly document: string
}

/** The policies of a user (and of its groups), role or group. */
function namedPolicies(state: Iam, arn: string): NamedPolicy[] {
  const match = /^arn:[\w-]+:iam::\d{12}:(user|role|group)\/(?:.*\/)?([^/]+)$/.exec(arn)
  if (!match) throw invalidInput(`Invalid ARN: ${arn}`)
  const [, kind, name] = match as unknown as [string, string, string]
  if (kind === 'role') return policiesNamed(state, findRole(state, name), 'ROLE')
  if (kind === 'group') return policiesNamed(state, findGroup(state, name), 'GROUP')
  const user = findUser(state, name)
  return [
    ...policiesNamed(state, user, 'USER'),
    ...user.groups.flatMap((group) => policiesNamed(state, findGroup(state, group), 'GROUP')),
  ]
}

function policiesNamed(state: Iam, holder: Entity, EntityType: string): NamedPolicy[] {
  const inline = Object.entries(holder.inline).map(([PolicyName, document]) => ({
    shape: { PolicyName, PolicyType: 'INLINE', EntityType, EntityName: holder.name },
    document,
  }))
  const managed = holder.attached.flatMap((PolicyArn) => {
    const policy = state.policy(PolicyArn)
    if (!policy) return []
    return [{ shape: { PolicyName: policy.name, PolicyType: 'MANAGED', PolicyArn }, document: defaultVersion(policy) }]
  })
  return [...inline, ...managed]
}

function usesOf(state: Iam, users: readonly Owner[], service: string): Access[] {
  return users.map(({ entity }) => accessOf(state, entity.id, service)).filter((access) => access !== undefined)
}

/** The latest of some accesses. */
function lastOf(uses: readonly Access[]): object {
  const last = uses.toSorted((a, b) => b.at - a.at)[0]
  if (!last) return {}
  const { at, arn, region } = last
  return { LastAuthenticated: wholeSeconds(at), LastAuthenticatedEntity: arn, LastAuthenticatedRegion: region }
}

function trackedActions(uses: readonly Access[]): object[] {
  const last = new Map<string, { at: number; region: string; arn: string }>()
  for (const { arn, actions } of uses)
    for (const [name, { at, region }] of Object.entries(actions))
      if (at > (last.get(name)?.at ?? 0)) last.set(name, { at, region, arn })
  return Array.from(last, ([ActionName, { at, region, arn }]) => ({
    ActionName,
    LastAccessedEntity: arn,
    LastAccessedTime: wholeSeconds(at),
    LastAccessedRegion: region,
  })).toSorted((a, b) => (a.ActionName < b.ActionName ? -1 : 1))
}

function jobOf(state: Iam, id: string): IamJob {
  const job = state.jobs.get(id)
  if (job?.kind !== 'last-accessed') throw noSuchEntity(`Report with JobId ${id} cannot be found.`)
  return job
}
