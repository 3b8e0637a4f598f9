// May a table be encrypted so?

import { invalidValue } from './errors.ts'
import type { Table } from './records.ts'

export interface AskedEncryption {
  Enabled?: boolean
  SSEType?: string
  KMSMasterKeyId?: string
}

/** Throws ValidationException. */
export function checkEncryption(asked: AskedEncryption | undefined): void {
  if (!asked) return
  const { Enabled: enabled = false, SSEType: type, KMSMasterKeyId: key } = asked
  if (!enabled && type !== undefined) throw invalidValue('SSEType can not be specified if Enabled is false')
  if (!enabled && key !== undefined) throw invalidValue('KMSMasterKeyId can not be specified if Enabled is false')
  if (type === 'AES256') throw invalidValue('SSEType AES256 is not supported')
  if (key !== undefined && type === undefined)
    throw invalidValue('SSEType KMS is required if KMSMasterKeyId is specified')
}

export function encryptionOf(asked: AskedEncryption | undefined): Table['encryption'] {
  return asked?.Enabled ? { ...(asked.KMSMasterKeyId !== undefined && { key: asked.KMSMasterKeyId }) } : undefined
}

/** What a table is to have instead; throws ValidationException where that is what it has. */
export function changedEncryption(old: Table['encryption'], asked: AskedEncryption): Table['encryption'] {
  const wanted = encryptionOf(asked)
  if (!old && !wanted) throw invalidValue('Table is already encrypted by default')
  if (old && wanted && old.key === wanted.key)
    throw invalidValue(
      'Table is already encrypted with given KMSMasterKeyId. ' +
        'Use KMSMasterKeyId parameter if you want to change Master Key',
    )
  return wanted
}
