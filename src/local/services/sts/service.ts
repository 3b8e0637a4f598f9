// STS: identities and temporary credentials.

import { inEffect } from '../../accounts/consistency.ts'
import { Identities } from '../../accounts/identities.ts'
import { defineService } from '../../service.ts'
import { assumeRole } from './operations/assume-role.ts'
import { assumeRoleWithSAML } from './operations/assume-role-with-saml.ts'
import { assumeRoleWithWebIdentity } from './operations/assume-role-with-web-identity.ts'
import { assumeRoot } from './operations/assume-root.ts'
import { decodeAuthorizationMessage, getAccessKeyInfo, getCallerIdentity } from './operations/identity.ts'
import { getFederationToken, getSessionToken } from './operations/sessions.ts'
import { getWebIdentityToken } from './operations/web-identity-token.ts'
import { denial, permissions, policiesOf } from './permissions.ts'
import type { Sts } from './state.ts'

export const sts = defineService<Sts>({
  name: 'sts',
  scope: 'global',
  namespace: 'iam',
  state: (all, { account, clock }) => {
    const rows = inEffect(all, clock().getTime())
    return { rows, identities: new Identities(rows, account) }
  },
  permissions,
  policiesOf,
  denial,
  operations: {
    AssumeRole: assumeRole,
    AssumeRoot: assumeRoot,
    DecodeAuthorizationMessage: decodeAuthorizationMessage,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetFederationToken: getFederationToken,
    GetSessionToken: getSessionToken,
    GetWebIdentityToken: getWebIdentityToken,
  },
  slow: { AssumeRoleWithSAML: assumeRoleWithSAML, AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity },
})
