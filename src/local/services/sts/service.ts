// STS: identities and temporary credentials.

import { Identities } from '../../accounts/identities.ts'
import { defineService } from '../../service.ts'
import { assumeRole } from './operations/assume-role.ts'
import { decodeAuthorizationMessage, getAccessKeyInfo, getCallerIdentity } from './operations/identity.ts'
import { getFederationToken, getSessionToken } from './operations/sessions.ts'
import { permissions, policiesOf } from './permissions.ts'
import type { Sts } from './state.ts'

export const sts = defineService<Sts>({
  name: 'sts',
  scope: 'global',
  namespace: 'iam',
  state: (rows, { account }) => ({ rows, identities: new Identities(rows, account) }),
  permissions,
  policiesOf,
  operations: {
    AssumeRole: assumeRole,
    DecodeAuthorizationMessage: decodeAuthorizationMessage,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetFederationToken: getFederationToken,
    GetSessionToken: getSessionToken,
  },
})
