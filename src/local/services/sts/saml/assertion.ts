// What does an assertion say of its subject, and does it hold for AWS, now?
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html

import { AwsError } from '../../../../lib/errors.ts'
import { assertion, attributeOf, childOf, childrenOf, invalidToken, textOf, type Node } from './document.ts'

export interface Subject {
  readonly issuer: string
  readonly name: string
  /** `persistent`, `transient`, or the whole format where it is not one of SAML 2.0. */
  readonly type: string
  /** The address at AWS that the assertion is for. */
  readonly recipient: string
  /** Of the provider's own session, milliseconds. */
  readonly until?: number
  /** By name; of several of one name the first. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

const formats = 'urn:oasis:names:tc:SAML:2.0:nameid-format:'
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const signIn = /^https:\/\/(?:[a-z0-9-]+\.)?signin\.aws\.amazon\.com\/(?:static\/)?saml(?:\/acs\/[\w-]+)?$/
const redeemable = 5 * 60_000
/** How far the provider's clock may be ahead. */
const skew = 60_000

const expired = (message: string): AwsError => new AwsError('ExpiredTokenException', message)

/** Throws InvalidIdentityToken, ExpiredTokenException. */
export function readSubject(proven: Node, now: number): Subject {
  const child = (node: Node | undefined, name: string): Node | undefined => childOf(node, assertion, name)
  const issued = momentOf(proven, 'IssueInstant')
  if (issued === undefined) throw invalidToken('The assertion does not say when it was issued.')
  if (issued > now + skew) throw invalidToken('The assertion was issued in the future.')
  if (issued + redeemable <= now) throw expired('Token must be redeemed within 5 minutes of issuance')
  checkConditions(child(proven, 'Conditions'), now)

  const subject = child(proven, 'Subject')
  const id = child(subject, 'NameID')
  if (textOf(id) === '') throw invalidToken('The assertion does not name its subject.')
  const until = childrenOf(proven, assertion, 'AuthnStatement').map((each) => momentOf(each, 'SessionNotOnOrAfter'))[0]
  return {
    issuer: textOf(child(proven, 'Issuer')),
    name: textOf(id),
    type: (attributeOf(id, 'Format') ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified').replace(formats, ''),
    recipient: recipientOf(subject, now),
    ...(until !== undefined && { until }),
    attributes: attributesIn(proven),
  }
}

function checkConditions(conditions: Node | undefined, now: number): void {
  const [begins, ends] = [momentOf(conditions, 'NotBefore'), momentOf(conditions, 'NotOnOrAfter')]
  if (begins !== undefined && begins > now + skew) throw invalidToken('The assertion is not valid yet.')
  if (ends !== undefined && ends <= now) throw expired('Response has expired')
  const restrictions = conditions ? childrenOf(conditions, assertion, 'AudienceRestriction') : []
  // Each of them must hold.
  const isForUs = (audience: string): boolean => audience === 'urn:amazon:webservices' || signIn.test(audience)
  const audiences = restrictions.map((each) => childrenOf(each, assertion, 'Audience').map(textOf))
  if (audiences.length === 0 || !audiences.every((each) => each.some(isForUs)))
    throw invalidToken('Response does not contain the required audience.')
}

/** Whoever bears it may use it, at one address and for a while. */
function recipientOf(subject: Node | undefined, now: number): string {
  const confirmations = subject ? childrenOf(subject, assertion, 'SubjectConfirmation') : []
  const data = confirmations
    .filter((each) => attributeOf(each, 'Method') === bearer)
    .map((each) => childOf(each, assertion, 'SubjectConfirmationData'))
    .find((each) => attributeOf(each, 'Recipient') !== undefined && momentOf(each, 'NotOnOrAfter') !== undefined)
  // AWS's spelling.
  if (!data) throw invalidToken('Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter')
  const recipient = attributeOf(data, 'Recipient')!
  if (!signIn.test(recipient)) throw invalidToken('The Recipient of the assertion is no sign-in endpoint of AWS.')
  if (momentOf(data, 'NotOnOrAfter')! <= now) throw expired('Response has expired')
  return recipient
}

function attributesIn(proven: Node): Map<string, readonly string[]> {
  const all = new Map<string, readonly string[]>()
  for (const statement of childrenOf(proven, assertion, 'AttributeStatement'))
    for (const each of childrenOf(statement, assertion, 'Attribute')) {
      const name = attributeOf(each, 'Name')
      if (name !== undefined && !all.has(name)) all.set(name, childrenOf(each, assertion, 'AttributeValue').map(textOf))
    }
  return all
}

/** Undefined where it is not said, in milliseconds; what is no time is refused. */
function momentOf(node: Node | undefined, name: string): number | undefined {
  const text = attributeOf(node, name)
  if (text === undefined) return undefined
  const moment = Date.parse(text)
  if (Number.isNaN(moment) || !/^\d{4}-\d\d-\d\dT/.test(text))
    throw invalidToken(`${name} of the assertion is no time.`)
  return moment
}
