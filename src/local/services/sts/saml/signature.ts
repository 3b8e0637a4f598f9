// Which part of a SAML response has the provider signed? A part of XML signatures, and no more of it than SAML's
// profile needs: one reference, to the element that the signature stands in, in exclusive canonical form. What is
// handed on is read anew from the very text that was signed, so nothing beside it can be taken for it.
// https://www.w3.org/TR/xmldsig-core1/, https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf §5

import { fromBase64, isBase64, sameSecret, toBase64, utf8 } from '../../../../lib/bytes.ts'
import { canonical } from '../../../../lib/xml-canonical.ts'
import type { XmlElement } from '../../../../lib/xml.ts'
import {
  assertion,
  attributeOf,
  childOf,
  childrenOf,
  invalidToken,
  readDocument,
  scopeOf,
  textOf,
  type Node,
} from './document.ts'

export type PublicKey = ReturnType<typeof import('node:crypto').createPublicKey>

const dsig = 'http://www.w3.org/2000/09/xmldsig#'
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const enveloped = `${dsig}enveloped-signature`

const digests: Readonly<Record<string, string>> = {
  [`${dsig}sha1`]: 'sha1',
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
}
/** RSA only: a secret that both know is none. */
const signatures: Readonly<Record<string, string>> = {
  [`${dsig}rsa-sha1`]: 'sha1',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': 'sha384',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': 'sha512',
}

const broken = (): Error => invalidToken('Response signature invalid')

/** The assertion of a response, which one of the keys has signed, by itself or with its response. Throws InvalidIdentityToken. */
export function provenAssertion(response: Node, keys: readonly PublicKey[]): Node {
  const [only, ...more] = childrenOf(response, assertion, 'Assertion')
  if (!only || more.length > 0 || hasTwins(response.element)) throw broken()
  const whole = signedText(response, keys)
  if (whole !== undefined) return childrenOf(readDocument(whole), assertion, 'Assertion')[0]!
  const alone = signedText(only, keys)
  if (alone === undefined) throw broken()
  return readDocument(alone)
}

/** Whether two elements have one id. */
function hasTwins(root: XmlElement): boolean {
  const seen = new Set<string>()
  const walk = ({ attributes, children }: XmlElement): boolean => {
    const id = attributes?.['ID']
    if (id !== undefined && seen.has(id)) return true
    if (id !== undefined) seen.add(id)
    return children.some(walk)
  }
  return walk(root)
}

/** The text of an element that its own signature has signed; undefined where it has none. Throws InvalidIdentityToken. */
function signedText(node: Node, keys: readonly PublicKey[]): string | undefined {
  const found = childrenOf(node, dsig, 'Signature')
  if (found.length === 0) return undefined
  const signature = found[0]!
  const info = childOf(signature, dsig, 'SignedInfo')
  const reference = childOf(info, dsig, 'Reference')
  const id = attributeOf(node, 'ID')
  if (found.length > 1 || !info || !reference || !id || attributeOf(reference, 'URI') !== `#${id}`) throw broken()

  const [first, second, ...others] = childrenOf(childOf(reference, dsig, 'Transforms') ?? reference, dsig, 'Transform')
  if (algorithmOf(first) !== enveloped || algorithmOf(second) !== exclusive || others.length > 0) throw broken()
  const text = canonical(node.element, node.around, { without: signature.element, inclusive: prefixesOf(second) })
  const digest = digests[algorithmOf(childOf(reference, dsig, 'DigestMethod')) ?? '']
  const crypto = process.getBuiltinModule('node:crypto')
  if (digest === undefined) throw broken()
  const actual = toBase64(crypto.createHash(digest).update(utf8(text)).digest())
  if (!sameSecret(actual, base64Of(childOf(reference, dsig, 'DigestValue')))) throw broken()

  const form = childOf(info, dsig, 'CanonicalizationMethod')
  const method = signatures[algorithmOf(childOf(info, dsig, 'SignatureMethod')) ?? '']
  if (algorithmOf(form) !== exclusive || method === undefined) throw broken()
  const signed = utf8(canonical(info.element, scopeOf(signature), { inclusive: prefixesOf(form) }))
  const value = fromBase64(base64Of(childOf(signature, dsig, 'SignatureValue')))
  if (!keys.some((key) => key.asymmetricKeyType === 'rsa' && crypto.verify(method, signed, key, value))) throw broken()
  return text
}

function algorithmOf(node: Node | undefined): string | undefined {
  return attributeOf(node, 'Algorithm')
}

/** `<InclusiveNamespaces PrefixList="xs #default"/>` in a transform. */
function prefixesOf(transform: Node | undefined): string[] {
  const list = attributeOf(childOf(transform, exclusive, 'InclusiveNamespaces'), 'PrefixList') ?? ''
  return list
    .split(/\s+/)
    .filter((prefix) => prefix !== '')
    .map((prefix) => (prefix === '#default' ? '' : prefix))
}

function base64Of(node: Node | undefined): string {
  const text = textOf(node).replace(/\s+/g, '')
  if (text === '' || !isBase64(text)) throw broken()
  return text
}
