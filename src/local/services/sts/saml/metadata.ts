// Who is an identity provider, and which keys does it sign with? From the metadata that IAM keeps of it.

import { parseXml, type XmlElement } from '../../../../lib/xml.ts'
import type { PublicKey } from './signature.ts'

export interface Metadata {
  readonly entity: string
  readonly keys: readonly PublicKey[]
}

/** Of metadata that IAM has taken. Certificates that cannot be read are no keys; how long they are valid does not count. */
export function readMetadata(xml: string): Metadata {
  const root = parseXml(xml)
  const signing = inside([root], 'IDPSSODescriptor', 'KeyDescriptor').filter(
    ({ attributes }) => attributes?.['use'] !== 'encryption',
  )
  const certificates = inside(signing, 'KeyInfo', 'X509Data', 'X509Certificate')
  return { entity: root.attributes!['entityID']!, keys: certificates.flatMap(({ text }) => keyOf(text) ?? []) }
}

function inside(elements: readonly XmlElement[], ...path: readonly string[]): XmlElement[] {
  return path.reduce<XmlElement[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
    [...elements],
  )
}

function keyOf(base64: string): PublicKey | undefined {
  try {
    const { X509Certificate } = process.getBuiltinModule('node:crypto')
    const body = base64.replace(/\s+/g, '')
    return new X509Certificate(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`).publicKey
  } catch {
    return undefined
  }
}
