// SSH public keys, with which users of CodeCommit prove themselves.

import { AwsError } from '../../../../lib/errors.ts'
import { newId } from '../../../accounts/ids.ts'
import type { SshKey, User } from '../../../accounts/records.ts'
import { noSuchEntity, quotaExceeded } from '../errors.ts'
import { readSshKey } from '../keys.ts'
import { page } from '../paging.ts'
import { wholeSeconds } from '../present.ts'
import { quotas } from '../quotas.ts'
import { findUser, userOrSelf, type IamHandler } from '../state.ts'

export const uploadSSHPublicKey: IamHandler = (input, { state, clock }) => {
  const user = findUser(state, input.UserName)
  const key = readSshKey(input.SSHPublicKeyBody)
  if (!key) throw new AwsError('InvalidPublicKey', 'The public key is malformed or otherwise invalid.')
  if (key.bits < 2048) throw new AwsError('InvalidPublicKey', 'The public key must be at least 2048 bits long.')
  const others = user.sshKeys ?? []
  if (others.some((other) => other.fingerprint === key.fingerprint))
    throw new AwsError('DuplicateSSHPublicKey', 'The SSH public key is already associated with the specified IAM user.')
  if (others.length >= quotas.SshKeysPerUser) throw quotaExceeded('SSHPublicKeysPerUser', quotas.SshKeysPerUser)
  const uploaded: SshKey = {
    id: newId('APKA', state.account),
    body: input.SSHPublicKeyBody,
    fingerprint: key.fingerprint,
    status: 'Active',
    uploaded: clock().getTime(),
  }
  state.users.update(user, { sshKeys: [...others, uploaded] })
  return { SSHPublicKey: wholeKey(user, uploaded, uploaded.body) }
}

export const getSSHPublicKey: IamHandler = (input, { state }) => {
  const user = findUser(state, input.UserName)
  const key = keyOf(user, input.SSHPublicKeyId)
  const { ssh, pem } = readSshKey(key.body)!
  return { SSHPublicKey: wholeKey(user, key, input.Encoding === 'PEM' ? pem : ssh) }
}

export const listSSHPublicKeys: IamHandler = (input, context) => {
  const user = userOrSelf(context, input.UserName)
  return page(user?.sshKeys ?? [], input, 'SSHPublicKeys', (key) => shape(user!, key))
}

export const updateSSHPublicKey: IamHandler = (input, { state }) => {
  const user = findUser(state, input.UserName)
  keyOf(user, input.SSHPublicKeyId).status = input.Status
  state.users.put(user)
}

export const deleteSSHPublicKey: IamHandler = (input, { state }) => {
  const user = findUser(state, input.UserName)
  const { id } = keyOf(user, input.SSHPublicKeyId)
  state.users.update(user, { sshKeys: user.sshKeys!.filter((key) => key.id !== id) })
}

function keyOf(user: User, id: string): SshKey {
  const key = user.sshKeys?.find((each) => each.id === id)
  if (!key) throw noSuchEntity(`The Public Key with id ${id} cannot be found.`)
  return key
}

function shape(user: User, { id, status, uploaded }: SshKey): object {
  return { UserName: user.name, SSHPublicKeyId: id, Status: status, UploadDate: wholeSeconds(uploaded) }
}

function wholeKey(user: User, key: SshKey, body: string): object {
  return { ...shape(user, key), Fingerprint: key.fingerprint, SSHPublicKeyBody: body }
}
