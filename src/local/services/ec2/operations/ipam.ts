// IP address managers and their scopes: the places where addresses must not overlap.
// https://docs.aws.amazon.com/vpc/latest/ipam/what-it-is-ipam.html

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { badCombination, oneOf } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Ipam, IpamScope } from '../ipam-records.ts'
import { forgetHome, inUse } from '../ipam.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'
import { regions } from '../zones.ts'

interface Region {
  RegionName: string
}

function checkedRegions(given: readonly Region[] = []): Region[] {
  for (const { RegionName } of given)
    if (!regions().some(({ name }) => name === RegionName))
      throw new AwsError('InvalidParameterValue', `Invalid region provided: [${RegionName}]`)
  return [...new Map(given.map(({ RegionName }) => [RegionName, { RegionName }])).values()]
}

/** What is being made or changed is said so, and done at the next look. */
const made = (state: Ec2) => ({
  State: 'create-in-progress',
  later: [{ at: state.after(5), change: { State: 'create-complete' } }],
})
const changed = (state: Ec2) => ({
  State: 'modify-in-progress',
  later: [{ at: state.after(5), change: { State: 'modify-complete' } }],
})
const leaving = (state: Ec2) => ({
  State: 'delete-in-progress',
  later: [{ at: state.after(5), change: {}, gone: true as const }],
})

export const createIpam: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const { account, region } = state
    const IpamId = newId('ipam')
    const Tags = tagsFor(input, 'ipam')
    const [open, closed] = [newId('ipam-scope'), newId('ipam-scope')]
    const ipam = state.ipams.add({
      IpamId,
      IpamArn: `arn:aws:ec2::${account}:ipam/${IpamId}`,
      IpamRegion: region,
      OwnerId: account,
      PublicDefaultScopeId: open,
      PrivateDefaultScopeId: closed,
      DefaultResourceDiscoveryId: newId('ipam-res-disco'),
      DefaultResourceDiscoveryAssociationId: newId('ipam-res-disco-assoc'),
      ...(input.Description !== undefined && { Description: input.Description }),
      OperatingRegions: checkedRegions(input.OperatingRegions),
      Tier: oneOf('tier', input.Tier, ['free', 'advanced']) ?? 'advanced',
      EnablePrivateGua: input.EnablePrivateGua ?? false,
      MeteredAccount: oneOf('meteredAccount', input.MeteredAccount, ['ipam-owner', 'resource-owner']) ?? 'ipam-owner',
      ...made(state),
      Tags,
    })
    addScope(state, ipam, { IpamScopeId: open, IpamScopeType: 'public', IsDefault: true })
    addScope(state, ipam, { IpamScopeId: closed, IpamScopeType: 'private', IsDefault: true })
    return { Ipam: ipamShown(state)(ipam) }
  })

function ipamShown(state: Ec2): (ipam: Ipam) => object {
  return (ipam) => ({
    ...ipam,
    ScopeCount: scopesOf(state, ipam).length,
    ResourceDiscoveryAssociationCount: 1,
  })
}

function scopesOf(state: Ec2, { IpamId }: Ipam): IpamScope[] {
  return state.ipamScopes.all().filter(({ ipam }) => ipam === IpamId)
}

export const describeIpams: Ec2Handler = (input, { state }) =>
  describe(state.ipams, input, {
    ids: 'IpamIds',
    list: 'Ipams',
    pages: [5, 1000],
    shown: ipamShown(state),
    filters: {
      description: 'Description',
      'ipam-id': 'IpamId',
      'ipam-region': 'IpamRegion',
      'owner-id': 'OwnerId',
      state: 'State',
      tier: 'Tier',
    },
  })

