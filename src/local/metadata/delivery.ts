// How does a machine get the credentials of a role? The service it runs in assumes the role for it: the trust policy must
// name that service. Sessions last six hours; new ones come before the last quarter of an hour.

import { decide } from '../../policy/decide.ts'
import { Identities } from '../accounts/identities.ts'
import { servicePrincipal } from '../accounts/service-callers.ts'
import { issue, type SessionCredentials } from '../accounts/sessions.ts'
import { atItsTime, settingsOf } from '../settings.ts'
import type { World } from '../world.ts'

export interface Recipient {
  readonly account: string
  readonly role: string
  /** `ec2.amazonaws.com` */
  readonly service: string
  readonly sessionName: string
  /** Condition keys that stay with the session: `ec2:RoleDelivery`. */
  readonly keys: Readonly<Record<string, string>>
  /** What the service must be trusted with. */
  readonly actions: readonly string[]
}

export interface Delivered extends SessionCredentials {
  readonly updated: Date
}

const lasts = 6 * 3600 * 1000
const renewedBefore = 15 * 60 * 1000

/** Gives credentials of a role, the same until they are nearly over; undefined where the role does not trust the service. */
export function deliverer(world: World): (recipient: Recipient) => Promise<Delivered | undefined> {
  const given = new Map<string, Delivered>()
  return async (recipient) => {
    const now = atItsTime(world, await settingsOf(world))
      .clock()
      .getTime()
    const name = JSON.stringify(recipient)
    const before = given.get(name)
    if (before && before.Expiration.getTime() - now > renewedBefore) return before
    const fresh = await world.identities.transaction((rows) => {
      const role = new Identities(rows, recipient.account).roles.get(recipient.role)
      if (!role || !trusts(role.trust, recipient, `arn:aws:iam::${recipient.account}:role${role.path}${role.name}`))
        return undefined
      const issued = Math.floor(now / 1000) * 1000
      return issue(rows, {
        kind: 'AssumeRole',
        accountId: recipient.account,
        principalId: role.id,
        principalName: role.name,
        sessionName: recipient.sessionName,
        issued,
        expires: issued + lasts,
        provider: { keys: recipient.keys },
      })
    })
    if (!fresh) return undefined
    const delivered = { ...fresh, updated: new Date(now) }
    given.set(name, delivered)
    return delivered
  }
}

function trusts(trust: string, { service, account, actions }: Recipient, role: string): boolean {
  const principal = servicePrincipal(service)
  return actions.every((action) => {
    const request = {
      principal,
      action,
      resource: role,
      resourceAccountId: account,
      context: { 'aws:sourceaccount': account },
    }
    return decide(request, [{ kind: 'trust', document: trust }]).allowed
  })
}
