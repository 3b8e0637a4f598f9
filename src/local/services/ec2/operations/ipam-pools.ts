// Pools of addresses: what they hold, and what is allocated of them, to other pools, to networks, or by hand.
// https://docs.aws.amazon.com/vpc/latest/ipam/create-ipam-pool.html

import { AwsError } from '../../../../lib/errors.ts'
import { contains, formatBlock, overlaps, parseBlock } from '../cidr.ts'
import { describe, listed } from '../describe.ts'
import { invalidParameter, missingParameter, need, oneOf } from '../errors.ts'
import { newId } from '../ids.ts'
import type { IpamPool, IpamScope, PoolCidr } from '../ipam-records.ts'
import { allocate, forgetHome, freeBlock, innerId, inUse, noteHome, poolFor, poolsIn, type Wish } from '../ipam.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { mergedTags, tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'

export const createIpamPool: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const { account, region } = state
    const scope = state.ipamScopes.named(input)
    const AddressFamily = oneOf('addressFamily', input.AddressFamily, ['ipv4', 'ipv6'])!
    checkBuilt(scope, input)
    const source = input.SourceIpamPoolId === undefined ? undefined : state.ipamPools.named(input, 'SourceIpamPoolId')
    const Locale = localeOf(state, scope, source, input.Locale)
    if (source && (source.scope !== scope.IpamScopeId || source.AddressFamily !== AddressFamily))
      throw invalidParameter('sourceIpamPoolId', source.IpamPoolId, 'It is of another scope or address family.')
    const IpamPoolId = newId('ipam-pool')
    const pool = state.ipamPools.add({
      IpamPoolId,
      IpamPoolArn: `arn:aws:ec2::${account}:ipam-pool/${IpamPoolId}`,
      IpamScopeArn: scope.IpamScopeArn,
      IpamScopeType: scope.IpamScopeType,
      IpamArn: scope.IpamArn,
      IpamRegion: region,
      OwnerId: account,
      ...(source && { SourceIpamPoolId: source.IpamPoolId }),
      Locale,
      PoolDepth: (source?.PoolDepth ?? 0) + 1,
      State: 'create-in-progress',
      later: [{ at: state.after(5), change: { State: 'create-complete' } }],
      ...(input.Description !== undefined && { Description: input.Description }),
      AutoImport: false,
      AddressFamily,
      ...lengthsIn(input, AddressFamily),
      AllocationResourceTags: input.AllocationResourceTags ?? [],
      scope: scope.IpamScopeId,
      cidrs: [],
      allocations: [],
      Tags: tagsFor(input, 'ipam-pool'),
    })
    noteHome(state, IpamPoolId)
    return { IpamPool: pool }
  })

/** Public addresses are Amazon's or proved to be one's own, networks are found by AWS itself: neither is so here. */
function checkBuilt(scope: IpamScope, { AutoImport, SourceResource }: any): void {
  const lacks = (what: string): AwsError =>
    new AwsError('NotImplemented', `The local AWS has no ${what} yet.`, { status: 501 })
  if (scope.IpamScopeType === 'public') throw lacks('IPAM pools in public scopes')
  if (AutoImport === true) throw lacks('IPAM pools that import by themselves')
  if (SourceResource !== undefined) throw lacks('IPAM pools for the subnets of a VPC')
}

/** A region that the IPAM operates in; the source pool's, where that has one. */
function localeOf(state: Ec2, { ipam }: IpamScope, source: IpamPool | undefined, given = 'None'): string {
  const locale = /^none$/i.test(given) ? 'None' : given
  if (source && source.Locale !== 'None' && locale !== source.Locale)
    throw invalidParameter('locale', locale, `It must be the source pool's: ${source.Locale}.`)
  const regions = state.ipams.find(ipam).OperatingRegions.map(({ RegionName }) => RegionName)
  if (locale !== 'None' && !regions.includes(locale))
    throw invalidParameter('locale', locale, 'The IPAM does not operate in this Region.')
  return locale
}

