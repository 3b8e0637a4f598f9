// S3's request ids: sixteen digits and capitals.

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export function newRequestId(): string {
  let id = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) id += alphabet[byte & 31]
  return id
}
