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

/** The tags a new entity is given. */
export function checkedTags(tags: readonly Tag[]): Tag[] {
  const keys = tags.map((tag) => tag.Key.toLowerCase())
  if (new Set(keys).size < keys.length)
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  if (tags.length > quotas.TagsPerEntity) throw limitExceeded('The number of tags has reached the maximum limit.')
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}

type Tagged = { tags: Tag[] }

function tagOperations(
  name: string,
  member: string,
  find: (state: Iam, id: string) => Tagged,
  put: (state: Iam, it: any) => void,
): Record<string, IamHandler> {
  const tag: IamHandler = (input, { state }) => {
    const entity = find(state, input[member])
    const given = checkedTags(input.Tags)
    const replaced = new Set(given.map((each) => each.Key.toLowerCase()))
    const tags = checkedTags([...entity.tags.filter((each) => !replaced.has(each.Key.toLowerCase())), ...given])
    put(state, { ...entity, tags })
  }
  const untag: IamHandler = (input, { state }) => {
    const entity = find(state, input[member])
    const removed = new Set((input.TagKeys as string[]).map((key) => key.toLowerCase()))
    put(state, { ...entity, tags: entity.tags.filter((each) => !removed.has(each.Key.toLowerCase())) })
  }
  const list: IamHandler = (input, { state }) => page(find(state, input[member]).tags, input, 'Tags')
  return { [`Tag${name}`]: tag, [`Untag${name}`]: untag, [`List${name}Tags`]: list }
}

export const tags: Record<string, IamHandler> = {
  ...tagOperations('User', 'UserName', findUser, (state, user) => state.users.put(user)),
  ...tagOperations('Role', 'RoleName', findRole, (state, role) => state.roles.put(role)),
  ...tagOperations('Policy', 'PolicyArn', findOwnPolicy, (state, policy) => state.policies.put(policy)),
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
