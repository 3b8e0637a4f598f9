// AssumeRoleWithSAML: assertions of an identity provider taken for roles, and everything that looks like one refused.

import { describe, expect, test } from 'bun:test'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toBase64, utf8 } from '../../../../lib/bytes.ts'
import { account, allow, bench, document, keysOf, sentence, told, type Bench } from '../../../account.fixture.ts'
import {
  assertionOf,
  issuer,
  metadata,
  providerArn,
  responseOf,
  roleArn,
  signed,
  status,
  withSignature,
  type Said,
} from './saml.fixture.ts'

const moment = Date.parse('2026-11-22T08:01:00Z')
const aws = 'https://aws.amazon.com/SAML/Attributes/'

/** A world whose role `federated` trusts the provider's assertions under a condition. */
async function settled(Condition: object = {}, Action: string | string[] = 'sts:AssumeRoleWithSAML'): Promise<Bench> {
  const b = bench(undefined, () => moment)
  await b.call('iam', 'CreateSAMLProvider', { Name: 'idp', SAMLMetadataDocument: metadata })
  const trust = document({ Effect: 'Allow', Principal: { Federated: providerArn }, Action, Condition })
  await b.call('iam', 'CreateRole', { RoleName: 'federated', AssumeRolePolicyDocument: trust })
  const PolicyDocument = document(allow('iam:ListUsers'))
  await b.call('iam', 'PutRolePolicy', { RoleName: 'federated', PolicyName: 'p', PolicyDocument })
  return b
}

const input = (xml: string, more: object = {}) => ({
  RoleArn: roleArn,
  PrincipalArn: providerArn,
  SAMLAssertion: toBase64(utf8(xml)),
  ...more,
})
const assume = (b: Bench, xml: string, more?: object) => b.call('sts', 'AssumeRoleWithSAML', input(xml, more), null)
const refused = async (b: Bench, xml: string, more?: object) =>
  told(await b.refusal('sts', 'AssumeRoleWithSAML', input(xml, more), null))
const saying = (said: Omit<Said, 'now'> = {}): string =>
  responseOf(status() + withSignature(assertionOf({ now: moment, ...said })))
const invalid = (message: string): [string, number, string] => ['InvalidIdentityToken', 400, message]
const broken = invalid('Response signature invalid')

describe('a response that another program has signed', () => {
  test.each(['default-namespace', 'prefix-list', 'declared-above', 'response', 'sha-1', 'sha-512'])(
    '%s',
    async (name) => {
      const b = await settled()
      const xml = readFileSync(join(signed, `${name}.xml`), 'utf8')
      expect(await assume(b, xml)).toMatchObject({
        AssumedRoleUser: { Arn: `arn:aws:sts::${account}:assumed-role/federated/ana@example.com` },
        Subject: 'ana@example.com',
        SubjectType: 'persistent',
        Issuer: issuer,
        Audience: 'https://signin.aws.amazon.com/saml',
      })
      for (const [part, other] of [
        ['>ana@example.com</', '>eve@example.com</'],
        ['saml-provider/idp<', 'saml-provider/idp <'],
        ['<?xml', '<!DOCTYPE a><?xml'],
      ] as const)
        expect((await refused(b, xml.replace(part, other)))[0]).toBe('InvalidIdentityToken')
    },
  )
})

