// Is a text signed by one of CloudTrail's keys? The keys are published, by fingerprint, for the time in which they sign.

import { Failure } from '../../../lib/errors.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import type { Context } from '../command.ts'

/** Fingerprint → key: PKCS #1 or SPKI, DER in base64. */
export type Keys = Map<string, string>

export async function publicKeys(from: Date, to: Date, { call }: Context): Promise<Keys> {
  const { PublicKeyList } = await call('cloudtrail', 'ListPublicKeys', { StartTime: from, EndTime: to })
  return new Map(
    ((PublicKeyList ?? []) as Structure[]).map((key) => [key.Fingerprint as string, base64Of(key.Value as Value)]),
  )
}

function base64Of(value: Value): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value)
}

/** Throws Failure('InvalidValue', detail.key) for a key that is none. @param signature in hex */
export async function isSigned(text: string, signature: string, key: string, type: 'pkcs1' | 'spki'): Promise<boolean> {
  const { createPublicKey, verify } = await import('node:crypto')
  let known
  try {
    known = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type })
  } catch {
    throw new Failure('InvalidValue', 'Unable to load PKCS #1 key', { key: true })
  }
  return verify('sha256', Buffer.from(text), known, Buffer.from(signature, 'hex'))
}

/** Throws Failure('InvalidValue'). */
export async function dateOf(text: string): Promise<Date> {
  const { parseTimestamp, dateOf: asDate } = await import('../../../lib/time.ts')
  try {
    return asDate(parseTimestamp(text))
  } catch {
    throw new Failure('InvalidValue', `Unable to parse date value: ${text}`)
  }
}
