// What must EC2 know of IAM before it can judge a request? The instance profile that is named, and the role in it.

import { Identities } from '../../accounts/identities.ts'
import type { CallContext } from '../../service.ts'
import type { World } from '../../world.ts'
import { invalidValue } from './errors.ts'

export interface Profile {
  readonly arn: string
  readonly id: string
  readonly name: string
  /** The ARN of the role; undefined where the profile is empty. */
  readonly role?: string
}

interface Learned {
  readonly profiles: readonly Profile[]
}

const none: Learned = { profiles: [] }
const takesProfile = /^(RunInstances|AssociateIamInstanceProfile|ReplaceIamInstanceProfileAssociation)$/

/** The profiles that the account has, where one may be named: by the input, or by a launch template. */
export async function learn(operation: string, input: object, context: CallContext, world: World): Promise<Learned> {
  if (!takesProfile.test(operation) || !('IamInstanceProfile' in input || 'LaunchTemplate' in input)) return none
  return world.identities.transaction((rows) => {
    const identities = new Identities(rows, context.account)
    const profiles = identities.profiles.all().map((profile): Profile => {
      const role = profile.role === undefined ? undefined : identities.roles.get(profile.role)
      return {
        arn: identities.arn('instance-profile', profile),
        id: profile.id,
        name: profile.name,
        ...(role && { role: identities.arn('role', role) }),
      }
    })
    return { profiles }
  })
}

interface Named {
  Arn?: string
  Name?: string
}

export function findProfile({ learned }: Pick<CallContext, 'learned'>, { Arn, Name }: Named): Profile | undefined {
  const { profiles } = (learned as Learned | undefined) ?? none
  return profiles.find((each) => (Arn === undefined ? each.name === Name : each.arn === Arn))
}

/** The profile that is named; undefined where none is. Throws where there is none so named. */
export function profileOf(context: Pick<CallContext, 'learned'>, named: Named | undefined): Profile | undefined {
  if (named?.Arn === undefined && named?.Name === undefined) return undefined
  const found = findProfile(context, named)
  if (found) return found
  const [member, value, what] = named.Arn === undefined ? ['name', named.Name, 'name'] : ['arn', named.Arn, 'ARN']
  throw invalidValue(
    `Value (${value}) for parameter iamInstanceProfile.${member} is invalid. Invalid IAM Instance Profile ${what}`,
  )
}
