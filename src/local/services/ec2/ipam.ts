// Which addresses does a pool of an IP address manager have left, and who has the others?
// https://docs.aws.amazon.com/vpc/latest/ipam/how-it-works-ipam.html

import { AwsError } from '../../../lib/errors.ts'
import { toHex } from '../../../lib/bytes.ts'
import { contains, formatBlock, overlaps, parseBlock, sizeOf, type Block } from './cidr.ts'
import { invalidParameter, invalidValue, missingParameter } from './errors.ts'
import type { IpamPool, PoolAllocation } from './ipam-records.ts'
import type { Ec2 } from './state.ts'

/** Ids of what is within a pool: `ipam-pool-alloc-0f1fe03456e174fea9c82affb5ee35e01` */
export function innerId(prefix: string): string {
  return `${prefix}-0${toHex(crypto.getRandomValues(new Uint8Array(16)))}`
}

/** A pool lives in its manager's region and is used in the region it is for; this notes where it lives. */
export function noteHome(state: Ec2, id: string): void {
  state.rows.put(homes(state), id, state.region)
}

export function forgetHome(state: Ec2, id: string): void {
  state.rows.delete(homes(state), id)
}

function homes({ account }: Ec2): string {
  return `ipam-pools/${account}`
}

/** The pool of an id, and the region it lives in. Throws InvalidIpamPoolId.NotFound. */
export function poolFor(state: Ec2, id: string): { pool: IpamPool; home: Ec2 } {
  const home = state.at(state.account, state.rows.get<string>(homes(state), id) ?? state.region)
  return { pool: home.ipamPools.find(id), home }
}

/** The pools that a region tells of: those that live there, and those for it. */
export function poolsIn(state: Ec2): IpamPool[] {
  return state.rows
    .scan<string>(homes(state))
    .map(({ key, value }) => state.at(state.account, value).ipamPools.get(key))
    .filter((pool): pool is IpamPool => pool !== undefined)
    .filter(({ IpamRegion, Locale }) => IpamRegion === state.region || Locale === state.region)
    .sort((a, b) => a.order - b.order)
}

export interface Wish {
  Cidr?: string | undefined
  NetmaskLength?: number | undefined
  AllowedCidrs?: readonly string[] | undefined
  DisallowedCidrs?: readonly string[] | undefined
}

/** The block that the pool gives for a wish: the first that is free. Throws where there is none. */
export function freeBlock(pool: IpamPool, wish: Wish): Block {
  const held = pool.cidrs.filter(({ State }) => State === 'provisioned').map(({ Cidr }) => parseBlock(Cidr)!)
  const taken = pool.allocations.map(({ Cidr }) => parseBlock(Cidr)!)
  if (wish.Cidr !== undefined) {
    const block = parseBlock(wish.Cidr)
    if (!block) throw invalidParameter('cidr', wish.Cidr, 'This is not a valid CIDR block.')
    checkLength(pool, block.length)
    if (!held.some((each) => contains(each, block)))
      throw invalidValue(`The CIDR ${formatBlock(block)} is not within the pool ${pool.IpamPoolId}.`)
    if (taken.some((each) => overlaps(each, block)))
      throw invalidValue(`The CIDR ${formatBlock(block)} is already allocated from the pool ${pool.IpamPoolId}.`)
    return block
  }
  const length = wish.NetmaskLength ?? pool.AllocationDefaultNetmaskLength
  if (length === undefined) throw missingParameter('Cidr or NetmaskLength')
  checkLength(pool, length)
  if (!held.some((each) => each.length <= length)) throw invalidValue('The allocation size is too big for the pool.')
  const allowed = wish.AllowedCidrs?.map(blockOf)
  const avoided = [...taken, ...(wish.DisallowedCidrs ?? []).map(blockOf)]
  for (const range of held) {
    const found = firstIn(range, length, avoided, allowed)
    if (found) return found
  }
  throw new AwsError('InsufficientCidrBlocks', `The pool ${pool.IpamPoolId} has no free /${length} block.`)
}

