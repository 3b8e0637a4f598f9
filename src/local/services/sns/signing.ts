// How can a receiver tell that a message is ours? By a signature of some of its members, in the order of their names,
// and the certificate that SigningCertURL names: made once for the account, served at /_virga/sns/….
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html

import { concat } from '../../../lib/bytes.ts'
import { certificatePem, commonName, der, moment, objectId, sequence } from '../../../lib/der.ts'
import type { Sns } from './state.ts'

export interface SigningKeys {
  /** PEM, all of them. */
  readonly key: string
  readonly certificate: string
  /** What the certificate's file is called. */
  readonly name: string
}

const nodeCrypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto')

/** The keys; made when first asked for. */
export async function signingKeys(transaction: <T>(body: (state: Sns) => T) => Promise<T>): Promise<SigningKeys> {
  const known = await transaction((state) => state.signingKeys<SigningKeys>())
  if (known) return known
  const made = await newKeys()
  // Another process may have been first.
  return transaction((state) => {
    const first = state.signingKeys<SigningKeys>()
    if (first) return first
    state.putSigningKeys(made)
    return made
  })
}

/** Takes a while, in which others are served. */
async function newKeys(): Promise<SigningKeys> {
  const crypto = nodeCrypto()
  const { privateKey, publicKey } = await new Promise<{ privateKey: PrivateKey; publicKey: PrivateKey }>(
    (resolve, reject) =>
      crypto.generateKeyPair('rsa', { modulusLength: 2048 }, (error, publicKey, privateKey) =>
        error ? reject(error) : resolve({ privateKey, publicKey }),
      ),
  )
  const certificate = ownCertificate(privateKey, new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })))
  const name = `SimpleNotificationService-${crypto.createHash('md5').update(certificate).digest('hex')}.pem`
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate, name }
}

type PrivateKey = ReturnType<typeof import('node:crypto').createPrivateKey>

const day = 86_400_000

/** Signed by itself, good for ten years. */
function ownCertificate(privateKey: PrivateKey, publicDer: Uint8Array): string {
  const crypto = nodeCrypto()
  const serial = crypto.randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  const sha256WithRsa = sequence(objectId('1.2.840.113549.1.1.11'), der(0x05, new Uint8Array(0)))
  const name = commonName('sns.amazonaws.com')
  const toSign = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))), // version 3
    der(0x02, serial),
    sha256WithRsa,
    name,
    sequence(moment(Date.now() - day), moment(Date.now() + 3650 * day)),
    name,
    publicDer,
  )
  const signature = new Uint8Array(crypto.sign('sha256', toSign, privateKey))
  return certificatePem(sequence(toSign, sha256WithRsa, der(0x03, concat([Uint8Array.of(0), signature]))))
}

const signed = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type']

/** `version` 1 signs with SHA-1, 2 with SHA-256. */
export function signatureOf(
  document: Readonly<Record<string, unknown>>,
  version: string,
  { key }: SigningKeys,
): string {
  const lines = signed
    .filter((name) => document[name] !== undefined)
    .map((name) => `${name}\n${String(document[name])}\n`)
  return nodeCrypto()
    .sign(version === '2' ? 'sha256' : 'sha1', Buffer.from(lines.join('')), key)
    .toString('base64')
}
