// What does an encoded authorization message hold? The details of a refusal, sealed, with the account that may decode it.

import { fromBase64, toBase64, utf8 } from '../../lib/bytes.ts'
import type { AuthorizationDetails } from '../../policy/authorization-details.ts'
import type { Rows } from '../store/store.ts'
import { seal, unseal } from './seal.ts'
import { masterSecret } from './sessions.ts'

const header = utf8('auth-msg1')

/** In the alphabet of URLs, different each time. */
export function sealMessage(rows: Rows, account: string, details: AuthorizationDetails): string {
  const sealed = seal(masterSecret(rows), header, JSON.stringify([account, details]))
  return inUrl(sealed)
}

function inUrl(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The details as JSON text; undefined for what was not sealed here, or for another account. */
export function openMessage(rows: Rows, account: string, encoded: string): string | undefined {
  const sealed = toBase64(fromBase64(encoded.replaceAll('-', '+').replaceAll('_', '/')))
  // One message, one text: what base64 reads leniently is not what was handed out.
  if (inUrl(sealed) !== encoded) return undefined
  const plain = unseal(masterSecret(rows), header, sealed)
  if (plain === undefined) return undefined
  const [owner, details] = JSON.parse(plain) as [string, AuthorizationDetails]
  return owner === account ? JSON.stringify(details) : undefined
}
