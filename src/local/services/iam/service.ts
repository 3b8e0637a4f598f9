// IAM: what it can do, and what each operation needs.

import { remembering } from '../../accounts/consistency.ts'
import { Identities } from '../../accounts/identities.ts'
import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import * as keys from './operations/access-keys.ts'
import * as account from './operations/account.ts'
import { attachedPolicies } from './operations/attached-policies.ts'
import * as boundaries from './operations/boundaries.ts'
import * as credentialReport from './operations/credential-report.ts'
import * as features from './operations/features.ts'
import * as groups from './operations/groups.ts'
import { inlinePolicies } from './operations/inline-policies.ts'
import * as profiles from './operations/instance-profiles.ts'
import * as lastAccessed from './operations/last-accessed.ts'
import * as login from './operations/login.ts'
import * as policies from './operations/managed-policies.ts'
import * as mfa from './operations/mfa.ts'
import * as oidc from './operations/oidc-providers.ts'
import * as organizationsReport from './operations/organizations-report.ts'
import * as roles from './operations/roles.ts'
import * as saml from './operations/saml-providers.ts'
import * as certificates from './operations/server-certificates.ts'
import * as serviceCredentials from './operations/service-credentials.ts'
import * as serviceLinked from './operations/service-linked-roles.ts'
import * as signing from './operations/signing-certificates.ts'
import * as simulation from './operations/simulate.ts'
import * as ssh from './operations/ssh-keys.ts'
import { tags } from './operations/tags.ts'
import * as users from './operations/users.ts'
import { permissions } from './permissions.ts'
import type { Iam } from './state.ts'

// These two read the service authorization data, which takes time.
const { getServiceLastAccessedDetails, ...advisor } = lastAccessed
const { getOrganizationsAccessReport, ...organizations } = organizationsReport

export const iam = defineService<Iam>({
  name: 'iam',
  scope: 'global',
  state: (rows, { account, clock }) => new Identities(remembering(rows, clock().getTime()), account),
  permissions,
  operations: {
    ...handlersIn(users, keys, groups, roles, profiles, policies, boundaries, login, mfa, account, simulation),
    ...handlersIn(ssh, signing, serviceCredentials, certificates, oidc, saml, serviceLinked),
    ...handlersIn(features, credentialReport, advisor, organizations),
    ...inlinePolicies('User'),
    ...inlinePolicies('Group'),
    ...inlinePolicies('Role'),
    ...attachedPolicies('User'),
    ...attachedPolicies('Group'),
    ...attachedPolicies('Role'),
    ...tags,
  },
  slow: {
    GetServiceLastAccessedDetails: getServiceLastAccessedDetails,
    GetOrganizationsAccessReport: getOrganizationsAccessReport,
  },
})
