// Tags of everything that can have them: the same three operations for each.

import type { Tag } from '../../../accounts/records.ts'
import { invalidInput, limitExceeded } from '../errors.ts'
import { page } from '../paging.ts'
import { quotas } from '../quotas.ts'
import {
  findCertificate,
  findDevice,
  findOidcProvider,
  findOwnPolicy,
  findProfile,
  findRole,
  findSamlProvider,
  findUser,
  type Iam,
  type IamHandler,
} from '../state.ts'

/** Keys of what policies bind do not differ by case alone; those of policies do. */
type Kind = 'policy' | 'entity'

function keyOf({ Key }: Pick<Tag, 'Key'>, kind: Kind): string {
  return kind === 'policy' ? Key : Key.toLowerCase()
}

/** The tags a new entity is given. */
export function checkedTags(tags: readonly Tag[], kind: Kind = 'entity'): Tag[] {
  if (new Set(tags.map((tag) => keyOf(tag, kind))).size < tags.length)
    throw invalidInput(
      kind === 'policy'
        ? 'Duplicate tag keys found.'
        : 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
  // That AWS refuses these is documented; its words were not seen.
  if (tags.some(({ Key }) => /^aws:/i.test(Key)))
    throw invalidInput("Tag keys that begin with 'aws:' are reserved for AWS use.")
  if (tags.length > quotas.TagsPerEntity) throw limitExceeded('The number of tags has reached the maximum limit.')
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}

type Tagged = { tags: Tag[] }

function tagOperations(
  name: string,
  member: string,
  find: (state: Iam, id: string) => Tagged,
  put: (state: Iam, it: any) => void,
  kind: Kind = 'entity',
): Record<string, IamHandler> {
  const tag: IamHandler = (input, { state }) => {
    const entity = find(state, input[member])
    const given = checkedTags(input.Tags, kind)
    const replaced = new Set(given.map((each) => keyOf(each, kind)))
    const tags = checkedTags([...entity.tags.filter((each) => !replaced.has(keyOf(each, kind))), ...given], kind)
    put(state, { ...entity, tags })
  }
  const untag: IamHandler = (input, { state }) => {
    const entity = find(state, input[member])
    const removed = new Set((input.TagKeys as string[]).map((Key) => keyOf({ Key }, kind)))
    put(state, { ...entity, tags: entity.tags.filter((each) => !removed.has(keyOf(each, kind))) })
  }
  const byKey = (a: Tag, b: Tag): number => (a.Key < b.Key ? -1 : 1)
  const list: IamHandler = (input, { state }) => page(find(state, input[member]).tags.toSorted(byKey), input, 'Tags')
  return { [`Tag${name}`]: tag, [`Untag${name}`]: untag, [`List${name}Tags`]: list }
}

export const tags: Record<string, IamHandler> = {
  ...tagOperations('User', 'UserName', findUser, (state, user) => state.users.put(user)),
  ...tagOperations('Role', 'RoleName', findRole, (state, role) => state.roles.put(role)),
  ...tagOperations('Policy', 'PolicyArn', findOwnPolicy, (state, policy) => state.policies.put(policy), 'policy'),
  ...tagOperations('InstanceProfile', 'InstanceProfileName', findProfile, (state, profile) =>
    state.profiles.put(profile),
  ),
  ...tagOperations('ServerCertificate', 'ServerCertificateName', findCertificate, (state, certificate) =>
    state.certificates.put(certificate),
  ),
  ...tagOperations('OpenIDConnectProvider', 'OpenIDConnectProviderArn', findOidcProvider, (state, provider) =>
    state.oidcProviders.put(provider),
  ),
  ...tagOperations('SAMLProvider', 'SAMLProviderArn', findSamlProvider, (state, provider) =>
    state.samlProviders.put(provider),
  ),
  ...tagOperations('MFADevice', 'SerialNumber', findDevice, (state, device) => state.devices.put(device)),
}
