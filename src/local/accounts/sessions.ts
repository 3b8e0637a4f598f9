// What are temporary credentials? A session sealed into its token: nothing is stored, so nothing can be looked up
// without the token, and a session ends by the clock, with its principal, or by policy (aws:TokenIssueTime).

import { hmacSha256 } from '../../lib/hash.ts'
import { fromHex, toBase64, toHex } from '../../lib/bytes.ts'
import type { Session } from '../service.ts'
import type { Rows } from '../store/store.ts'
import { newId } from './ids.ts'
import { seal, unseal } from './seal.ts'

export interface SessionCredentials {
  AccessKeyId: string
  SecretAccessKey: string
  SessionToken: string
  Expiration: Date
}

/** As AWS's own tokens begin: FwoGZXIvYXdz, in base64. */
const header = Uint8Array.of(0x17, 0x0a, 0x06, 0x65, 0x72, 0x2f, 0x61, 0x77, 0x73)

/** Credentials for a session. `rows` are those of the namespace `iam`. */
export function issue(rows: Rows, session: Session): SessionCredentials {
  const secret = masterSecret(rows)
  const id = newId('ASIA', session.accountId)
  return {
    AccessKeyId: id,
    SecretAccessKey: secretOf(secret, id),
    SessionToken: seal(secret, header, JSON.stringify([id, session])),
    Expiration: new Date(session.expires),
  }
}

/** The session of a token and the secret of its key; undefined when the token is not ours or not that key's. */
export function openToken(
  rows: Rows,
  accessKeyId: string,
  token: string,
): { session: Session; secret: string } | undefined {
  const secret = masterSecret(rows)
  const plain = unseal(secret, header, token)
  if (plain === undefined) return undefined
  const [id, session] = JSON.parse(plain) as [string, Session]
  return id === accessKeyId ? { session, secret: secretOf(secret, id) } : undefined
}

function secretOf(master: Uint8Array, accessKeyId: string): string {
  return toBase64(hmacSha256(master, `secret of ${accessKeyId}`).subarray(0, 30))
}

/** The key of everything sealed in this store: made when first needed, gone with a reset. */
export function masterSecret(rows: Rows): Uint8Array {
  const stored = rows.get<string>('world', 'secret')
  if (stored !== undefined) return fromHex(stored)!
  const secret = crypto.getRandomValues(new Uint8Array(32))
  rows.put('world', 'secret', toHex(secret))
  return secret
}