const lengths = ['AllocationMinNetmaskLength', 'AllocationMaxNetmaskLength', 'AllocationDefaultNetmaskLength'] as const
type Lengths = Partial<Pick<IpamPool, (typeof lengths)[number]>>

function lengthsIn(input: any, family: string, before: Lengths = {}): Lengths {
  const most = family === 'ipv4' ? 32 : 128
  const chosen: Lengths = {}
  for (const name of lengths) {
    const value: number | undefined = input[name] ?? before[name]
    if (value === undefined) continue
    if (value < 0 || value > most) throw invalidParameter(name, value, `Expecting a value between 0 and ${most}.`)
    chosen[name] = value
  }
  const { AllocationMinNetmaskLength: low = 0, AllocationMaxNetmaskLength: high = most } = chosen
  if (low > high) throw invalidParameter('allocationMinNetmaskLength', low, 'It is greater than the maximum.')
  const usual = chosen.AllocationDefaultNetmaskLength
  if (usual !== undefined && (usual < low || usual > high))
    throw invalidParameter('allocationDefaultNetmaskLength', usual, 'It is not between the minimum and the maximum.')
  return chosen
}

export const describeIpamPools: Ec2Handler = (input, { state }) =>
  describe(
    { all: () => poolsIn(state), findAll: (ids: readonly string[]) => ids.map((id) => poolFor(state, id).pool) },
    input,
    {
      ids: 'IpamPoolIds',
      list: 'IpamPools',
      pages: [5, 1000],
      filters: {
        'address-family': 'AddressFamily',
        description: 'Description',
        'ipam-pool-id': 'IpamPoolId',
        'ipam-region': 'IpamRegion',
        'ipam-scope-arn': 'IpamScopeArn',
        'ipam-scope-id': ({ scope }) => scope,
        'ipam-scope-type': 'IpamScopeType',
        locale: 'Locale',
        'owner-id': 'OwnerId',
        'pool-depth': 'PoolDepth',
        'source-ipam-pool-id': 'SourceIpamPoolId',
        state: 'State',
      },
    },
  )

export const modifyIpamPool: Ec2Handler = (input, { state }) => {
  const pool = state.ipamPools.named(input)
  if (input.AutoImport === true) checkBuilt(state.ipamScopes.find(pool.scope), input)
  const chosen = lengthsIn(input, pool.AddressFamily, pool)
  const removed: { Key: string; Value: string }[] = input.RemoveAllocationResourceTags ?? []
  const isRemoved = (tag: { Key: string; Value: string }): boolean =>
    removed.some(({ Key, Value }) => Key === tag.Key && Value === tag.Value)
  state.ipamPools.update(pool, {
    ...(input.Description !== undefined && { Description: input.Description }),
    ...chosen,
    AllocationResourceTags: mergedTags(
      pool.AllocationResourceTags.filter((tag) => !isRemoved(tag)),
      input.AddAllocationResourceTags ?? [],
    ),
    State: 'modify-in-progress',
    later: [{ at: state.after(5), change: { State: 'modify-complete' } }],
  })
  if (input.ClearAllocationDefaultNetmaskLength) {
    delete pool.AllocationDefaultNetmaskLength
    state.ipamPools.put(pool)
  }
  return { IpamPool: pool }
}

/** Its own space goes back to the pool it is of. */
export const deleteIpamPool: Ec2Handler = (input, { state }) => {
  const pool = state.ipamPools.named(input)
  const { IpamPoolId } = pool
  if (state.ipamPools.all().some((each) => each.SourceIpamPoolId === IpamPoolId))
    throw inUse(IpamPoolId, 'pools with this pool as their source')
  if (pool.allocations.some(({ ResourceType }) => ResourceType !== 'custom'))
    throw inUse(IpamPoolId, 'allocations in the pool')
  if (!input.Cascade && pool.cidrs.some(({ State }) => State === 'provisioned'))
    throw inUse(IpamPoolId, 'pool cidrs provisioned in the pool')
  for (const { Cidr } of pool.cidrs) giveBack(state, pool, Cidr)
  forgetHome(state, IpamPoolId)
  state.ipamPools.update(pool, {
    State: 'delete-in-progress',
    later: [{ at: state.after(5), change: {}, gone: true }],
  })
  return { IpamPool: pool }
}

