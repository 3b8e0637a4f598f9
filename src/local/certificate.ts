// With which certificate does `virga local start --tls` serve? One for the names it is called by, signed by an authority
// of its own. Both are made when first asked for and kept in the account's folder, readable by the owner alone:
//
//   tls/ca.pem, tls/ca.key            whom clients are to trust (AWS_CA_BUNDLE)
//   tls/server.pem, tls/server.key    what the server shows
//
// X.509 in DER, written out by hand: https://www.rfc-editor.org/rfc/rfc5280

import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { concat, utf8 } from '../lib/bytes.ts'
import { certificatePem, commonName, der, moment, objectId, sequence } from '../lib/der.ts'
import { Failure } from '../lib/errors.ts'
import { hash } from '../lib/hash.ts'
import { replaceFile } from '../lib/shared-file.ts'

export interface Certificate {
  /** PEM. */
  readonly cert: string
  readonly key: string
  /** The file of the authority. */
  readonly authority: string
}

/** Names and addresses that every server has. */
const usual = [
  'localhost',
  '*.localhost',
  '*.s3.localhost',
  'localhost.localstack.cloud',
  '*.localhost.localstack.cloud',
  '*.s3.localhost.localstack.cloud',
  'host.docker.internal',
  '127.0.0.1',
  '::1',
]

const day = 86_400_000
/** Longer is refused by some clients. */
const serverLife = 397 * day
const authorityLife = 3650 * day
/** What ends sooner is made anew. */
const margin = 30 * day

/** The certificate for the usual names and `more`; made anew when it is not good for these or not for long. */
export function certificateFor(folder: string, more: readonly string[], now = Date.now()): Certificate {
  const place = join(folder, 'tls')
  const at = (name: string): string => join(place, name)
  const names = [...new Set([...usual, ...more])]
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 })
    const crypto = process.getBuiltinModule('node:crypto')
    const read = (name: string): string => readFileSync(at(name), 'utf8')
    const isGood = (name: string): boolean =>
      existsSync(at(`${name}.key`)) &&
      existsSync(at(`${name}.pem`)) &&
      Date.parse(new crypto.X509Certificate(read(`${name}.pem`)).validTo) > now + margin
    const isFor = (name: string): boolean => {
      const shown = new crypto.X509Certificate(read('server.pem'))
      if (addressBytes(name)) return shown.checkIP(name) !== undefined
      return (shown.subjectAltName ?? '').split(', ').includes(`DNS:${name}`)
    }
    if (!isGood('ca')) {
      const keys = newKeys(crypto)
      replaceFile(at('ca.key'), keys.privatePem)
      replaceFile(
        at('ca.pem'),
        certificatePem(made(crypto, { subject: 'Virga local authority', keys, by: undefined, now })),
      )
    }
    const issuer = new crypto.X509Certificate(read('ca.pem'))
    const isOurs = (): boolean => new crypto.X509Certificate(read('server.pem')).verify(issuer.publicKey)
    if (!isGood('server') || !isOurs() || !names.every(isFor)) {
      const keys = newKeys(crypto)
      const by = crypto.createPrivateKey(read('ca.key'))
      replaceFile(at('server.key'), keys.privatePem)
      replaceFile(at('server.pem'), certificatePem(made(crypto, { subject: 'virga local', keys, by, names, now })))
    }
    return { cert: read('server.pem') + read('ca.pem'), key: read('server.key'), authority: at('ca.pem') }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('Local', `cannot make a certificate in ${place}: ${(error as Error).message}`)
  }
}

type NodeCrypto = typeof import('node:crypto')
type PrivateKey = ReturnType<NodeCrypto['createPrivateKey']>

interface Keys {
  readonly privateKey: PrivateKey
  readonly privatePem: string
  /** SubjectPublicKeyInfo. */
  readonly publicDer: Uint8Array
}

function newKeys(crypto: NodeCrypto): Keys {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    privateKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicDer: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
  }
}

interface Wanted {
  readonly subject: string
  readonly keys: Keys
  /** The authority's key; undefined for the authority itself. */
  readonly by: PrivateKey | undefined
  readonly names?: readonly string[]
  readonly now: number
}

function made(crypto: NodeCrypto, { subject, keys, by, names = [], now }: Wanted): Uint8Array {
  const isAuthority = by === undefined
  const authority = by === undefined ? keys.publicDer : publicOf(crypto, by)
  const serial = crypto.randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  const extensions = [
    extension('2.5.29.19', true, sequence(...(isAuthority ? [der(0x01, Uint8Array.of(0xff))] : []))),
    // keyCertSign and cRLSign, or digitalSignature
    extension('2.5.29.15', true, der(0x03, isAuthority ? Uint8Array.of(1, 0x06) : Uint8Array.of(7, 0x80))),
    extension('2.5.29.14', false, der(0x04, hash('sha1', keys.publicDer))),
    extension('2.5.29.35', false, sequence(der(0x80, hash('sha1', authority)))),
    ...(isAuthority
      ? []
      : [
          extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'))),
          extension('2.5.29.17', false, sequence(...names.map(alternativeName))),
        ]),
  ]
  const toSign = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))), // version 3
    der(0x02, serial),
    ecdsaWithSha256(),
    commonName('Virga local authority'),
    sequence(moment(now - day), moment(now + (isAuthority ? authorityLife : serverLife))),
    commonName(subject),
    keys.publicDer,
    der(0xa3, sequence(...extensions)),
  )
  const signature = new Uint8Array(crypto.sign('sha256', toSign, by ?? keys.privateKey))
  return sequence(toSign, ecdsaWithSha256(), der(0x03, concat([Uint8Array.of(0), signature])))
}

function publicOf(crypto: NodeCrypto, key: PrivateKey): Uint8Array {
  return new Uint8Array(crypto.createPublicKey(key as never).export({ type: 'spki', format: 'der' }))
}

function ecdsaWithSha256(): Uint8Array {
  return sequence(objectId('1.2.840.10045.4.3.2'))
}

function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(objectId(id), ...(critical ? [der(0x01, Uint8Array.of(0xff))] : []), der(0x04, value))
}

function alternativeName(name: string): Uint8Array {
  const address = addressBytes(name)
  return address ? der(0x87, address) : der(0x82, utf8(name))
}

function addressBytes(name: string): Uint8Array | undefined {
  if (/^\d+(\.\d+){3}$/.test(name)) return Uint8Array.from(name.split('.').map(Number))
  if (!name.includes(':')) return undefined
  const [head = '', tail] = name.split('::') as [string, string | undefined]
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((each) => parseInt(each, 16)))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}
