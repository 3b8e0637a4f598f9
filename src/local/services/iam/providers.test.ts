// Identity providers: OpenID Connect and SAML. How their tokens are judged is sts' matter.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, sentence, told } from '../../account.fixture.ts'
import { privateKey } from './keys.fixture.ts'

const url = 'https://token.actions.githubusercontent.com'
const arn = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`
const print = 'a'.repeat(40)

describe('OpenID Connect providers', () => {
  test('are made, changed, tagged, listed and deleted', async () => {
    const b = bench()
    const made = await b.call('iam', 'CreateOpenIDConnectProvider', {
      Url: url,
      ClientIDList: ['sts.amazonaws.com'],
      ThumbprintList: [print],
      Tags: [{ Key: 'a', Value: '1' }],
    })
    expect(made.OpenIDConnectProviderArn).toBe(arn)
    const OpenIDConnectProviderArn = arn
    await b.call('iam', 'AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID: 'second' })
    await b.call('iam', 'AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID: 'second' })
    await b.call('iam', 'RemoveClientIDFromOpenIDConnectProvider', {
      OpenIDConnectProviderArn,
      ClientID: 'sts.amazonaws.com',
    })
    await b.call('iam', 'UpdateOpenIDConnectProviderThumbprint', {
      OpenIDConnectProviderArn,
      ThumbprintList: ['b'.repeat(40), 'C'.repeat(40)],
    })
    await b.call('iam', 'TagOpenIDConnectProvider', { OpenIDConnectProviderArn, Tags: [{ Key: 'b', Value: '2' }] })
    await b.call('iam', 'UntagOpenIDConnectProvider', { OpenIDConnectProviderArn, TagKeys: ['a'] })
    const whole = await b.call('iam', 'GetOpenIDConnectProvider', { OpenIDConnectProviderArn })
    expect(whole).toMatchObject({
      Url: 'token.actions.githubusercontent.com',
      ClientIDList: ['second'],
      ThumbprintList: ['b'.repeat(40), 'c'.repeat(40)],
      Tags: [{ Key: 'b', Value: '2' }],
    })
    expect((await b.call('iam', 'ListOpenIDConnectProviderTags', { OpenIDConnectProviderArn })).Tags).toHaveLength(1)
    expect((await b.call('iam', 'ListOpenIDConnectProviders')).OpenIDConnectProviderList).toEqual([{ Arn: arn }])
    expect((await b.call('iam', 'GetAccountSummary')).SummaryMap.Providers).toBe(1)
    await b.call('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn })
    expect((await b.call('iam', 'ListOpenIDConnectProviders')).OpenIDConnectProviderList).toEqual([])
  })

  const fifty = Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }))
  const none = `arn:aws:iam::${account}:oidc-provider/none.example.com`
  const cases: [string, object, [string, number, string]][] = [
    [
      'CreateOpenIDConnectProvider',
      { Url: 'https://taken.example.com' },
      ['EntityAlreadyExists', 409, 'Provider with url https://taken.example.com already exists.'],
    ],
    [
      'CreateOpenIDConnectProvider',
      { Url: 'http://a.example.com' },
      ['ValidationError', 400, 'Invalid Open ID Connect Provider URL'],
    ],
    ['CreateOpenIDConnectProvider', { Url: 'test' }, ['ValidationError', 400, 'Invalid Open ID Connect Provider URL']],
    [
      'CreateOpenIDConnectProvider',
      { Url: url, ThumbprintList: Array(6).fill(print) },
      ['InvalidInput', 400, 'Thumbprint list must contain fewer than 5 entries.'],
    ],
    [
      'CreateOpenIDConnectProvider',
      { Url: url, ClientIDList: Array.from({ length: 101 }, (_, i) => `client-${i}`) },
      ['LimitExceeded', 409, 'Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100'],
    ],
    [
      'GetOpenIDConnectProvider',
      { OpenIDConnectProviderArn: none },
      ['NoSuchEntity', 404, `OpenIDConnect Provider not found for arn ${none}`],
    ],
    [
      'DeleteOpenIDConnectProvider',
      { OpenIDConnectProviderArn: none },
      ['NoSuchEntity', 404, `OpenId connect Provider ${none} cannot be found.`],
    ],
  ]
  test.each(cases)('%s %j', async (operation, input, expected) => {
    const b = bench()
    await b.call('iam', 'CreateOpenIDConnectProvider', { Url: 'https://taken.example.com' })
    expect(told(await b.refusal('iam', operation, input))).toEqual(expected)
  })

  test('have at most 50 tags', async () => {
    const b = bench()
    await b.call('iam', 'CreateOpenIDConnectProvider', { Url: url, Tags: fifty.slice(0, 50) })
    const error = await b.refusal('iam', 'TagOpenIDConnectProvider', {
      OpenIDConnectProviderArn: arn,
      Tags: fifty.slice(50),
    })
    expect(told(error)).toEqual(['LimitExceeded', 409, 'The number of tags has reached the maximum limit.'])
  })

  test('permissions are on the provider, and its tags count', async () => {
    const b = bench()
    await b.call('iam', 'CreateOpenIDConnectProvider', { Url: url, Tags: [{ Key: 'team', Value: 'sea' }] })
    const keys = await b.user(
      'ana',
      allow('iam:GetOpenIDConnectProvider', arn, { StringEquals: { 'aws:ResourceTag/team': 'sea' } }),
      allow('iam:CreateOpenIDConnectProvider', `arn:aws:iam::${account}:oidc-provider/*.example.com`),
    )
    await b.call('iam', 'GetOpenIDConnectProvider', { OpenIDConnectProviderArn: arn }, keys)
    await b.call('iam', 'CreateOpenIDConnectProvider', { Url: 'https://a.example.com/' }, keys)
    const refused = await b.refusal('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: arn }, keys)
    expect(sentence(refused)).toBe(
      `User: arn:aws:iam::${account}:user/ana is not authorized to perform: iam:DeleteOpenIDConnectProvider on ` +
        `resource: ${arn} because no identity-based policy allows the iam:DeleteOpenIDConnectProvider action`,
    )
  })
})

describe('SAML providers', () => {
  const metadata = (more = '') =>
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com"${more}>` +
    `<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${' '.repeat(1000)}` +
    '</IDPSSODescriptor></EntityDescriptor>'
  const samlArn = `arn:aws:iam::${account}:saml-provider/idp`

  test('are made, read, changed, tagged, listed and deleted', async () => {
    const b = bench()
    const input = { Name: 'idp', SAMLMetadataDocument: metadata(), AddPrivateKey: privateKey }
    expect((await b.call('iam', 'CreateSAMLProvider', input)).SAMLProviderArn).toBe(samlArn)
    const SAMLProviderArn = samlArn
    const get = () => b.call('iam', 'GetSAMLProvider', { SAMLProviderArn })
    const first = await get()
    expect(first).toMatchObject({ SAMLMetadataDocument: metadata(), AssertionEncryptionMode: 'Allowed', Tags: [] })
    expect(first.SAMLProviderUUID).toMatch(/^[A-Z0-9]{22,64}$/)
    expect(first.PrivateKeyList).toHaveLength(1)
    expect(first.ValidUntil.getFullYear() - first.CreateDate.getFullYear()).toBe(100)
    await b.call('iam', 'UpdateSAMLProvider', {
      SAMLProviderArn,
      SAMLMetadataDocument: metadata(' validUntil="2031-02-03T04:05:06Z"'),
      RemovePrivateKey: first.PrivateKeyList[0].KeyId,
    })
    await b.call('iam', 'TagSAMLProvider', { SAMLProviderArn, Tags: [{ Key: 'a', Value: '' }] })
    const second = await get()
    expect([second.ValidUntil, second.PrivateKeyList, second.Tags]).toEqual([
      new Date('2031-02-03T04:05:06Z'),
      [],
      [{ Key: 'a', Value: '' }],
    ])
    await b.call('iam', 'UntagSAMLProvider', { SAMLProviderArn, TagKeys: ['a'] })
    expect((await b.call('iam', 'ListSAMLProviderTags', { SAMLProviderArn })).Tags).toEqual([])
    expect((await b.call('iam', 'ListSAMLProviders')).SAMLProviderList).toEqual([
      { Arn: samlArn, CreateDate: first.CreateDate, ValidUntil: second.ValidUntil },
    ])
    expect((await b.refusal('iam', 'CreateSAMLProvider', input)).code).toBe('EntityAlreadyExists')
    await b.call('iam', 'DeleteSAMLProvider', { SAMLProviderArn })
    expect(told(await b.refusal('iam', 'GetSAMLProvider', { SAMLProviderArn }))).toEqual([
      'NoSuchEntity',
      404,
      `Manifest not found for arn ${samlArn}`,
    ])
  })

  test.each([
    ['text', 'x'.repeat(1000)],
    ['another document', `<a>${' '.repeat(1000)}</a>`],
    ['a document with a DOCTYPE', `<!DOCTYPE a>${metadata()}`],
    ['no name', metadata().replace('entityID', 'entity')],
  ])('refuse metadata that is %s', async (_, SAMLMetadataDocument) => {
    const error = await bench().refusal('iam', 'CreateSAMLProvider', { Name: 'idp', SAMLMetadataDocument })
    expect(told(error)).toEqual(['InvalidInput', 400, 'Could not parse metadata'])
  })

  test('cannot require encryption without a key', async () => {
    const input = { Name: 'idp', SAMLMetadataDocument: metadata(), AssertionEncryptionMode: 'Required' }
    expect((await bench().refusal('iam', 'CreateSAMLProvider', input)).code).toBe('InvalidInput')
  })
})