// --- what a pool holds -----------------------------------------------------------------------------------------------

export const provisionIpamPoolCidr: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const pool = state.ipamPools.named(input)
    const source = pool.SourceIpamPoolId === undefined ? undefined : state.ipamPools.find(pool.SourceIpamPoolId)
    if (input.Cidr === undefined && input.NetmaskLength === undefined) throw missingParameter('Cidr')
    if (!source && input.Cidr === undefined) throw missingParameter('Cidr')
    const { block, failure } = provided(state, pool, source, input)
    const cidr: PoolCidr = {
      Cidr: block,
      State: failure === undefined ? 'provisioned' : 'failed-provision',
      ...(failure !== undefined && { FailureReason: { Code: 'cidr-not-available', Message: failure } }),
      IpamPoolCidrId: innerId('ipam-pool-cidr'),
      NetmaskLength: Number(block.split('/')[1]),
    }
    const others = pool.cidrs.filter(({ State }) => State === 'provisioned')
    state.ipamPools.update(pool, { cidrs: [...others, cidr] })
    return { IpamPoolCidr: { ...cidr, State: 'pending-provision', FailureReason: undefined } }
  })

/** The block, taken out of the source pool; whether it could be had is found out later, as AWS does it. */
function provided(
  state: Ec2,
  pool: IpamPool,
  source: IpamPool | undefined,
  wish: Wish,
): { block: string; failure?: string } {
  if (source) {
    if (wish.Cidr === undefined || fits(source, wish.Cidr)) {
      const block = freeBlock({ ...source, ...noRules }, wish)
      allocate(state, source, block, {
        ResourceId: pool.IpamPoolId,
        ResourceType: 'ipam-pool',
        ResourceRegion: state.region,
      })
      return { block: formatBlock(block) }
    }
    return { block: checked(pool, wish.Cidr), failure: 'The CIDR is not available in the source pool.' }
  }
  const text = checked(pool, wish.Cidr!)
  const block = parseBlock(text)!
  const taken = state.ipamPools
    .all()
    .filter((each) => each.scope === pool.scope && each.SourceIpamPoolId === undefined)
    .some(({ cidrs }) => cidrs.some(({ Cidr, State }) => State === 'provisioned' && overlaps(parseBlock(Cidr)!, block)))
  return { block: text, ...(taken && { failure: 'The CIDR overlaps with another in the scope.' }) }
}

/** The rules of a pool are for networks, not for the pools below it. */
const noRules = {
  AllocationMinNetmaskLength: 0,
  AllocationMaxNetmaskLength: 128,
} as const

function fits({ cidrs, allocations }: IpamPool, text: string): boolean {
  const block = parseBlock(text)
  return (
    block !== undefined &&
    cidrs.some(({ Cidr, State }) => State === 'provisioned' && contains(parseBlock(Cidr)!, block)) &&
    !allocations.some(({ Cidr }) => overlaps(parseBlock(Cidr)!, block))
  )
}

function checked({ AddressFamily }: IpamPool, text: string): string {
  const block = parseBlock(text)
  if (!block || block.version !== (AddressFamily === 'ipv4' ? 4 : 6))
    throw invalidParameter('cidr', text, 'This is not a valid CIDR block.')
  return formatBlock(block)
}

