// How do identifiers look, and what do they tell? AWS's key ids and unique ids carry the account: after the four-letter
// prefix come 80 bits in base32, of which bits 1 to 40 (from the top, after one set bit) are the account number.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export type IdPrefix =
  | 'AKIA' // access key
  | 'ASIA' // access key of a session
  | 'AIDA' // user
  | 'AROA' // role
  | 'AGPA' // group
  | 'AIPA' // instance profile
  | 'ANPA' // managed policy
  | 'APKA' // SSH public key
  | 'ASCA' // server certificate
  | 'ACCA' // credential of a service

/** 20 characters for keys, 21 for everything else. */
export function newId(prefix: IdPrefix, accountId: string): string {
  const random = crypto.getRandomValues(new Uint8Array(11))
  let bits = (1n << 47n) | (BigInt(accountId) << 7n) | BigInt(random[0]! & 0x7f)
  for (const byte of random.subarray(1, 5)) bits = (bits << 8n) | BigInt(byte)
  let id = ''
  for (let shift = 75n; shift >= 0n; shift -= 5n) id += alphabet[Number((bits >> shift) & 31n)]
  const isKey = prefix === 'AKIA' || prefix === 'ASIA'
  return prefix + id + (isKey ? '' : alphabet[random[5]! & 31])
}

/** The account a key id or unique id was made for; undefined where the id is not of that kind. */
export function accountOf(id: string): string | undefined {
  if (!/^A[A-Z]{3}[A-Z2-7]{16,17}$/.test(id)) return undefined
  let bits = 0n
  for (const letter of id.slice(4, 14)) bits = (bits << 5n) | BigInt(alphabet.indexOf(letter))
  // Ten letters are 50 bits; the first 48 hold one flag, the account and seven random bits.
  const account = ((bits >> 2n) & 0x7fffffffff80n) >> 7n
  return account > 999_999_999_999n ? undefined : String(account).padStart(12, '0')
}

/** Upper-case letters and digits, as certificates and keys of SAML providers are called. */
export function newToken(length: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => alphabet[byte & 31]).join('')
}

/** Forty characters of base64, as AWS's secrets are. */
export function newSecret(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(30))))
}
