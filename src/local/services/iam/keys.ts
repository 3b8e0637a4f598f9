// What is in this text: a certificate, a private key, a public key of SSH? Bun's own cryptography reads them.

import { concat, fromBase64, text, toBase64, toBase64Url, utf8 } from '../../../lib/bytes.ts'
import { md5 } from '../../../lib/hash.ts'
import { field, fieldsOf, positive, unsigned } from '../../../lib/ssh-wire.ts'

type Crypto = typeof import('node:crypto')
type X509Certificate = InstanceType<Crypto['X509Certificate']>
type KeyObject = ReturnType<Crypto['createPrivateKey']>

/** Loaded when it is needed. */
const crypto = (): Crypto => process.getBuiltinModule('node:crypto')

/** The certificate in a PEM text; undefined for anything else. */
export function readCertificate(pem: string): X509Certificate | undefined {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return undefined
  try {
    return new (crypto().X509Certificate)(pem)
  } catch {
    return undefined
  }
}

/** The certificates of a chain, in their order; undefined where one cannot be read. */
export function readChain(pem: string): X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  const chain = blocks.map(readCertificate)
  return blocks.length > 0 && chain.every((each) => each !== undefined) ? (chain as X509Certificate[]) : undefined
}

/** An unencrypted private key in PEM; undefined for anything else. */
export function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return crypto().createPrivateKey(pem)
  } catch {
    return undefined
  }
}

export interface SshPublicKey {
  /** MD5 of the key, in hexadecimal bytes with colons. */
  readonly fingerprint: string
  /** `ssh-rsa AAAA…` */
  readonly ssh: string
  readonly pem: string
  readonly bits: number
}

/** An RSA key as OpenSSH or PEM writes it; undefined for anything else. */
export function readSshKey(body: string): SshPublicKey | undefined {
  try {
    const words = body.trim().split(/\s+/)
    const jwk = words[0] === 'ssh-rsa' ? jwkOf(fromBase64(words[1] ?? '')) : undefined
    const key = jwk ? crypto().createPublicKey({ key: jwk, format: 'jwk' }) : crypto().createPublicKey(body)
    if (key.asymmetricKeyType !== 'rsa') return undefined
    const { e, n } = key.export({ format: 'jwk' }) as { e: string; n: string }
    const blob = concat([field(utf8('ssh-rsa')), field(positive(fromBase64(e))), field(positive(fromBase64(n)))])
    const fingerprint = Array.from(md5(blob), (byte) => byte.toString(16).padStart(2, '0')).join(':')
    const pem = key.export({ format: 'pem', type: 'spki' }) as string
    return { fingerprint, ssh: `ssh-rsa ${toBase64(blob)}`, pem, bits: fromBase64(n).length * 8 }
  } catch {
    return undefined
  }
}

// RFC 4253 §6.6: string "ssh-rsa", mpint e, mpint n.
function jwkOf(blob: Uint8Array): { kty: 'RSA'; e: string; n: string } | undefined {
  const fields = fieldsOf(blob)
  if (fields.length !== 3 || text(fields[0]!) !== 'ssh-rsa') return undefined
  return { kty: 'RSA', e: toBase64Url(unsigned(fields[1]!)), n: toBase64Url(unsigned(fields[2]!)) }
}
