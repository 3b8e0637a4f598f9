// A SAML document as its readers walk it: elements by namespace and name, and never by a guess.

import { AwsError } from '../../../../lib/errors.ts'
import { namespaceOf, namespacesIn, type Namespaces } from '../../../../lib/xml-canonical.ts'
import { parseWholeXml, XmlError, type XmlElement } from '../../../../lib/xml.ts'

export const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'
export const assertion = 'urn:oasis:names:tc:SAML:2.0:assertion'

export const invalidToken = (message: string): AwsError => new AwsError('InvalidIdentityToken', message)

/** What the service behind STS says of a document, and how STS hands it on. */
export function discoveryError(message: string, code = 'AuthSamlInvalidSamlResponseException'): AwsError {
  return invalidToken(
    `${message} (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: ${code}; ` +
      `Request ID: ${crypto.randomUUID()}; Proxy: null)`,
  )
}

/** An element, and the namespaces that are declared outside of it. */
export interface Node {
  readonly element: XmlElement
  readonly around: Namespaces
}

/** Throws InvalidIdentityToken. */
export function readDocument(xml: string): Node {
  try {
    return { element: parseWholeXml(xml), around: new Map() }
  } catch (error) {
    throw error instanceof XmlError ? discoveryError(`Invalid SAMLResponse: ${error.message}`) : error
  }
}

export function is(node: Node, uri: string, name: string): boolean {
  return node.element.name === name && namespaceOf(node.element, scopeOf(node)) === uri
}

/** The namespaces that hold in it. */
export function scopeOf({ element, around }: Node): Namespaces {
  return namespacesIn(element, around)
}

export function childrenOf(node: Node, uri: string, name: string): Node[] {
  const around = scopeOf(node)
  return node.element.children.map((element) => ({ element, around })).filter((child) => is(child, uri, name))
}

/** The only child of that name; undefined where there are none, or several. */
export function childOf(node: Node | undefined, uri: string, name: string): Node | undefined {
  const found = node ? childrenOf(node, uri, name) : []
  return found.length === 1 ? found[0] : undefined
}

/** All text in it, without the space around: what a comment or an element parts is one text. */
export function textOf(node: Node | undefined): string {
  const gather = (element: XmlElement): string =>
    element.whole!.nodes.map((inner) => (typeof inner === 'string' ? inner : gather(inner))).join('')
  return node ? gather(node.element).trim() : ''
}

export function attributeOf(node: Node | undefined, name: string): string | undefined {
  return node?.element.attributes?.[name]
}
