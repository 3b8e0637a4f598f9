// How is a key pair made, how is its public half read, and what is its fingerprint?
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html

import { concat, fromBase64, text, toBase64, toBase64Url, utf8 } from '../../../lib/bytes.ts'
import { hash, hmac } from '../../../lib/hash.ts'
import { field, fieldsOf, positive, unsigned } from '../../../lib/ssh-wire.ts'

type Crypto = typeof import('node:crypto')
type KeyObject = ReturnType<Crypto['createPublicKey']>

const crypto = (): Crypto => process.getBuiltinModule('node:crypto')

export interface MadeKey {
  /** What is told once: PEM or PPK. */
  readonly material: string
  /** `ssh-rsa AAAA…` */
  readonly publicKey: string
  readonly fingerprint: string
}

export async function makeKey(type: 'rsa' | 'ed25519', format: 'pem' | 'ppk', comment: string): Promise<MadeKey> {
  return type === 'rsa' ? madeRsa(format, comment) : madeEd25519(format, comment)
}

async function madeRsa(format: 'pem' | 'ppk', comment: string): Promise<MadeKey> {
  const { privateKey, publicKey } = await new Promise<{ privateKey: KeyObject; publicKey: KeyObject }>(
    (resolve, reject) =>
      crypto().generateKeyPair('rsa', { modulusLength: 2048 }, (error, publicKey, privateKey) =>
        error ? reject(error) : resolve({ publicKey, privateKey }),
      ),
  )
  const blob = rsaBlob(publicKey)
  // Of keys that AWS makes: SHA-1 of the private key.
  const fingerprint = colons(hash('sha1', privateKey.export({ type: 'pkcs8', format: 'der' }) as Uint8Array))
  const secret = privateKey.export({ format: 'jwk' }) as Record<'d' | 'p' | 'q' | 'qi', string>
  const material =
    format === 'pem'
      ? (privateKey.export({ type: 'pkcs1', format: 'pem' }) as string)
      : ppk(
          'ssh-rsa',
          blob,
          concat(['d', 'p', 'q', 'qi'].map((name) => field(positive(fromBase64(secret[name as 'd']))))),
          comment,
        )
  return { material, publicKey: `ssh-rsa ${toBase64(blob)} ${comment}`, fingerprint }
}

async function madeEd25519(format: 'pem' | 'ppk', comment: string): Promise<MadeKey> {
  const { privateKey } = crypto().generateKeyPairSync('ed25519')
  const { x, d } = privateKey.export({ format: 'jwk' }) as { x: string; d: string }
  const [open, seed] = [fromBase64(x), fromBase64(d)]
  const blob = edBlob(open)
  const material = format === 'pem' ? openSsh(blob, seed, open) : ppk('ssh-ed25519', blob, field(seed), comment)
  return { material, publicKey: `ssh-ed25519 ${toBase64(blob)} ${comment}`, fingerprint: sha256Fingerprint(blob) }
}

export interface ReadKey {
  readonly type: 'rsa' | 'ed25519'
  readonly fingerprint: string
}

/** The public key that somebody brings, as OpenSSH, PEM or RFC 4716 have it; undefined for anything else. */
export function readPublicKey(given: string): ReadKey | undefined {
  try {
    const body = given.trim()
    if (body.startsWith('-----BEGIN ')) return described(crypto().createPublicKey(body))
    if (body.startsWith('---- BEGIN SSH2')) return readBlob(fromBase64(rfc4716(body)))
    const [type, encoded] = body.split(/\s+/)
    return type === 'ssh-rsa' || type === 'ssh-ed25519' ? readBlob(fromBase64(encoded ?? '')) : undefined
  } catch {
    return undefined
  }
}

function rfc4716(body: string): string {
  const lines = body.split(/\r?\n/).slice(1, -1)
  return lines.filter((line) => !line.includes(':')).join('')
}

function readBlob(blob: Uint8Array): ReadKey | undefined {
  const fields = fieldsOf(blob)
  const type = text(fields[0] ?? new Uint8Array())
  if (type === 'ssh-ed25519' && fields[1]?.length === 32)
    return { type: 'ed25519', fingerprint: sha256Fingerprint(blob) }
  if (type !== 'ssh-rsa' || fields.length !== 3) return undefined
  const key = { kty: 'RSA', e: toBase64Url(unsigned(fields[1]!)), n: toBase64Url(unsigned(fields[2]!)) }
  return described(crypto().createPublicKey({ key, format: 'jwk' }))
}