export const modifyIpam: Ec2Handler = (input, { state }) => {
  const ipam = state.ipams.named(input)
  const removed = new Set(checkedRegions(input.RemoveOperatingRegions).map(({ RegionName }) => RegionName))
  const used = state.ipamPools.all().find(({ IpamArn, Locale }) => IpamArn === ipam.IpamArn && removed.has(Locale))
  if (used) throw inUse(ipam.IpamId, `pools with the locale ${used.Locale}`)
  const OperatingRegions = checkedRegions([...ipam.OperatingRegions, ...(input.AddOperatingRegions ?? [])])
  const tier = oneOf('tier', input.Tier, ['free', 'advanced'])
  const metered = oneOf('meteredAccount', input.MeteredAccount, ['ipam-owner', 'resource-owner'])
  state.ipams.update(ipam, {
    OperatingRegions: OperatingRegions.filter(({ RegionName }) => !removed.has(RegionName)),
    ...(input.Description !== undefined && { Description: input.Description }),
    ...(tier !== undefined && { Tier: tier }),
    ...(metered !== undefined && { MeteredAccount: metered }),
    ...(input.EnablePrivateGua !== undefined && { EnablePrivateGua: input.EnablePrivateGua }),
    ...changed(state),
  })
  return { Ipam: ipamShown(state)(ipam) }
}

/** With all that is in it, or only when nothing is. */
export const deleteIpam: Ec2Handler = (input, { state }) => {
  const ipam = state.ipams.named(input)
  const pools = state.ipamPools.all().filter(({ IpamArn }) => IpamArn === ipam.IpamArn)
  const scopes = scopesOf(state, ipam)
  if (!input.Cascade && pools.length > 0) throw inUse(ipam.IpamId, 'pools in the IPAM')
  if (!input.Cascade && scopes.some(({ IsDefault }) => !IsDefault)) throw inUse(ipam.IpamId, 'scopes in the IPAM')
  // What a pool gave to networks must be given back first; Cascade is for private scopes' own things.
  if (pools.some(({ allocations }) => allocations.some(({ ResourceType }) => ResourceType === 'vpc')))
    throw inUse(ipam.IpamId, 'allocations in its pools')
  for (const pool of pools) {
    state.ipamPools.delete(pool)
    forgetHome(state, pool.IpamPoolId)
  }
  for (const scope of scopes) state.ipamScopes.delete(scope)
  state.ipams.update(ipam, leaving(state))
  return { Ipam: { ...ipam, ScopeCount: scopes.length, ResourceDiscoveryAssociationCount: 1 } }
}

// --- scopes ----------------------------------------------------------------------------------------------------------

function addScope(
  state: Ec2,
  { IpamArn, IpamId }: Ipam,
  given: Pick<IpamScope, 'IpamScopeId' | 'IpamScopeType' | 'IsDefault'> & Partial<IpamScope>,
): IpamScope {
  const { account, region } = state
  return state.ipamScopes.add({
    IpamScopeArn: `arn:aws:ec2::${account}:ipam-scope/${given.IpamScopeId}`,
    IpamArn,
    IpamRegion: region,
    OwnerId: account,
    ...made(state),
    ipam: IpamId,
    ...given,
  })
}

function scopeShown(state: Ec2): (scope: IpamScope) => object {
  return (scope) => ({
    ...scope,
    PoolCount: state.ipamPools.all().filter((each) => each.scope === scope.IpamScopeId).length,
  })
}

/** More private scopes; the public one comes with the IPAM and stays the only one. */
export const createIpamScope: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const ipam = state.ipams.named(input)
    if (input.ExternalAuthorityConfiguration !== undefined)
      throw new AwsError('NotImplemented', 'The local AWS has no external authorities of IPAM scopes yet.', {
        status: 501,
      })
    const scope = addScope(state, ipam, {
      IpamScopeId: newId('ipam-scope'),
      IpamScopeType: 'private',
      IsDefault: false,
      ...(input.Description !== undefined && { Description: input.Description }),
      Tags: tagsFor(input, 'ipam-scope'),
    })
    return { IpamScope: scopeShown(state)(scope) }
  })

export const describeIpamScopes: Ec2Handler = (input, { state }) =>
  describe(state.ipamScopes, input, {
    ids: 'IpamScopeIds',
    list: 'IpamScopes',
    pages: [5, 1000],
    shown: scopeShown(state),
    filters: {
      description: 'Description',
      'ipam-arn': 'IpamArn',
      'ipam-id': ({ ipam }) => ipam,
      'ipam-region': 'IpamRegion',
      'ipam-scope-id': 'IpamScopeId',
      'ipam-scope-type': 'IpamScopeType',
      'is-default': 'IsDefault',
      'owner-id': 'OwnerId',
      state: 'State',
    },
  })

