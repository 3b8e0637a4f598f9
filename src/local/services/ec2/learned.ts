// What must EC2 know of other services before it can judge a request? The instance profile that is named, and the role in
// it; whether the bucket is there that flow logs shall go to.

import { Identities } from '../../accounts/identities.ts'
import type { CallContext } from '../../service.ts'
import type { World } from '../../world.ts'
import { badCombination, invalidValue } from './errors.ts'

export interface Profile {
  readonly arn: string
  readonly id: string
  readonly name: string
  /** The ARN of the role; undefined where the profile is empty. */
  readonly role?: string
}

interface Learned {
  readonly profiles: readonly Profile[]
  /** The bucket that is named, where there is none so named. */
  readonly noBucket?: string
}

const none: Learned = { profiles: [] }
const takesProfile = /^(RunInstances|AssociateIamInstanceProfile|ReplaceIamInstanceProfileAssociation)$/
const launches = /^(RequestSpotInstances|(Create|Modify)Fleet|RequestSpotFleet|ModifySpotFleetRequest)$/

export async function learn(operation: string, input: object, context: CallContext, world: World): Promise<Learned> {
  return operation === 'CreateFlowLogs'
    ? { ...none, ...(await missingBucket(input, world)) }
    : profilesFor(operation, input, context, world)
}

/** `arn:aws:s3:::bucket/folder/` */
async function missingBucket({ LogDestination }: { LogDestination?: string }, world: World): Promise<Partial<Learned>> {
  const bucket = /^arn:[^:]+:s3:::([^/]+)/.exec(LogDestination ?? '')?.[1]
  if (bucket === undefined) return {}
  const found = await world.store.namespace('s3').transaction((rows) => rows.get('buckets', bucket) !== undefined)
  return found ? {} : { noBucket: bucket }
}

/** Undefined where it is there, or none is named. */
export function noBucket({ learned }: Pick<CallContext, 'learned'>): string | undefined {
  return (learned as Learned | undefined)?.noBucket
}

/** The profiles that the account has, where one may be named: by the input, or by a launch template. */
async function profilesFor(operation: string, input: object, context: CallContext, world: World): Promise<Learned> {
  const names = takesProfile.test(operation) && ('IamInstanceProfile' in input || 'LaunchTemplate' in input)
  if (!names && !launches.test(operation)) return none
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
  if (named.Arn !== undefined && named.Name !== undefined)
    throw badCombination(
      "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'",
    )
  const found = findProfile(context, named)
  if (found) return found
  const [member, value, what] = named.Arn === undefined ? ['name', named.Name, 'name'] : ['arn', named.Arn, 'ARN']
  throw invalidValue(
    `Value (${value}) for parameter iamInstanceProfile.${member} is invalid. Invalid IAM Instance Profile ${what}`,
  )
}