function described(key: KeyObject): ReadKey | undefined {
  if (key.asymmetricKeyType === 'ed25519') {
    const { x } = key.export({ format: 'jwk' }) as { x: string }
    return { type: 'ed25519', fingerprint: sha256Fingerprint(edBlob(fromBase64(x))) }
  }
  if (key.asymmetricKeyType !== 'rsa') return undefined
  // Of keys that are brought: MD5 of the public key.
  return { type: 'rsa', fingerprint: colons(hash('md5', key.export({ type: 'spki', format: 'der' }) as Uint8Array)) }
}

/** What only the holder of the private key reads, base64: PKCS #1 v1.5. Undefined where the key is no RSA key. */
export function sealedFor(publicKey: string, secret: string): string | undefined {
  const [type, encoded] = publicKey.trim().split(/\s+/)
  if (type !== 'ssh-rsa') return undefined
  const [, e, n] = fieldsOf(fromBase64(encoded!))
  const key = crypto().createPublicKey({
    key: { kty: 'RSA', e: toBase64Url(unsigned(e!)), n: toBase64Url(unsigned(n!)) },
    format: 'jwk',
  })
  return toBase64(crypto().publicEncrypt({ key, padding: crypto().constants.RSA_PKCS1_PADDING }, utf8(secret)))
}

// --- SSH's own writing: fields with their length before them (RFC 4251 §5) --------------------------------------------

function rsaBlob(key: KeyObject): Uint8Array {
  const { e, n } = key.export({ format: 'jwk' }) as { e: string; n: string }
  return concat([field(utf8('ssh-rsa')), field(positive(fromBase64(e))), field(positive(fromBase64(n)))])
}

function edBlob(open: Uint8Array): Uint8Array {
  return concat([field(utf8('ssh-ed25519')), field(open)])
}

/** https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key */
function openSsh(blob: Uint8Array, seed: Uint8Array, open: Uint8Array): string {
  const check = globalThis.crypto.getRandomValues(new Uint8Array(4))
  const secret = concat([
    check,
    check,
    field(utf8('ssh-ed25519')),
    field(open),
    field(concat([seed, open])),
    field(new Uint8Array()),
  ])
  const padding = Uint8Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1)
  const whole = concat([
    utf8('openssh-key-v1\0'),
    field(utf8('none')),
    field(utf8('none')),
    field(new Uint8Array()),
    Uint8Array.of(0, 0, 0, 1),
    field(blob),
    field(concat([secret, padding])),
  ])
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${wrapped(toBase64(whole), 70)}\n-----END OPENSSH PRIVATE KEY-----\n`
}

/** PuTTY's own file, version 2. https://the.earth.li/~sgtatham/putty/0.81/htmldoc/AppendixC.html */
function ppk(type: string, open: Uint8Array, secret: Uint8Array, comment: string): string {
  const signed = concat([utf8(type), utf8('none'), utf8(comment), open, secret].map((each) => field(each)))
  const mac = hmac('sha1', hash('sha1', utf8('putty-private-key-file-mac-key')), signed)
  const lines = (bytes: Uint8Array): string[] => wrapped(toBase64(bytes), 64).split('\n')
  const [openLines, secretLines] = [lines(open), lines(secret)]
  return [
    `PuTTY-User-Key-File-2: ${type}`,
    'Encryption: none',
    `Comment: ${comment}`,
    `Public-Lines: ${openLines.length}`,
    ...openLines,
    `Private-Lines: ${secretLines.length}`,
    ...secretLines,
    `Private-MAC: ${Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join('')}`,
    '',
  ].join('\n')
}

function wrapped(line: string, width: number): string {
  return line.match(new RegExp(`.{1,${width}}`, 'g'))!.join('\n')
}

function sha256Fingerprint(blob: Uint8Array): string {
  return toBase64(hash('sha256', blob))
}

function colons(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':')
}
