// Organizations: accounts under one roof, and the policies that bind them.

import { remembering } from '../../accounts/consistency.ts'
import { Organizations } from '../../accounts/organizations.ts'
import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import { accessDenied } from './errors.ts'
import { checked } from './input.ts'
import * as accounts from './operations/accounts.ts'
import * as delegation from './operations/delegation.ts'
import * as handshakes from './operations/handshakes.ts'
import * as organization from './operations/organization.ts'
import * as policies from './operations/policies.ts'
import * as tags from './operations/tags.ts'
import * as units from './operations/units.ts'
import { permissions, policiesOf } from './permissions.ts'

export const organizations = defineService<Organizations>({
  name: 'organizations',
  scope: 'global',
  // Where every decision can look.
  namespace: 'iam',
  state: (rows, { clock }) => new Organizations(remembering(rows, clock().getTime())),
  checked,
  permissions,
  policiesOf,
  // It says no more than this, whoever refuses.
  denial: accessDenied,
  operations: handlersIn(organization, accounts, units, policies, handshakes, delegation, tags),
})
