// Which accounts belong together, and which policies does that lay on them? Organizations, their units and control
// policies: rows of the namespace `iam`, so that a decision has them at hand.

import type { Context, PolicySource } from '../../policy/types.ts'
import type { Rows } from '../store/store.ts'
import { Table } from './identities.ts'
import type { Tag } from './records.ts'

export type ControlType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY'

export interface Organization {
  /** o-… */
  id: string
  /** The management account. */
  management: string
  created: number
  features: 'ALL' | 'CONSOLIDATED_BILLING'
  /** r-… */
  root: string
  rootTags: Tag[]
  /** The types of policies that are switched on. */
  policyTypes: string[]
  /** Services that may work in all accounts, and since when. */
  services: Record<string, number>
  delegates: { account: string; service: string; since: number }[]
  resourcePolicy?: { id: string; content: string; tags: Tag[] }
  /** Root of member accounts in the hands of the management account. */
  rootFeatures: ('RootCredentialsManagement' | 'RootSessions')[]
  /** How much was made in it. */
  made?: number
}

/** What is listed in the order in which it was made. */
interface Made {
  /** Its number among all that was made in the organization; AWS's own come first. */
  made?: number
}

export interface Member extends Made {
  /** The account. */
  id: string
  organization: string
  name: string
  email: string
  status: 'ACTIVE' | 'SUSPENDED'
  joined: 'CREATED' | 'INVITED'
  since: number
  /** r-… or ou-… */
  parent: string
  tags: Tag[]
}

export interface Unit extends Made {
  /** ou-… */
  id: string
  organization: string
  name: string
  parent: string
  tags: Tag[]
}

export interface OrganizationPolicy extends Made {
  /** p-… */
  id: string
  organization: string
  name: string
  description: string
  type: string
  content: string
  managed: boolean
  /** Ids of roots, units and accounts. */
  targets: string[]
  /** Since when, by target (milliseconds): in the order of their attachment, and of former ones, too. */
  attached?: Record<string, number>
  /** When its content last became another (milliseconds). */
  updated?: number
  tags: Tag[]
}

export interface CreationStatus extends Made {
  /** car-… */
  id: string
  organization: string
  name: string
  requested: number
  state: 'SUCCEEDED' | 'FAILED'
  account?: string
  reason?: string
}

export interface Handshake extends Made {
  /** h-… */
  id: string
  organization: string
  action: 'INVITE' | 'ENABLE_ALL_FEATURES' | 'APPROVE_ALL_FEATURES'
  state: 'REQUESTED' | 'OPEN' | 'CANCELED' | 'ACCEPTED' | 'DECLINED'
  /** The account that must agree. */
  account: string
  /** As it was addressed. */
  target: { Id: string; Type: 'ACCOUNT' | 'EMAIL' | 'ORGANIZATION' }
  requested: number
  expires: number
  notes?: string
  tags: Tag[]
}

export class Organizations {
  readonly rows: Rows
  readonly all: Table<Organization>
  readonly members: Table<Member>
  readonly units: Table<Unit>
  readonly policies: Table<OrganizationPolicy>
  readonly creations: Table<CreationStatus>
  readonly handshakes: Table<Handshake>

  constructor(rows: Rows) {
    const byId = (record: { id: string }): string => record.id
    this.rows = rows
    this.all = new Table<Organization>(rows, 'organizations', byId)
    this.members = new Table<Member>(rows, 'organization-members', byId)
    this.units = new Table<Unit>(rows, 'organization-units', byId)
    // Those of AWS have the same id in every organization.
    this.policies = new Table<OrganizationPolicy>(rows, 'organization-policies', policyKey)
    this.creations = new Table<CreationStatus>(rows, 'organization-creations', byId)
    this.handshakes = new Table<Handshake>(rows, 'organization-handshakes', byId)
  }

  /** The organization an account is in. */
  of(account: string): Organization | undefined {
    const member = this.members.get(account)
    return member && this.all.get(member.organization)
  }

  policy({ id: organization }: Organization, id: string): OrganizationPolicy | undefined {
    return this.policies.get(policyKey({ organization, id }))
  }

  policiesOf(organization: Organization): OrganizationPolicy[] {
    return madeIn(organization, this.policies)
  }

  membersOf(organization: Organization): Member[] {
    return madeIn(organization, this.members)
  }

