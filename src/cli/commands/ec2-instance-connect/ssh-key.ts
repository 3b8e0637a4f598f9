// A key pair for one login, in the words of OpenSSH.
// https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key

import { concat, toBase64, utf8 } from '../../../lib/bytes.ts'

const TYPE = 'ssh-ed25519'

/** `publicKey` as in authorized_keys, without a comment; `privateKey` as in ~/.ssh/id_ed25519, without a passphrase. */
export async function newKeyPair(): Promise<{ publicKey: string; privateKey: string }> {
  const { generateKeyPairSync, randomBytes } = await import('node:crypto')
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  return inOpenSsh(seed, point, randomBytes(4))
}

/** @param check four bytes, told twice, by which a reader sees that it deciphered what follows */
export function inOpenSsh(
  seed: Uint8Array,
  point: Uint8Array,
  check: Uint8Array,
): { publicKey: string; privateKey: string } {
  const pub = concat([field(TYPE), field(point)])
  const secret = concat([check, check, pub, field(concat([seed, point])), field('')])
  // Blocks of eight bytes, filled up by 1, 2, 3 …
  const filling = Uint8Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, at) => at + 1)
  const file = concat([
    utf8('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    number(1),
    field(pub),
    field(concat([secret, filling])),
  ])
  const lines = toBase64(file).match(/.{1,70}/g)!
  return {
    publicKey: `${TYPE} ${toBase64(pub)}`,
    privateKey: ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n'),
  }
}

function field(content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === 'string' ? utf8(content) : content
  return concat([number(bytes.length), bytes])
}

function number(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}
