// SAML providers: the metadata of an identity provider whose assertions AssumeRoleWithSAML would believe.

import { parseXml, XmlError } from '../../../../lib/xml.ts'
import { newToken } from '../../../accounts/ids.ts'
import type { SamlProvider } from '../../../accounts/records.ts'
import { alreadyExists, invalidInput, noSuchEntity, quotaExceeded } from '../errors.ts'
import { readPrivateKey } from '../keys.ts'
import { tagsShape, wholeSeconds } from '../present.ts'
import { quotas } from '../quotas.ts'
import { findSamlProvider, type IamHandler } from '../state.ts'
import { checkedTags } from './tags.ts'

const century = 100 * 365.25 * 86_400_000

export const createSAMLProvider: IamHandler = (input, { state, clock }) => {
  const name: string = input.Name
  const arn = `arn:aws:iam::${state.account}:saml-provider/${name}`
  const created = clock().getTime()
  const provider: SamlProvider = {
    arn,
    name,
    uuid: `SAMLSP${newToken(20)}`,
    metadata: input.SAMLMetadataDocument,
    created,
    validUntil: validUntil(input.SAMLMetadataDocument) ?? created + century,
    encryption: input.AssertionEncryptionMode ?? 'Allowed',
    keys: input.AddPrivateKey === undefined ? [] : [newKey(input.AddPrivateKey, created)],
    tags: checkedTags(input.Tags ?? []),
  }
  checkEncryption(provider)
  if (state.samlProviders.get(arn)) throw alreadyExists(`SAMLProvider with name ${name} already exists.`)
  if (state.samlProviders.all().length >= quotas.SamlProviders)
    throw quotaExceeded('SAMLProvidersPerAccount', quotas.SamlProviders)
  state.samlProviders.put(provider)
  return { SAMLProviderArn: arn, Tags: tagsShape(provider.tags) }
}

export const getSAMLProvider: IamHandler = (input, { state }) => {
  const provider = findSamlProvider(state, input.SAMLProviderArn)
  return {
    SAMLProviderUUID: provider.uuid,
    SAMLMetadataDocument: provider.metadata,
    CreateDate: wholeSeconds(provider.created),
    ValidUntil: wholeSeconds(provider.validUntil),
    Tags: provider.tags,
    AssertionEncryptionMode: provider.encryption,
    PrivateKeyList: provider.keys.map(({ id, added }) => ({ KeyId: id, Timestamp: wholeSeconds(added) })),
  }
}

export const listSAMLProviders: IamHandler = (_input, { state }) => ({
  SAMLProviderList: state.samlProviders.all().map(({ arn, validUntil: until, created }) => ({
    Arn: arn,
    ValidUntil: wholeSeconds(until),
    CreateDate: wholeSeconds(created),
  })),
})

export const updateSAMLProvider: IamHandler = (input, { state, clock }) => {
  const provider = findSamlProvider(state, input.SAMLProviderArn)
  if (input.SAMLMetadataDocument !== undefined) {
    provider.validUntil = validUntil(input.SAMLMetadataDocument) ?? provider.validUntil
    provider.metadata = input.SAMLMetadataDocument
  }
  if (input.RemovePrivateKey !== undefined) {
    const keys = provider.keys.filter((key) => key.id !== input.RemovePrivateKey)
    if (keys.length === provider.keys.length)
      throw noSuchEntity(`The private key with id ${input.RemovePrivateKey} cannot be found.`)
    provider.keys = keys
  }
  if (input.AddPrivateKey !== undefined) provider.keys.push(newKey(input.AddPrivateKey, clock().getTime()))
  if (provider.keys.length > quotas.SamlKeysPerProvider)
    throw quotaExceeded('PrivateKeysPerSAMLProvider', quotas.SamlKeysPerProvider)
  provider.encryption = input.AssertionEncryptionMode ?? provider.encryption
  checkEncryption(provider)
  state.samlProviders.put(provider)
  return { SAMLProviderArn: provider.arn }
}

export const deleteSAMLProvider: IamHandler = (input, { state }) =>
  state.samlProviders.delete(findSamlProvider(state, input.SAMLProviderArn).arn)

/** Until when the metadata says it holds. Throws InvalidInput for what is no metadata of an identity provider. */
function validUntil(metadata: string): number | undefined {
  const unreadable = invalidInput('Could not parse metadata')
  try {
    const root = parseXml(metadata)
    const isProvider = root.children.some((child) => child.name === 'IDPSSODescriptor')
    if (root.name !== 'EntityDescriptor' || !isProvider || !root.attributes?.['entityID']) throw unreadable
    const until = root.attributes['validUntil']
    return until === undefined ? undefined : Date.parse(until)
  } catch (error) {
    throw error instanceof XmlError ? unreadable : error
  }
}

function newKey(key: string, added: number): SamlProvider['keys'][number] {
  if (!readPrivateKey(key)) throw invalidInput('The private key is not in a recognized PEM format.')
  return { id: `SAMLPK${newToken(20)}`, key, added }
}

function checkEncryption({ encryption, keys }: SamlProvider): void {
  if (encryption === 'Required' && keys.length === 0)
    throw invalidInput('A private key is required where assertions must be encrypted.')
}
