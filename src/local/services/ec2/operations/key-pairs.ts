// Key pairs: the private half is told once and not kept.

import { AwsError } from '../../../../lib/errors.ts'
import { fromBase64, isBase64, text } from '../../../../lib/bytes.ts'
import { describe, untagged } from '../describe.ts'
import { invalidParameter, missingParameter, need, oneOf } from '../errors.ts'
import { makeKey, readPublicKey } from '../key-material.ts'
import type { KeyPair } from '../records.ts'
import { moment } from '../ids.ts'
import type { Ec2, Ec2Handler, Ec2SlowHandler } from '../state.ts'
import { tagsFor } from '../tags.ts'

function checkFree(state: Ec2, name: string): void {
  if (name.length > 255) throw invalidParameter('KeyName', name, 'Length exceeds maximum of 255.')
  if (keyNamed(state, name)) throw new AwsError('InvalidKeyPair.Duplicate', `The keypair already exists`)
}

export function keyNamed(state: Ec2, name: string): KeyPair | undefined {
  return state.keyPairs.all().find((each) => each.KeyName === name)
}

/** Making a key takes a while: not within a transaction. */
export const createKeyPair: Ec2SlowHandler = async (input, { transaction }) => {
  need(input, 'KeyName')
  const { KeyName } = input
  const KeyType = oneOf('keyType', input.KeyType, ['rsa', 'ed25519']) ?? 'rsa'
  const format = oneOf('keyFormat', input.KeyFormat, ['pem', 'ppk']) ?? 'pem'
  const Tags = tagsFor(input, 'key-pair')
  await transaction((state) => checkFree(state, KeyName))
  const made = await makeKey(KeyType, format, KeyName)
  return transaction((state) => {
    checkFree(state, KeyName)
    const { KeyPairId, KeyFingerprint } = state.keyPairs.add({
      KeyName,
      KeyType,
      KeyFingerprint: made.fingerprint,
      CreateTime: moment(state.now),
      publicKey: made.publicKey,
      Tags,
    })
    return untagged({ KeyFingerprint, KeyMaterial: made.material, KeyName, KeyPairId, Tags })
  })
}

export const importKeyPair: Ec2Handler = (input, { state }) => {
  need(input, 'KeyName')
  if (input.PublicKeyMaterial === undefined) throw missingParameter('PublicKeyMaterial')
  checkFree(state, input.KeyName)
  const given = text(input.PublicKeyMaterial)
  // Some clients encode it once too often.
  const body = isBase64(given) && !given.includes(' ') ? text(fromBase64(given)) : given
  const key = readPublicKey(body) ?? readPublicKey(given)
  if (!key) throw new AwsError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format')
  const { KeyFingerprint, KeyName, KeyPairId, Tags } = state.keyPairs.add({
    KeyName: input.KeyName,
    KeyType: key.type,
    KeyFingerprint: key.fingerprint,
    CreateTime: moment(state.now),
    publicKey: (readPublicKey(body) ? body : given).trim(),
    Tags: tagsFor(input, 'key-pair'),
  })
  return { KeyFingerprint, KeyName, KeyPairId, Tags }
}

export const describeKeyPairs: Ec2Handler = (input, { state }) => {
  const names: string[] = input.KeyNames ?? []
  const named = names.map((name) => {
    const found = keyNamed(state, name)
    if (!found) throw state.keyPairs.kind.missing([name])
    return found.KeyPairId
  })
  return describe(
    state.keyPairs,
    { ...input, KeyPairIds: [...(input.KeyPairIds ?? []), ...named] },
    {
      ids: 'KeyPairIds',
      list: 'KeyPairs',
      filters: {
        fingerprint: 'KeyFingerprint',
        'key-name': 'KeyName',
        'key-pair-id': 'KeyPairId',
        'key-type': 'KeyType',
      },
      shown: (pair) => (input.IncludePublicKey ? { ...pair, PublicKey: `${pair.publicKey}\n` } : pair),
    },
  )
}

/** No error where there is none. */
export const deleteKeyPair: Ec2Handler = (input, { state }) => {
  const { KeyName, KeyPairId } = input
  if (KeyName === undefined && KeyPairId === undefined) throw missingParameter('KeyName')
  const found = KeyPairId === undefined ? keyNamed(state, KeyName) : state.keyPairs.get(KeyPairId)
  if (found) state.keyPairs.delete(found)
  return { Return: true, ...(found && { KeyPairId: found.KeyPairId }) }
}
