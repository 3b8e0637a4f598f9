// What becomes of an assertion's attributes: the name, length and tags of the session, and condition keys.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html

import { toBase64 } from '../../../../lib/bytes.ts'
import { hash } from '../../../../lib/hash.ts'
import type { Subject } from './assertion.ts'
import { invalidToken } from './document.ts'

const prefix = 'https://aws.amazon.com/SAML/Attributes/'
const identity = /^[\w+=,.@-]{2,64}$/

/** Throws InvalidIdentityToken unless the provider lets its subject have the role. */
export function checkRole({ attributes }: Subject, role: string, provider: string): void {
  const pairs = (attributes.get(`${prefix}Role`) ?? []).map((pair) => pair.split(',').map((arn) => arn.trim()))
  if (!pairs.some((pair) => pair.length === 2 && pair.includes(role) && pair.includes(provider)))
    throw invalidToken("SAML Assertion doesn't contain the requested Role and Metadata in the attributes")
}

/** Throws InvalidIdentityToken. */
export function sessionNameOf({ attributes }: Subject): string {
  const name = attributes.get(`${prefix}RoleSessionName`)?.[0]
  if (!name) throw invalidToken('RoleSessionName is required in AuthnResponse')
  if (!identity.test(name)) throw invalidToken('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}')
  return name
}

/** Tags and source identity that the provider puts on the session. Throws InvalidIdentityToken. */
export function claimsOf({ attributes }: Subject): {
  Tags: { Key: string; Value: string }[]
  TransitiveTagKeys?: readonly string[]
  SourceIdentity?: string
} {
  const tag = `${prefix}PrincipalTag:`
  const SourceIdentity = attributes.get(`${prefix}SourceIdentity`)?.[0]
  if (SourceIdentity !== undefined && (!identity.test(SourceIdentity) || /^aws:/i.test(SourceIdentity)))
    throw invalidToken('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"')
  return {
    Tags: [...attributes].flatMap(([name, values]) =>
      name.startsWith(tag) ? [{ Key: name.slice(tag.length), Value: values[0] ?? '' }] : [],
    ),
    TransitiveTagKeys: attributes.get(`${prefix}TransitiveTagKeys`),
    ...(SourceIdentity !== undefined && { SourceIdentity }),
  }
}

/** Seconds: what was asked for, or less where the provider says so. */
export function durationOf({ attributes, until }: Subject, asked: number | undefined, now: number): number {
  const said = Number(attributes.get(`${prefix}SessionDuration`)?.[0] ?? Infinity)
  return Math.min(
    asked ?? 3600,
    said >= 900 ? said : Infinity,
    until === undefined ? Infinity : Math.floor((until - now) / 1000),
  )
}

/** Tells subjects of one name apart that come from several providers. */
export function nameQualifierOf({ issuer }: Subject, account: string, providerName: string): string {
  return toBase64(hash('sha1', `${issuer}${account}/${providerName}`))
}

/** The keys that an attribute becomes, in trust policies. */
const keyNames: Readonly<Record<string, string>> = {
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': 'edupersonaffiliation',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.2': 'edupersonnickname',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.3': 'edupersonorgdn',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.4': 'edupersonorgunitdn',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.5': 'edupersonprimaryaffiliation',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.6': 'edupersonprincipalname',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.7': 'edupersonentitlement',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.8': 'edupersonprimaryorgunitdn',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.9': 'edupersonscopedaffiliation',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.10': 'edupersontargetedid',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.11': 'edupersonassurance',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.2': 'eduorghomepageuri',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.3': 'eduorgidentityauthnpolicyuri',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.4': 'eduorglegalname',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.5': 'eduorgsuperioruri',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.6': 'eduorgwhitepagesuri',
  'urn:oid:2.5.4.3': 'cn',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': 'name',
  'http://schemas.xmlsoap.org/claims/CommonName': 'commonname',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname': 'givenname',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname': 'surname',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'mail',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid': 'uid',
  '2.5.4.3': 'commonname',
  '2.5.4.4': 'surname',
  '2.4.5.42': 'givenname',
  '2.5.4.45': 'x500uniqueidentifier',
  '0.9.2342.19200300100.1.1': 'uid',
  '0.9.2342.19200300100.1.3': 'mail',
  '0.9.2342.19200300.100.1.45': 'organizationstatus',
}

/** Those that stay with the session, and then those that only a trust policy sees. */
export function keysOf(
  subject: Subject,
  account: string,
  providerName: string,
): { lasting: Record<string, string>; all: Record<string, string | readonly string[]> } {
  const lasting = {
    'saml:namequalifier': nameQualifierOf(subject, account, providerName),
    'saml:sub': subject.name,
    'saml:sub_type': subject.type,
  }
  const all: Record<string, string | readonly string[]> = {}
  for (const [name, values] of subject.attributes) {
    const key = Object.hasOwn(keyNames, name) ? `saml:${keyNames[name]}` : undefined
    if (key !== undefined) all[key] ??= values.length === 1 ? values[0]! : values
  }
  return {
    lasting,
    all: {
      ...all,
      ...lasting,
      'saml:aud': subject.recipient,
      'saml:iss': subject.issuer,
      'saml:doc': `${account}/${providerName}`,
    },
  }
}
