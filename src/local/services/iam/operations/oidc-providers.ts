// OpenID Connect providers: whose tokens AssumeRoleWithWebIdentity believes, and for which clients (audiences).

import type { OidcProvider } from '../../../accounts/records.ts'
import { alreadyExists, invalidInput, noSuchEntity, quotaExceeded, validationError } from '../errors.ts'
import { tagsShape, wholeSeconds } from '../present.ts'
import { quotaOf, quotas } from '../quotas.ts'
import { findOidcProvider, type IamHandler } from '../state.ts'
import { checkedTags } from './tags.ts'

export const createOpenIDConnectProvider: IamHandler = (input, context) => {
  const { state, clock } = context
  const most = quotaOf(context, 'OidcProviders')
  const url = hostAndPath(input.Url)
  const arn = `arn:aws:iam::${state.account}:oidc-provider/${url}`
  const provider: OidcProvider = {
    arn,
    url,
    clients: checkedClients(input.ClientIDList ?? []),
    thumbprints: checkedThumbprints(input.ThumbprintList ?? []),
    created: clock().getTime(),
    tags: checkedTags(input.Tags ?? []),
  }
  if (state.oidcProviders.get(arn)) throw alreadyExists(`Provider with url ${input.Url} already exists.`)
  if (state.oidcProviders.all().length >= most) throw quotaExceeded('OpenIdConnectProvidersPerAccount', most)
  state.oidcProviders.put(provider)
  return { OpenIDConnectProviderArn: arn, Tags: tagsShape(provider.tags) }
}

export const getOpenIDConnectProvider: IamHandler = (input, { state }) => {
  const { url, clients, thumbprints, created, tags } = findOidcProvider(state, input.OpenIDConnectProviderArn)
  return {
    Url: url,
    ClientIDList: clients,
    ThumbprintList: thumbprints,
    CreateDate: wholeSeconds(created),
    Tags: tags,
  }
}

export const listOpenIDConnectProviders: IamHandler = (_input, { state }) => ({
  OpenIDConnectProviderList: state.oidcProviders.all().map(({ arn }) => ({ Arn: arn })),
})

export const addClientIDToOpenIDConnectProvider: IamHandler = (input, { state }) => {
  const provider = findOidcProvider(state, input.OpenIDConnectProviderArn)
  if (provider.clients.includes(input.ClientID)) return
  state.oidcProviders.update(provider, { clients: checkedClients([...provider.clients, input.ClientID]) })
}

export const removeClientIDFromOpenIDConnectProvider: IamHandler = (input, { state }) => {
  const provider = findOidcProvider(state, input.OpenIDConnectProviderArn)
  state.oidcProviders.update(provider, { clients: provider.clients.filter((client) => client !== input.ClientID) })
}

export const updateOpenIDConnectProviderThumbprint: IamHandler = (input, { state }) => {
  const provider = findOidcProvider(state, input.OpenIDConnectProviderArn)
  state.oidcProviders.update(provider, { thumbprints: checkedThumbprints(input.ThumbprintList) })
}

export const deleteOpenIDConnectProvider: IamHandler = (input, { state }) => {
  const arn: string = input.OpenIDConnectProviderArn
  if (!state.oidcProviders.get(arn)) throw noSuchEntity(`OpenId connect Provider ${arn} cannot be found.`)
  state.oidcProviders.delete(arn)
}

/** `https://token.actions.githubusercontent.com/` → `token.actions.githubusercontent.com` */
function hostAndPath(url: string): string {
  const match = /^https:\/\/([\w.-]+(?:\/[^\s?#]*)?)$/i.exec(url)
  if (!match) throw validationError('Invalid Open ID Connect Provider URL')
  return match[1]!.replace(/\/+$/, '')
}

function checkedClients(clients: readonly string[]): string[] {
  if (clients.length > quotas.ClientIdsPerOidcProvider)
    throw quotaExceeded('ClientIdsPerOpenIdConnectProvider', quotas.ClientIdsPerOidcProvider)
  return [...new Set(clients)]
}

function checkedThumbprints(thumbprints: readonly string[]): string[] {
  if (thumbprints.length > quotas.ThumbprintsPerOidcProvider)
    throw invalidInput(`Thumbprint list must contain fewer than ${quotas.ThumbprintsPerOidcProvider} entries.`)
  return thumbprints.map((each) => each.toLowerCase())
}
