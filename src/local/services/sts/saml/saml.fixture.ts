// An identity provider for tests: its metadata, and assertions that it signs.

import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonical } from '../../../../lib/xml-canonical.ts'
import { parseWholeXml, type XmlElement } from '../../../../lib/xml.ts'
import { account } from '../../../account.fixture.ts'

export const signed = join(import.meta.dirname, 'signed')
const certificate = readFileSync(join(signed, 'certificate.pem'), 'utf8').replace(/-----.*-----|\s/g, '')

export const issuer = 'https://idp.example.com'
export const roleArn = `arn:aws:iam::${account}:role/federated`
export const providerArn = `arn:aws:iam::${account}:saml-provider/idp`

export const metadata =
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${issuer}">` +
  '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">' +
  `<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${certificate}</X509Certificate>` +
  `</X509Data></KeyInfo></KeyDescriptor></IDPSSODescriptor>${' '.repeat(1000)}</EntityDescriptor>`

const assertionNamespace = 'urn:oasis:names:tc:SAML:2.0:assertion'
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const dsig = 'http://www.w3.org/2000/09/xmldsig#'

export interface Said {
  readonly now: number
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>
  readonly issued?: number
  readonly conditions?: string
  readonly confirmation?: string
  readonly subject?: string
  readonly session?: string
  readonly issuer?: string
}

const at = (moment: number): string => new Date(moment).toISOString()
const aws = 'https://aws.amazon.com/SAML/Attributes/'

export function assertionOf(said: Said): string {
  const { now, issued = now, session = '', subject = '<NameID>ana</NameID>' } = said
  const attributes = {
    [`${aws}Role`]: `${roleArn},${providerArn}`,
    [`${aws}RoleSessionName`]: 'ana@example.com',
    ...said.attributes,
  }
  const conditions =
    said.conditions ??
    `<Conditions NotOnOrAfter="${at(now + 300_000)}"><AudienceRestriction><Audience>https://signin.aws.amazon.com/saml` +
      '</Audience></AudienceRestriction></Conditions>'
  const confirmation =
    said.confirmation ??
    `<SubjectConfirmationData NotOnOrAfter="${at(now + 300_000)}" Recipient="https://signin.aws.amazon.com/saml"></SubjectConfirmationData>`
  const statements = Object.entries(attributes).map(([name, values]) => {
    const all = [values].flat().map((value) => `<AttributeValue>${value}</AttributeValue>`)
    return `<Attribute Name="${name}">${all.join('')}</Attribute>`
  })
  return (
    `<Assertion xmlns="${assertionNamespace}" ID="_a1" IssueInstant="${at(issued)}" Version="2.0">` +
    `<Issuer>${said.issuer ?? issuer}</Issuer><Subject>${subject}` +
    `<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">${confirmation}</SubjectConfirmation></Subject>` +
    `${conditions}<AuthnStatement AuthnInstant="${at(now)}"${session}></AuthnStatement>` +
    `<AttributeStatement>${statements.join('')}</AttributeStatement></Assertion>`
  )
}

export const status = (value = 'Success'): string =>
  `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${value}"/></samlp:Status>`

export const responseOf = (inner: string, id = '_r1'): string =>
  `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${id}" Version="2.0">${inner}</samlp:Response>`

/** How a signature may be other than it should. */
export interface Odd {
  readonly key?: KeyObject
  readonly reference?: string
  readonly transforms?: readonly string[]
  readonly digest?: string
  readonly method?: string
}

/** The element with a signature after its first child, over all of it. */
export function withSignature(xml: string, odd: Odd = {}): string {
  const element: XmlElement = parseWholeXml(xml)
  const digest = createHash('sha256').update(canonical(element)).digest('base64')
  const transforms = odd.transforms ?? [`${dsig}enveloped-signature`, exclusive]
  const info =
    `<SignedInfo xmlns="${dsig}"><CanonicalizationMethod Algorithm="${exclusive}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${odd.method ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'}"></SignatureMethod>` +
    `<Reference URI="${odd.reference ?? `#${element.attributes!['ID']}`}"><Transforms>` +
    transforms.map((algorithm) => `<Transform Algorithm="${algorithm}"></Transform>`).join('') +
    `</Transforms><DigestMethod Algorithm="${odd.digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256'}"></DigestMethod>` +
    `<DigestValue>${digest}</DigestValue></Reference></SignedInfo>`
  const key = odd.key ?? createPrivateKey(readFileSync(join(signed, 'key.pem')))
  const value = sign('sha256', Buffer.from(info), key).toString('base64')
  const signature = `<Signature xmlns="${dsig}">${info}<SignatureValue>${value}</SignatureValue></Signature>`
  const end = xml.indexOf('</Issuer>') + '</Issuer>'.length
  return xml.slice(0, end) + signature + xml.slice(end)
}
