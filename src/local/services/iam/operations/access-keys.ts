// Access keys: two a user (and two for root), the secret shown once.

import { AwsError } from '../../../../lib/errors.ts'
import type { AccessKey, User } from '../../../accounts/records.ts'
import { newId, newSecret } from '../../../accounts/ids.ts'
import { noSuchEntity, quotaExceeded } from '../errors.ts'
import { page } from '../paging.ts'
import { wholeSeconds } from '../present.ts'
import { quotas } from '../quotas.ts'
import { userOrSelf, type Iam, type IamContext, type IamHandler } from '../state.ts'

export const createAccessKey: IamHandler = (input, context) => {
  const { state } = context
  const owner = ownerOf(context, input.UserName)
  if (owner.ids.length >= quotas.AccessKeysPerUser) throw quotaExceeded('AccessKeysPerUser', quotas.AccessKeysPerUser)
  const key: AccessKey = {
    id: newId('AKIA', state.account),
    account: state.account,
    user: owner.user?.name ?? '',
    secret: newSecret(),
    status: 'Active',
    created: context.clock().getTime(),
  }
  state.keys.put(key)
  owner.save([...owner.ids, key.id])
  return { AccessKey: { ...shape(key), SecretAccessKey: key.secret } }
}

export const listAccessKeys: IamHandler = (input, context) => {
  const keys = ownerOf(context, input.UserName).ids.map((id) => context.state.keys.get(id)!)
  return page(keys, input, 'AccessKeyMetadata', shape)
}

export const updateAccessKey: IamHandler = (input, context) => {
  const owner = ownerOf(context, input.UserName)
  context.state.keys.put({ ...keyOf(context.state, owner.ids, input.AccessKeyId), status: input.Status })
}

export const deleteAccessKey: IamHandler = (input, context) => {
  const owner = ownerOf(context, input.UserName)
  const { id } = keyOf(context.state, owner.ids, input.AccessKeyId)
  context.state.keys.delete(id)
  owner.save(owner.ids.filter((each) => each !== id))
}

export const getAccessKeyLastUsed: IamHandler = (input, { state, caller }) => {
  const key = state.keys.get(input.AccessKeyId)
  // Of another's key, or none at all, IAM says only this.
  if (!key || key.account !== state.account)
    throw new AwsError(
      'AccessDenied',
      `User: ${caller.principal.principalArn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key ${input.AccessKeyId}`,
      { status: 403 },
    )
  const used = key.lastUsed
  return {
    UserName: key.user || undefined,
    AccessKeyLastUsed: {
      LastUsedDate: used && wholeSeconds(used.at),
      ServiceName: used?.service ?? 'N/A',
      Region: used?.region ?? 'N/A',
    },
  }
}

interface Owner {
  user?: User
  ids: string[]
  save(ids: string[]): void
}

/** The user whose keys are meant, or root. */
function ownerOf(context: IamContext, name: string | undefined): Owner {
  const { state } = context
  const user = userOrSelf(context, name)
  if (user) return { user, ids: user.accessKeys, save: (accessKeys) => state.users.update(user, { accessKeys }) }
  const root = state.settings()
  return { ids: root.accessKeys, save: (accessKeys) => state.accounts.update(root, { accessKeys }) }
}

function keyOf(state: Iam, ids: readonly string[], id: string): AccessKey {
  const key = ids.includes(id) ? state.keys.get(id) : undefined
  if (!key) throw unknownKey(id)
  return key
}

function unknownKey(id: string): Error {
  return noSuchEntity(`The Access Key with id ${id} cannot be found.`)
}

function shape(key: AccessKey): object {
  return {
    UserName: key.user || undefined,
    AccessKeyId: key.id,
    Status: key.status,
    CreateDate: wholeSeconds(key.created),
  }
}