export const deprovisionIpamPoolCidr: Ec2Handler = (input, { state }) => {
  const pool = state.ipamPools.named(input)
  need(input, 'Cidr')
  const found = pool.cidrs.find(({ Cidr, State }) => Cidr === input.Cidr && State === 'provisioned')
  if (!found) throw invalidParameter('cidr', input.Cidr, 'It is not provisioned to the pool.')
  if (pool.allocations.some(({ Cidr }) => overlaps(parseBlock(Cidr)!, parseBlock(found.Cidr)!)))
    throw inUse(pool.IpamPoolId, 'allocations in the CIDR')
  state.ipamPools.update(pool, { cidrs: pool.cidrs.filter((each) => each !== found) })
  giveBack(state, pool, found.Cidr)
  return { IpamPoolCidr: { ...found, State: 'pending-deprovision' } }
}

function giveBack(state: Ec2, { IpamPoolId, SourceIpamPoolId }: IpamPool, cidr: string): void {
  const source = SourceIpamPoolId === undefined ? undefined : state.ipamPools.get(SourceIpamPoolId)
  if (!source) return
  const allocations = source.allocations.filter(({ Cidr, ResourceId }) => Cidr !== cidr || ResourceId !== IpamPoolId)
  state.ipamPools.update(source, { allocations })
}

const pages = [5, 100_000] as const

export const getIpamPoolCidrs: Ec2Handler = (input, { state }) => {
  need(input, 'IpamPoolId')
  const { pool } = poolFor(state, input.IpamPoolId)
  const filters = {
    cidr: 'Cidr',
    'ipam-pool-cidr-id': 'IpamPoolCidrId',
    'netmask-length': 'NetmaskLength',
    state: 'State',
  }
  return listed(pool.cidrs, input, { list: 'IpamPoolCidrs', filters, pages })
}

// --- what it gives away ----------------------------------------------------------------------------------------------

export const allocateIpamPoolCidr: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    need(input, 'IpamPoolId')
    const { pool, home } = poolFor(state, input.IpamPoolId)
    const block = freeBlock(pool, input)
    const whom = {
      ...(input.Description !== undefined && { Description: input.Description }),
      ResourceType: 'custom' as const,
    }
    if (input.PreviewNextCidr)
      return { IpamPoolAllocation: { Cidr: formatBlock(block), ...whom, ResourceOwner: state.account } }
    return { IpamPoolAllocation: allocate(home, pool, block, whom) }
  })

const noAllocation = (id: string): AwsError =>
  new AwsError('InvalidIpamPoolAllocationId.NotFound', `The IPAM pool allocation (${id}) does not exist.`)

export const getIpamPoolAllocations: Ec2Handler = (input, { state }) => {
  need(input, 'IpamPoolId')
  const { pool } = poolFor(state, input.IpamPoolId)
  const id: string | undefined = input.IpamPoolAllocationId
  const found = pool.allocations.filter((each) => id === undefined || each.IpamPoolAllocationId === id)
  if (id !== undefined && found.length === 0) throw noAllocation(id)
  const filters = {
    cidr: 'Cidr',
    description: 'Description',
    'resource-id': 'ResourceId',
    'resource-owner': 'ResourceOwner',
    'resource-region': 'ResourceRegion',
    'resource-type': 'ResourceType',
  }
  return listed(found, input, { list: 'IpamPoolAllocations', filters, pages })
}

export const releaseIpamPoolAllocation: Ec2Handler = (input, { state }) => {
  need(input, 'IpamPoolId', 'Cidr', 'IpamPoolAllocationId')
  const { pool, home } = poolFor(state, input.IpamPoolId)
  const found = pool.allocations.find(({ IpamPoolAllocationId }) => IpamPoolAllocationId === input.IpamPoolAllocationId)
  if (!found) throw noAllocation(input.IpamPoolAllocationId)
  if (found.Cidr !== input.Cidr) throw invalidParameter('cidr', input.Cidr, 'It is not the CIDR of the allocation.')
  if (found.ResourceType !== 'custom')
    throw inUse(found.IpamPoolAllocationId, `resources that use it: ${found.ResourceId}`)
  home.ipamPools.update(pool, { allocations: pool.allocations.filter((each) => each !== found) })
  return { Success: true }
}
