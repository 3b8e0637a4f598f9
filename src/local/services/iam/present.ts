// Records as IAM's output shapes.

import { trustOf } from '../../accounts/principals.ts'
import type {
  Entity,
  Group,
  InstanceProfile,
  ManagedPolicy,
  PolicyVersion,
  Role,
  Tag,
  User,
} from '../../accounts/records.ts'
import { usesOf, type Iam } from './state.ts'

/** IAM gives every policy document percent-encoded (RFC 3986). */
export function encodedDocument(document: string): string {
  return encodeURIComponent(document).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())
}

/** IAM tells time in whole seconds. */
export function wholeSeconds(moment: number): Date {
  return new Date(Math.floor(moment / 1000) * 1000)
}

export function userShape(state: Iam, user: User): object {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: state.arn('user', user),
    CreateDate: wholeSeconds(user.created),
  }
}

/** What GetUser and CreateUser say beyond ListUsers. */
export function wholeUser(state: Iam, user: User): object {
  return { ...userShape(state, user), PermissionsBoundary: boundaryShape(user), Tags: tagsShape(user.tags) }
}

export function groupShape(state: Iam, group: Group): object {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: state.arn('group', group),
    CreateDate: wholeSeconds(group.created),
  }
}

/** A role as it stands in other things (instance profiles). */
export function briefRole(state: Iam, role: Role): object {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: state.arn('role', role),
    CreateDate: wholeSeconds(role.created),
    AssumeRolePolicyDocument: encodedDocument(trustOf(state, role)),
  }
}

/** What CreateRole says: neither the description nor how long sessions may be, given or not. */
export function newRole(state: Iam, role: Role): object {
  return { ...briefRole(state, role), PermissionsBoundary: boundaryShape(role), Tags: tagsShape(role.tags) }
}

export function roleShape(state: Iam, role: Role): object {
  return { ...briefRole(state, role), Description: role.description, MaxSessionDuration: role.maxSession }
}

/** What GetRole says beyond ListRoles. */
export function wholeRole(state: Iam, role: Role): object {
  return {
    ...roleShape(state, role),
    PermissionsBoundary: boundaryShape(role),
    Tags: tagsShape(role.tags),
    RoleLastUsed: lastUsedShape(role),
  }
}

export function lastUsedShape(role: Role): object {
  return role.lastUsed ? { LastUsedDate: wholeSeconds(role.lastUsed.at), Region: role.lastUsed.region } : {}
}

export function boundaryShape(entity: { boundary?: string }): object | undefined {
  return entity.boundary === undefined
    ? undefined
    : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: entity.boundary }
}

export function tagsShape(tags: readonly Tag[]): readonly Tag[] | undefined {
  return tags.length > 0 ? tags : undefined
}

export function policyShape(state: Iam, policy: ManagedPolicy, uses = usesOf(state, policy.arn)): object {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.default,
    AttachmentCount: uses.attached,
    PermissionsBoundaryUsageCount: uses.bounding,
    IsAttachable: true,
    CreateDate: wholeSeconds(policy.created),
    UpdateDate: wholeSeconds(policy.updated),
  }
}

export function versionShape(policy: ManagedPolicy, version: PolicyVersion, withDocument: boolean): object {
  return {
    Document: withDocument ? encodedDocument(version.document) : undefined,
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.default,
    CreateDate: wholeSeconds(version.created),
  }
}

export function profileShape(state: Iam, profile: InstanceProfile): object {
  const role = profile.role === undefined ? undefined : state.roles.get(profile.role)
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: state.arn('instance-profile', profile),
    CreateDate: wholeSeconds(profile.created),
    Roles: role ? [briefRole(state, role)] : [],
  }
}

export function attachedShape(state: Iam, entity: Entity): { PolicyName: string; PolicyArn: string }[] {
  return entity.attached.map((arn) => ({
    PolicyName: state.policy(arn)?.name ?? arn.slice(arn.lastIndexOf('/') + 1),
    PolicyArn: arn,
  }))
}