function blockOf(text: string): Block {
  const block = parseBlock(text)
  if (!block) throw invalidParameter('cidr', text, 'This is not a valid CIDR block.')
  return block
}

/** Leaps over whatever is in the way, so that a large range costs no more than what is taken of it. */
function firstIn(
  range: Block,
  length: number,
  avoided: readonly Block[],
  allowed?: readonly Block[],
): Block | undefined {
  const size = sizeOf({ ...range, length })
  const aligned = (at: bigint): bigint => ((at + size - 1n) / size) * size
  const end = range.first + sizeOf(range)
  let at = aligned(range.first)
  while (at + size <= end) {
    const block: Block = { version: range.version, first: at, length }
    const inTheWay = avoided.find((each) => overlaps(each, block))
    if (!inTheWay && (!allowed || allowed.some((each) => contains(each, block)))) return block
    at = inTheWay ? aligned(inTheWay.first + sizeOf(inTheWay)) : nextAllowed(at + size, allowed!, aligned)
    if (at < 0n) return undefined
  }
  return undefined
}

/** The first aligned place from here on that begins in an allowed block; negative where there is none. */
function nextAllowed(from: bigint, allowed: readonly Block[], aligned: (at: bigint) => bigint): bigint {
  const places = allowed
    .filter((each) => each.first + sizeOf(each) > from)
    .map((each) => (each.first > from ? aligned(each.first) : from))
  return places.length === 0 ? -1n : places.reduce((least, each) => (each < least ? each : least))
}

function checkLength(pool: IpamPool, length: number): void {
  const { AllocationMinNetmaskLength: least = 0, AllocationMaxNetmaskLength: most = 128 } = pool
  if (length < least || length > most)
    throw invalidValue(
      `The netmask length ${length} does not comply with the allocation rules of the pool ${pool.IpamPoolId}: ${least} to ${most}.`,
    )
}

/** Takes a block out of a pool for somebody. */
export function allocate(
  home: Ec2,
  pool: IpamPool,
  block: Block,
  whom: Omit<PoolAllocation, 'Cidr' | 'IpamPoolAllocationId' | 'ResourceOwner'>,
): PoolAllocation {
  const allocation = {
    Cidr: formatBlock(block),
    IpamPoolAllocationId: innerId('ipam-pool-alloc'),
    ...whom,
    ResourceOwner: home.account,
  }
  home.ipamPools.update(pool, { allocations: [...pool.allocations, allocation] })
  return allocation
}

/** A VPC's block out of a pool that is for its region. */
export function allocateForVpc(state: Ec2, poolId: string, wish: Wish, vpc: string): string {
  const { pool, home } = poolFor(state, poolId)
  if (pool.Locale !== state.region)
    throw invalidParameter('ipv4IpamPoolId', poolId, `The pool's locale is ${pool.Locale}, not ${state.region}.`)
  const block = freeBlock(pool, wish)
  return allocate(home, pool, block, { ResourceId: vpc, ResourceType: 'vpc', ResourceRegion: state.region }).Cidr
}

/** What a VPC (or one block of it) has of any pool goes back. */
export function releaseOf(state: Ec2, resource: string, cidr?: string): void {
  for (const { IpamRegion, IpamPoolId } of poolsIn(state)) {
    const home = state.at(state.account, IpamRegion)
    const pool = home.ipamPools.find(IpamPoolId)
    const kept = pool.allocations.filter(
      ({ ResourceId, Cidr }) => ResourceId !== resource || (cidr !== undefined && Cidr !== cidr),
    )
    if (kept.length < pool.allocations.length) home.ipamPools.update(pool, { allocations: kept })
  }
}

export function inUse(id: string, what: string): AwsError {
  return new AwsError(
    'DependencyViolation',
    `The specified action is not valid for ${id}. There are one or more ${what}.`,
  )
}