export const modifyIpamScope: Ec2Handler = (input, { state }) => {
  const scope = state.ipamScopes.named(input)
  state.ipamScopes.update(scope, {
    ...(input.Description !== undefined && { Description: input.Description }),
    ...changed(state),
  })
  return { IpamScope: scopeShown(state)(scope) }
}

export const deleteIpamScope: Ec2Handler = (input, { state }) => {
  const scope = state.ipamScopes.named(input)
  if (scope.IsDefault) throw badCombination(`The default scope ${scope.IpamScopeId} cannot be deleted.`)
  if (state.ipamPools.all().some((each) => each.scope === scope.IpamScopeId))
    throw inUse(scope.IpamScopeId, 'pools in the scope')
  state.ipamScopes.update(scope, leaving(state))
  return { IpamScope: { ...scope, PoolCount: 0 } }
}

// --- resource discoveries: the one that every IPAM comes with ----------------------------------------------------------

export const describeIpamResourceDiscoveries: Ec2Handler = (input, { state }) => {
  const all = () =>
    state.ipams.all().map(({ order, DefaultResourceDiscoveryId: id, OperatingRegions, OwnerId, IpamRegion }) => ({
      order,
      OwnerId,
      IpamResourceDiscoveryId: id,
      IpamResourceDiscoveryArn: `arn:aws:ec2::${OwnerId}:ipam-resource-discovery/${id}`,
      IpamResourceDiscoveryRegion: IpamRegion,
      OperatingRegions,
      IsDefault: true,
      State: 'create-complete',
      Tags: [],
    }))
  const findAll = (ids: readonly string[]) =>
    ids.map((id) => {
      const found = all().find((each) => each.IpamResourceDiscoveryId === id)
      if (found) return found
      throw new AwsError(
        'InvalidIpamResourceDiscoveryId.NotFound',
        `The ipam-resource-discovery ID '${id}' does not exist`,
      )
    })
  return describe({ all, findAll }, input, {
    ids: 'IpamResourceDiscoveryIds',
    list: 'IpamResourceDiscoveries',
    pages: [5, 1000],
    filters: { 'ipam-resource-discovery-id': 'IpamResourceDiscoveryId', 'is-default': 'IsDefault', state: 'State' },
  })
}

export const describeIpamResourceDiscoveryAssociations: Ec2Handler = (input, { state }) => {
  const all = () =>
    state.ipams.all().map((ipam) => ({
      order: ipam.order,
      OwnerId: ipam.OwnerId,
      IpamResourceDiscoveryAssociationId: ipam.DefaultResourceDiscoveryAssociationId,
      IpamResourceDiscoveryAssociationArn: `arn:aws:ec2::${ipam.OwnerId}:ipam-resource-discovery-association/${ipam.DefaultResourceDiscoveryAssociationId}`,
      IpamResourceDiscoveryId: ipam.DefaultResourceDiscoveryId,
      IpamId: ipam.IpamId,
      IpamArn: ipam.IpamArn,
      IpamRegion: ipam.IpamRegion,
      IsDefault: true,
      ResourceDiscoveryStatus: 'active',
      State: 'associate-complete',
      Tags: [],
    }))
  const findAll = (ids: readonly string[]) =>
    ids.map((id) => {
      const found = all().find((each) => each.IpamResourceDiscoveryAssociationId === id)
      if (found) return found
      throw new AwsError(
        'InvalidIpamResourceDiscoveryAssociationId.NotFound',
        `The ipam-resource-discovery-association ID '${id}' does not exist`,
      )
    })
  return describe({ all, findAll }, input, {
    ids: 'IpamResourceDiscoveryAssociationIds',
    list: 'IpamResourceDiscoveryAssociations',
    pages: [5, 1000],
    filters: {
      'ipam-id': 'IpamId',
      'ipam-resource-discovery-id': 'IpamResourceDiscoveryId',
      'is-default': 'IsDefault',
      state: 'State',
    },
  })
}
