// AssumeRoleWithSAML: nobody signs the request; an assertion that an identity provider has signed says who asks, and the
// role's trust policy whether that is enough.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html

import { AwsError } from '../../../../lib/errors.ts'
import { fromBase64, isBase64, text } from '../../../../lib/bytes.ts'
import type { SlowHandler } from '../../../service.ts'
import { readSubject } from '../saml/assertion.ts'
import {
  assertion,
  attributeOf,
  childOf,
  childrenOf,
  discoveryError,
  invalidToken,
  is,
  protocol,
  readDocument,
  textOf,
  type Node,
} from '../saml/document.ts'
import { readMetadata } from '../saml/metadata.ts'
import { checkRole, claimsOf, durationOf, keysOf, sessionNameOf } from '../saml/session.ts'
import { provenAssertion } from '../saml/signature.ts'
import type { Sts } from '../state.ts'
import { bearerOf, federatedSession } from './federated-session.ts'

export const assumeRoleWithSAML: SlowHandler<Sts> = async (input, context) => {
  const { RoleArn: role, PrincipalArn: provider } = input as { RoleArn: string; PrincipalArn: string }
  const [, , , , account = '', resource = ''] = provider.split(':')
  const response = readResponse(input.SAMLAssertion)
  const known = await context.transaction((state) => state.identities.of(account).samlProviders.get(provider))
  if (!known) throw discoveryError("Specified provider doesn't exist", 'AuthSamlManifestNotFoundException')
  const { entity, keys } = readMetadata(known.metadata)
  checkEncryption(response, known.encryption)
  if (!childrenOf(response, assertion, 'Assertion').every((each) => issuerOf(each) === entity))
    throw discoveryError('Issuer not present in specified provider')
  const now = context.clock().getTime()
  const subject = readSubject(provenAssertion(response, keys), now)
  checkRole(subject, role, provider)
  const sessionName = sessionNameOf(subject)
  const DurationSeconds = durationOf(subject, input.DurationSeconds, now)
  if (DurationSeconds <= 0) throw new AwsError('ExpiredTokenException', 'Response has expired')
  const { lasting, all } = keysOf(subject, account, resource.slice(resource.indexOf('/') + 1))
  const made = await federatedSession(
    {
      action: 'sts:AssumeRoleWithSAML',
      role,
      bearer: bearerOf('SAMLUser', provider, `${lasting['saml:namequalifier']}:${subject.name}`),
      sessionName,
      claims: claimsOf(subject),
      conditions: all,
      lasting: { ...lasting, 'aws:federatedprovider': provider },
      input: { ...input, DurationSeconds },
    },
    context,
  )
  return {
    ...made,
    Subject: subject.name,
    SubjectType: subject.type,
    Issuer: subject.issuer,
    Audience: subject.recipient,
    NameQualifier: lasting['saml:namequalifier'],
  }
}

/** Throws InvalidIdentityToken for what is no response, IDPRejectedClaim where the provider says no in it. */
function readResponse(encoded: string): Node {
  const base64 = encoded.replace(/\s+/g, '')
  if (!isBase64(base64)) throw discoveryError('Invalid base64 SAMLResponse')
  const response = readDocument(text(fromBase64(base64)))
  if (!is(response, protocol, 'Response')) throw discoveryError('Invalid SAMLResponse')
  const status = attributeOf(childOf(childOf(response, protocol, 'Status'), protocol, 'StatusCode'), 'Value')
  if (status !== 'urn:oasis:names:tc:SAML:2.0:status:Success')
    throw new AwsError('IDPRejectedClaim', 'The identity provider reported that authentication failed.', {
      status: 403,
    })
  return response
}

function checkEncryption(response: Node, encryption: 'Required' | 'Allowed'): void {
  if (childrenOf(response, assertion, 'EncryptedAssertion').length > 0)
    throw new AwsError('NotImplemented', 'The local AWS does not decrypt assertions yet.', { status: 501 })
  if (encryption === 'Required') throw invalidToken('The assertion must be encrypted.')
}

function issuerOf(node: Node): string {
  return textOf(childOf(node, assertion, 'Issuer'))
}
