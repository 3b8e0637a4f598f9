// How can a receiver tell that a message is ours? By a signature of some of its members, in the order of their names,
// and the certificate that SigningCertURL names: made once for the account, served at /_virga/sns/….
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html

import { signingCertificate } from '../../certificate.ts'
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
  const made = newKeys()
  // Another process may have been first.
  return transaction((state) => {
    const first = state.signingKeys<SigningKeys>()
    if (first) return first
    state.putSigningKeys(made)
    return made
  })
}

function newKeys(): SigningKeys {
  const crypto = nodeCrypto()
  const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })
  const certificate = signingCertificate('sns.amazonaws.com', privateKey, publicKey)
  const name = `SimpleNotificationService-${crypto.createHash('md5').update(certificate).digest('hex')}.pem`
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate, name }
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