  unitsOf(organization: Organization): Unit[] {
    return madeIn(organization, this.units)
  }

  creationsOf(organization: Organization): CreationStatus[] {
    return madeIn(organization, this.creations)
  }

  /** The number of what is made now. */
  nextIn(organization: Organization): number {
    const made = (organization.made ?? 0) + 1
    this.all.update(organization, { made })
    return made
  }

  /** From the root down: `[r-…, ou-…, id]`. */
  levelsOf({ root }: Organization, id: string): string[] {
    const levels = [id]
    for (let at = id; at !== root;) {
      at = (this.units.get(at) ?? this.members.get(at))!.parent
      levels.unshift(at)
    }
    return levels
  }

  /** `o-…/r-…/ou-…/` of a unit or account, which is part of it. */
  pathOf(organization: Organization, id: string): string {
    return [organization.id, ...this.levelsOf(organization, id)].map((level) => `${level}/`).join('')
  }
}

function madeIn<T extends Made & { organization: string }>({ id }: Organization, table: Table<T>): T[] {
  const own = table.all().filter(({ organization }) => organization === id)
  return own.sort((a, b) => (a.made ?? 0) - (b.made ?? 0))
}

function policyKey({ organization, id }: { organization: string; id: string }): string {
  return `${organization}/${id}`
}

/** Lower-case letters and digits, as Organizations' ids end. */
export function newOrganizationsId(prefix: string, length: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz012345'
  const random = crypto.getRandomValues(new Uint8Array(length))
  return `${prefix}-${Array.from(random, (byte) => letters[byte & 31]).join('')}`
}

const typeNames: Record<string, string> = {
  SERVICE_CONTROL_POLICY: 'service_control_policy',
  RESOURCE_CONTROL_POLICY: 'resource_control_policy',
}

export function policyArn({ management }: Organization, policy: OrganizationPolicy): string {
  const type = typeNames[policy.type] ?? policy.type.toLowerCase()
  if (policy.managed) return `arn:aws:organizations::aws:policy/${type}/${policy.id}`
  return `arn:aws:organizations::${management}:policy/${policy.organization}/${type}/${policy.id}`
}

/**
 * The SCPs that bind the principals of an account, or the RCPs that guard its resources, level by level. None for the
 * management account, nor where the type is switched off.
 */
export function controlPolicies(rows: Rows, account: string, type: ControlType): PolicySource[] {
  if (account === '') return []
  const organizations = new Organizations(rows)
  const organization = organizations.of(account)
  if (!organization || organization.management === account || !organization.policyTypes.includes(type)) return []
  const kind = type === 'SERVICE_CONTROL_POLICY' ? 'scp' : 'rcp'
  const policies = organizations.policiesOf(organization).filter((policy) => policy.type === type)
  return organizations.levelsOf(organization, account).flatMap((level) =>
    policies
      .filter((policy) => policy.targets.includes(level))
      .map((policy) => ({
        kind,
        level,
        arn: policyArn(organization, policy),
        name: policy.name,
        attachedTo: level,
        document: policy.content,
      })),
  )
}

/** `aws:PrincipalOrgID` and `aws:PrincipalOrgPaths`, or the same of the resource. */
export function organizationKeys(rows: Rows, account: string, of: 'principal' | 'resource'): Context {
  if (account === '') return {}
  const organizations = new Organizations(rows)
  const organization = organizations.of(account)
  if (!organization) return {}
  const parent = organizations.members.get(account)!.parent
  return { [`aws:${of}orgid`]: organization.id, [`aws:${of}orgpaths`]: [organizations.pathOf(organization, parent)] }
}

/** Whether both accounts are in one organization. */
export function sameOrganization(rows: Rows, one: string, other: string): boolean {
  const { members } = new Organizations(rows)
  const organization = members.get(one)?.organization
  return organization !== undefined && organization === members.get(other)?.organization
}

/** The members in a root or unit and the units below it, or the one member. */
export function accountsBelow(organizations: Organizations, organization: Organization, target: string): Member[] {
  return organizations
    .membersOf(organization)
    .filter(({ id }) => organizations.levelsOf(organization, id).includes(target))
}

/** Nobody in a closed account can do anything. */
export function isClosed(rows: Rows, account: string): boolean {
  return new Organizations(rows).members.get(account)?.status === 'SUSPENDED'
}