describe('AssumeRoleWithSAML', () => {
  test('gives a session of the role to those the provider vouches for', async () => {
    const b = await settled()
    const given = await assume(b, saying())
    expect(given).toMatchObject({
      Subject: 'ana',
      SubjectType: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      // BASE64(SHA1(issuer + account + "/" + provider)), by another program.
      NameQualifier: 'qcNuWIwUw+vRXyXWa2ggI59qthc=',
    })
    expect(given.Credentials.Expiration.getTime()).toBe(moment + 3600_000)
    const keys = keysOf(given.Credentials)
    await b.call('iam', 'ListUsers', {}, keys)
    expect(sentence(await b.refusal('iam', 'ListRoles', {}, keys))).toContain('assumed-role/federated/ana@example.com')
  })

  test.each([
    ['its attributes', { 'saml:aud': 'https://signin.aws.amazon.com/saml', 'saml:iss': issuer, 'saml:sub': 'ana' }],
    ['the provider', { 'saml:doc': `${account}/idp`, 'saml:cn': 'Ana', 'saml:mail': 'ana@example.com' }],
    ['who it is', { 'saml:namequalifier': 'qcNuWIwUw+vRXyXWa2ggI59qthc=', 'sts:RoleSessionName': 'ana@example.com' }],
  ])('the trust policy sees %s', async (_, StringEquals) => {
    const attributes = {
      'urn:oid:2.5.4.3': 'Ana',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'ana@example.com',
    }
    await assume(await settled({ StringEquals }), saying({ attributes }))
    const wrong = Object.fromEntries(Object.keys(StringEquals).map((key) => [key, 'else']))
    expect(await refused(await settled({ StringEquals: wrong }), saying({ attributes }))).toEqual([
      'AccessDenied',
      403,
      'Not authorized to perform sts:AssumeRoleWithSAML',
    ])
  })

  test('lists of values meet set operators', async () => {
    const groups = { 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': ['staff', 'member'] }
    const b = await settled({ 'ForAnyValue:StringEquals': { 'saml:edupersonaffiliation': 'member' } })
    await assume(b, saying({ attributes: groups }))
  })

  test('tags and a source identity come with the assertion, where the role may be tagged', async () => {
    const attributes = {
      [`${aws}PrincipalTag:team`]: 'sea',
      [`${aws}TransitiveTagKeys`]: 'team',
      [`${aws}SourceIdentity`]: 'ana',
    }
    expect(await refused(await settled(), saying({ attributes }))).toEqual([
      'AccessDenied',
      403,
      'Not authorized to perform sts:TagSession',
    ])
    const b = await settled({}, ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'])
    const PolicyDocument = document(
      allow('iam:ListGroups', '*', { StringEquals: { 'aws:PrincipalTag/team': 'sea', 'saml:sub': 'ana' } }),
    )
    await b.call('iam', 'PutRolePolicy', { RoleName: 'federated', PolicyName: 'p', PolicyDocument })
    const given = await assume(b, saying({ attributes }))
    expect(given.SourceIdentity).toBe('ana')
    await b.call('iam', 'ListGroups', {}, keysOf(given.Credentials))
  })

  test.each([
    ['as asked', {}, { DurationSeconds: 1800 }, 1800],
    ["no longer than the provider's", { attributes: { [`${aws}SessionDuration`]: '900' } }, {}, 900],
    [
      "nor than the provider's session",
      { session: ` SessionNotOnOrAfter="${new Date(moment + 60_000).toISOString()}"` },
      {},
      60,
    ],
  ])('it lasts %s', async (_, said, more, seconds) => {
    const { Credentials } = await assume(await settled(), saying(said), more)
    expect(Credentials.Expiration.getTime()).toBe(moment + seconds * 1000)
  })

  const at = (offset: number): string => new Date(moment + offset).toISOString()
  const expired = (message: string): [string, number, string] => ['ExpiredTokenException', 400, message]
  test.each<[string, Omit<Said, 'now'>, [string, number, string]]>([
    ['an old one', { issued: moment - 300_000 }, expired('Token must be redeemed within 5 minutes of issuance')],
    ['one of tomorrow', { issued: moment + 86_400_000 }, invalid('The assertion was issued in the future.')],
    [
      'one that has ended',
      { conditions: `<Conditions NotOnOrAfter="${at(0)}"></Conditions>` },
      expired('Response has expired'),
    ],
    [
      'one for somebody else',
      {
        conditions:
          '<Conditions><AudienceRestriction><Audience>https://example.com</Audience></AudienceRestriction></Conditions>',
      },
      invalid('Response does not contain the required audience.'),
    ],
    ['one for nobody', { conditions: '' }, invalid('Response does not contain the required audience.')],
    [
      'one without a recipient',
      { confirmation: `<SubjectConfirmationData NotOnOrAfter="${at(1000)}"></SubjectConfirmationData>` },
      invalid('Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter'),
    ],
    [
      'one for another address',
      {
        confirmation: `<SubjectConfirmationData NotOnOrAfter="${at(1000)}" Recipient="https://signin.aws.amazon.com.example.com/saml"></SubjectConfirmationData>`,
      },
      invalid('The Recipient of the assertion is no sign-in endpoint of AWS.'),
    ],
    [
      'one without a role',
      { attributes: { [`${aws}Role`]: `arn:aws:iam::${account}:role/other,${providerArn}` } },
      invalid("SAML Assertion doesn't contain the requested Role and Metadata in the attributes"),
    ],
    [
      'one without a name',
      { attributes: { [`${aws}RoleSessionName`]: '' } },
      invalid('RoleSessionName is required in AuthnResponse'),
    ],
    [
      'one with an odd name',
      { attributes: { [`${aws}RoleSessionName`]: 'Ana B' } },
      invalid('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}'),
    ],
    [
      'one with an odd identity',
      { attributes: { [`${aws}SourceIdentity`]: 'aws:x' } },
      invalid('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'),
    ],
  ])('refuses %s', async (_, said, answer) => {
    expect(await refused(await settled(), saying(said))).toEqual(answer)
  })

  test('refuses what comes from elsewhere, is none, or is told off by its provider', async () => {
    const b = await settled()
    const service = (code: string): RegExp =>
      new RegExp(
        ` \\(Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: ${code}; Request ID: [0-9a-f-]{36}; Proxy: null\\)$`,
      )
    const response = service('AuthSamlInvalidSamlResponseException')
    for (const [xml, more, message, end] of [
      [saying({ issuer: 'https://else.example.com' }), {}, 'Issuer not present in specified provider', response],
      [
        saying(),
        { PrincipalArn: `${providerArn}x` },
        "Specified provider doesn't exist",
        service('AuthSamlManifestNotFoundException'),
      ],
      [saying(), { SAMLAssertion: '%%%%' }, 'Invalid base64 SAMLResponse', response],
      ['<a/>', {}, 'Invalid SAMLResponse', response],
      ['<a><b></a>', {}, 'Invalid SAMLResponse: mismatched tag', response],
    ] as const) {
      const [code, , said] = await refused(b, xml, more)
      expect([code, String(said).startsWith(message), end.test(String(said))]).toEqual([
        'InvalidIdentityToken',
        true,
        true,
      ])
    }
    expect(await refused(b, responseOf(status('Requester')))).toEqual([
      'IDPRejectedClaim',
      403,
      'The identity provider reported that authentication failed.',
    ])
    expect(await refused(b, saying(), { DurationSeconds: 7200 })).toEqual([
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ])
  })
})

// https://www.usenix.org/conference/usenixsecurity12/technical-sessions/presentation/somorovsky
describe('is not taken in by', () => {
  const own = (): string => assertionOf({ now: moment })
  const genuine = withSignature(own())
  const evil = (id: string): string =>
    assertionOf({ now: moment, subject: '<NameID>eve</NameID>' }).replace('ID="_a1"', `ID="${id}"`)
  const signature = /<Signature .*<\/Signature>/.exec(genuine)![0]
  const inside = (assertion: string, what: string): string => assertion.replace('</Issuer>', `</Issuer>${what}`)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const dsig = 'http://www.w3.org/2000/09/xmldsig#'

  test.each([
    ['no signature', own()],
    ["somebody else's", withSignature(own(), { key: privateKey })],
    ['two assertions, the false one first', evil('_e') + genuine],
    ['two assertions, the false one last', genuine + evil('_e')],
    ['two of one id', evil('_a1') + genuine],
    ['a false one around the true', inside(evil('_e'), genuine)],
    [
      'a false one with the true in its signature',
      inside(
        evil('_e'),
        signature.replace('</Signature>', `<Object>${genuine.replace(signature, '')}</Object></Signature>`),
      ),
    ],
    [
      'a false one of the same id, the true one in its signature',
      inside(
        evil('_a1'),
        signature.replace('</Signature>', `<Object>${genuine.replace(signature, '')}</Object></Signature>`),
      ),
    ],
    [
      'the true one hidden, a false one beside it',
      `<samlp:Extensions>${genuine}</samlp:Extensions>${inside(evil('_e'), signature)}`,
    ],
    ['two signatures', genuine.replace(signature, signature + signature)],
    ['a reference to all', withSignature(own(), { reference: '' })],
    ['a reference to another', withSignature(own(), { reference: '#_r1' })],
    ['no transforms', withSignature(own(), { transforms: [] })],
    [
      'a transform of its own',
      withSignature(own(), {
        transforms: [`${dsig}enveloped-signature`, 'http://www.w3.org/TR/1999/REC-xslt-19991116'],
      }),
    ],
    [
      'another transform after them',
      withSignature(own(), {
        transforms: [`${dsig}enveloped-signature`, 'http://www.w3.org/2001/10/xml-exc-c14n#', `${dsig}base64`],
      }),
    ],
    ['a digest that nobody knows', withSignature(own(), { digest: 'http://www.w3.org/2001/04/xmldsig-more#md5' })],
    ['a public key as a secret', withSignature(own(), { method: `${dsig}hmac-sha1` })],
    ['an empty digest', genuine.replace(/<DigestValue>[^<]*/, '<DigestValue>')],
    ['a second SignedInfo', genuine.replace('</SignedInfo>', '</SignedInfo><SignedInfo></SignedInfo>')],
    ['a second reference', genuine.replace('</Reference>', '</Reference><Reference URI="#_r1"></Reference>')],
    [
      'another namespace',
      genuine.replace(
        '<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"',
        '<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion"',
      ),
    ],
  ])('%s', async (_, inner) => {
    expect(await refused(await settled(), responseOf(status() + inner))).toEqual(broken)
  })

  test('a comment that parts a name', async () => {
    const name = '<NameID>ana@example.com.evil.example</NameID>'
    const whole = withSignature(assertionOf({ now: moment, subject: name }))
    const parted = whole.replace('ana@example.com', 'ana@example.com<!-- -->')
    expect((await assume(await settled(), responseOf(status() + parted))).Subject).toBe('ana@example.com.evil.example')
  })

  test('a letter that is another, anywhere', async () => {
    const b = await settled()
    const xml = saying()
    const { Subject, AssumedRoleUser } = await assume(b, xml)
    for (let at = 0; at < xml.length; at += 17) {
      const changed = `${xml.slice(0, at)}${xml[at] === 'q' ? 'r' : 'q'}${xml.slice(at + 1)}`
      const answer = await assume(b, changed).catch((error: Error) => error.name)
      // What stands outside of the assertion nobody has signed.
      if (typeof answer === 'object') expect(answer).toMatchObject({ Subject, AssumedRoleUser })
      else expect(answer).toBe('AwsError')
    }
  })

  test('entities, instructions and an endless document', async () => {
    const b = await settled()
    const bomb = `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${saying()}`
    for (const xml of [bomb, saying().replace('<NameID>', '<?php x?><NameID>'), '<a>'.repeat(5000)])
      expect((await refused(b, xml))[0]).toBe('InvalidIdentityToken')
  })

  test('a signed response in which the assertion is not the one that is read', async () => {
    const response = responseOf(`<Issuer>${issuer}</Issuer>${status()}${own()}`)
    const b = await settled()
    expect((await assume(b, withSignature(response))).Subject).toBe('ana')
    const moved = withSignature(response).replace(own(), evil('_e'))
    expect(await refused(b, moved)).toEqual(broken)
  })
})

test('encrypted assertions are not read yet', async () => {
  const encrypted = '<EncryptedAssertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"/>'
  expect((await refused(await settled(), responseOf(status() + encrypted)))[0]).toBe('NotImplemented')
})
