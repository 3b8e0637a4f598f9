// The access report of an organization: which services its policies leave open at a root, unit or account, and when they
// were last used below it.

import { accountsBelow, Organizations, type Organization } from '../../../accounts/organizations.ts'
import { opens, shuts } from '../../../accounts/granted-services.ts'
import type { Access, IamJob } from '../../../accounts/records.ts'
import type { SlowHandler } from '../../../service.ts'
import { invalidInput, noSuchEntity } from '../errors.ts'
import { cut } from '../paging.ts'
import { wholeSeconds } from '../present.ts'
import { jobShape, titleOf } from '../reports.ts'
import type { Iam, IamHandler } from '../state.ts'

export const generateOrganizationsAccessReport: IamHandler = (input, { state, clock, account }) => {
  const organizations = new Organizations(state.rows)
  const organization = organizations.of(account)
  if (organization?.management !== account || !targetIn(organizations, organization, input.EntityPath))
    throw invalidInput(`EntityPath ${input.EntityPath} is not in an organization that this account manages.`)
  const job: IamJob = {
    id: crypto.randomUUID(),
    kind: 'organizations-report',
    created: clock().getTime(),
    subject: input.EntityPath,
    policyId: input.OrganizationsPolicyId,
  }
  state.jobs.put(job)
  return { JobId: job.id }
}

/** The last part of a path that is one; undefined for any other. */
function targetIn(organizations: Organizations, organization: Organization, path: string): string | undefined {
  const target = path.replace(/\/$/, '').split('/').at(-1)!
  const known = target === organization.root || organizations.units.get(target) || organizations.members.get(target)
  const whole = known && organizations.pathOf(organization, target).replace(/\/$/, '')
  return whole === path.replace(/\/$/, '') ? target : undefined
}

export const getOrganizationsAccessReport: SlowHandler<Iam> = async (input, context) => {
  const actions = await context.models.actions()
  const { job, services } = await context.transaction((state) => {
    const job = state.jobs.get(input.JobId)
    if (job?.kind !== 'organizations-report') throw noSuchEntity(`Report with JobId ${input.JobId} cannot be found.`)
    return { job, services: openServices(state, job, actions.prefixes) }
  })
  const sorted = services.toSorted(order(input.SortKey))
  const { slice, ...rest } = cut(sorted, input)
  const AccessDetails = await Promise.all(
    slice.map(async ({ service, last, path, entities }) => ({
      ServiceName: await titleOf(actions, service),
      ServiceNamespace: service,
      Region: last?.region,
      EntityPath: last && path,
      LastAuthenticatedTime: last && wholeSeconds(last.at),
      TotalAuthenticatedEntities: entities,
    })),
  )
  return {
    ...jobShape(job),
    NumberOfServicesAccessible: services.length,
    NumberOfServicesNotAccessed: services.filter(({ last }) => !last).length,
    AccessDetails,
    ...rest,
  }
}

interface OpenService {
  readonly service: string
  readonly last?: Access
  readonly path?: string
  /** How many accounts used it. */
  readonly entities: number
}

/** The services that every level's policies leave open; of one policy alone, where the report is about that. */
function openServices(state: Iam, job: IamJob, prefixes: readonly string[]): OpenService[] {
  const organizations = new Organizations(state.rows)
  const organization = organizations.of(state.account)
  const target = organization && targetIn(organizations, organization, job.subject)
  if (!organization || !target) throw noSuchEntity(`Entity ${job.subject} cannot be found.`)
  const levels = levelsOf(organizations, organization, target, job.policyId)
  const isOpen = (service: string): boolean =>
    levels.every(
      (documents) =>
        documents.some((document) => opens(document, service)) &&
        !documents.some((document) => shuts(document, service)),
    )
  const members = accountsBelow(organizations, organization, target)
  return prefixes.filter(isOpen).map((service) => {
    const uses = members.flatMap(({ id }) => {
      const last = state
        .of(id)
        .accesses.all()
        .filter((access) => access.key.endsWith(` ${service}`))
        .toSorted((a, b) => b.at - a.at)[0]
      return last ? [{ last, path: organizations.pathOf(organization, id).replace(/\/$/, '') }] : []
    })
    return { service, ...uses.toSorted((a, b) => b.last.at - a.last.at)[0], entities: uses.length }
  })
}

function levelsOf(
  organizations: Organizations,
  organization: Organization,
  target: string,
  policyId: string | undefined,
): string[][] {
  const type = 'SERVICE_CONTROL_POLICY'
  const policies = organizations.policiesOf(organization).filter((policy) => policy.type === type)
  if (policyId !== undefined)
    return [policies.filter((policy) => policy.id === policyId).map((policy) => policy.content)]
  if (!organization.policyTypes.includes(type)) return []
  return organizations
    .levelsOf(organization, target)
    .map((level) => policies.filter((policy) => policy.targets.includes(level)).map((policy) => policy.content))
}

function order(key = 'SERVICE_NAMESPACE_ASCENDING'): (a: OpenService, b: OpenService) => number {
  const sign = key.endsWith('DESCENDING') ? -1 : 1
  return key.startsWith('SERVICE')
    ? (a, b) => sign * (a.service < b.service ? -1 : 1)
    : (a, b) => sign * ((a.last?.at ?? 0) - (b.last?.at ?? 0))
}
