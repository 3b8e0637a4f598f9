// What is there, in one region of one account? Typed tables over rows; what changes by itself is settled as it is read:
// a resource keeps what it will become and when, and the clock alone makes it so.

import type { CallContext, Handler, SlowHandler, Where } from '../../service.ts'
import type { Rows } from '../../store/store.ts'
import type * as capacity from './capacity-records.ts'
import type { ClientVpnEndpoint } from './client-vpn-records.ts'
import { plantDefaultVpc } from './defaults.ts'
import { need } from './errors.ts'
import { newId, nextOrder } from './ids.ts'
import type * as ipam from './ipam-records.ts'
import { kinds, type Kind, type KindName } from './kinds.ts'
import type * as record from './records.ts'
import type { Resource } from './records.ts'
import type * as side from './side-records.ts'
import type * as transit from './transit-records.ts'

export type Ec2Handler<Input = any> = Handler<Ec2, Input>
export type Ec2SlowHandler<Input = any> = SlowHandler<Ec2, Input>
export type Ec2Context = CallContext & { readonly state: Ec2 }

/** Records by their member names. */
interface Records {
  instances: record.Instance
  volumes: record.Volume
  snapshots: record.Snapshot
  images: record.Image
  keyPairs: record.KeyPair
  securityGroups: record.SecurityGroup
  vpcs: record.Vpc
  subnets: record.Subnet
  routeTables: record.RouteTable
  internetGateways: record.InternetGateway
  egressGateways: record.EgressGateway
  natGateways: record.NatGateway
  networkAcls: record.NetworkAcl
  interfaces: record.NetworkInterface
  addresses: record.Address
  dhcpOptions: record.DhcpOptions
  endpoints: record.VpcEndpoint
  peerings: record.VpcPeering
  flowLogs: record.FlowLog
  prefixLists: record.PrefixList
  placementGroups: record.PlacementGroup
  launchTemplates: record.LaunchTemplate
  vpnGateways: record.VpnGateway
  customerGateways: record.CustomerGateway
  spotRequests: side.SpotRequest
  cidrReservations: side.CidrReservation
  transitGateways: transit.TransitGateway
  transitAttachments: transit.TransitAttachment
  transitTables: transit.TransitRouteTable
  multicastDomains: transit.MulticastDomain
  connectPeers: transit.ConnectPeer
  vpnConnections: transit.VpnConnection
  carrierGateways: record.CarrierGateway
  endpointServices: side.EndpointService
  mirrorFilters: side.MirrorFilter
  mirrorTargets: side.MirrorTarget
  mirrorSessions: side.MirrorSession
  connectEndpoints: side.ConnectEndpoint
  eventWindows: side.EventWindow
  interfacePermissions: side.InterfacePermission
  accessExclusions: side.AccessExclusion
  rootVolumeTasks: side.RootVolumeTask
  hosts: capacity.Host
  capacityReservations: capacity.CapacityReservation
  fleets: capacity.Fleet
  spotFleets: capacity.SpotFleet
  clientVpnEndpoints: ClientVpnEndpoint
  ipams: ipam.Ipam
  ipamScopes: ipam.IpamScope
  ipamPools: ipam.IpamPool
}

export class Table<T extends Resource, Id extends keyof T = never> {
  readonly kind: Kind
  readonly #rows: Rows
  readonly #name: string
  readonly #now: number

  constructor(rows: Rows, kind: Kind, where: string, now: number) {
    this.kind = kind
    this.#rows = rows
    this.#name = `${kind.table}/${where}`
    this.#now = now
  }

  idOf(record: T): string {
    return (record as unknown as Record<string, string>)[this.kind.id]!
  }

  get(id: string): T | undefined {
    const found = this.#rows.get<T & Record<string, never>>(this.#name, id)
    return found === undefined ? undefined : settled<T>(found, this.#now)
  }

  /** Throws what EC2 says of an id that is none, or that nothing has. */
  find(id: string): T {
    return this.findAll([id])[0]!
  }

  /** The one whose id stands in this member of the input, by default the one that its kind is called by. */
  named(input: Readonly<Record<string, any>>, member: string = this.kind.id): T {
    need(input, member)
    return this.find(input[member])
  }

  findAll(ids: readonly string[]): T[] {
    for (const id of ids) {
      const malformed = this.kind.malformed?.(id)
      if (malformed) throw malformed
    }
    const found = ids.map((id) => this.get(id))
    const missing = ids.filter((_, at) => found[at] === undefined)
    if (missing.length > 0) throw this.kind.missing(missing)
    return found as T[]
  }

  /** In the order they were made. */
  all(): T[] {
    return this.#rows
      .scan<T & Record<string, never>>(this.#name)
      .flatMap(({ value }) => settled<T>(value, this.#now) ?? [])
      .sort((a, b) => a.order - b.order)
  }

  put(record: T): T {
    this.#rows.put(this.#name, this.idOf(record), record)
    return record
  }

  /** Stores a new resource under a new id. */
  add(fields: Omit<T, 'order' | Id> & Partial<Pick<T, Id>>): T {
    return this.put({
      [this.kind.id]: newId(this.kind.prefix),
      order: nextOrder(this.#now),
      ...fields,
      Tags: (fields as { Tags?: record.Tag[] }).Tags ?? [],
    } as unknown as T)
  }

  update(record: T, change: Partial<T>): T {
    return this.put(Object.assign(record, change))
  }

  delete(record: T): void {
    this.#rows.delete(this.#name, this.idOf(record))
  }
}

type IdOf<K extends KindName> = (typeof kinds)[K]['id'] & keyof Records[K]
type Tables = { readonly [K in KindName]: Table<Records[K], IdOf<K>> }

export interface Ec2 extends Tables {
  readonly rows: Rows
  readonly account: string
  readonly region: string
  /** Milliseconds, by the account's clock. */
  readonly now: number
  /** When a change is over that takes so many seconds: now, unless the account goes at AWS's pace. */
  after(seconds: number): number
  /** Versions of launch templates, by `lt-…/0000000001`. */
  readonly versions: Table<record.TemplateVersion>
  settings(): side.RegionSettings
  changeSettings(change: Partial<side.RegionSettings>): void
  /** The same world seen from another region or account. */
  at(account: string, region: string): Ec2
  table(name: KindName): Table<Resource>
}

const versionKind: Kind = { table: 'versions', id: 'key', prefix: '', type: '', missing: kinds.launchTemplates.missing }

export function ec2In(
  rows: Rows,
  account: string,
  region: string,
  now: number,
  pace: CallContext['pace'] = 'quick',
): Ec2 {
  const where = `${account}/${region}`
  const made = new Map<Kind, Table<any>>()
  const tableOf = (kind: Kind): Table<any> => {
    if (!made.has(kind)) made.set(kind, new Table(rows, kind, where, now))
    return made.get(kind)!
  }
  const state = {
    rows,
    account,
    region,
    now,
    after: (seconds: number) => (pace === 'real' ? now + seconds * 1000 : now),
    settings: () => rows.get<side.RegionSettings & Record<string, never>>('settings', where) ?? {},
    changeSettings(change: Partial<side.RegionSettings>) {
      rows.put('settings', where, {
        ...rows.get<side.RegionSettings & Record<string, never>>('settings', where),
        ...change,
      })
    },
    at: (other: string, there: string) =>
      other === account && there === region ? state : ec2In(rows, other, there, now, pace),
    table: (name: KindName) => tableOf(kinds[name]),
    get versions() {
      return tableOf(versionKind)
    },
  } as unknown as Ec2
  for (const [name, kind] of Object.entries(kinds)) Object.defineProperty(state, name, { get: () => tableOf(kind) })
  return state
}

/** What a request sees: at the first in a region, what every region has is put there. */
export function settledIn(
  rows: Rows,
  { account, region, clock, pace }: Where & Pick<CallContext, 'clock' | 'pace'>,
): Ec2 {
  const now = clock().getTime()
  const state = ec2In(rows, account, region, now, pace)
  const where = `${account}/${region}`
  if (account !== '' && rows.get('made', where) === undefined) {
    rows.put('made', where, now)
    plantDefaultVpc(state)
  }
  return state
}

/** A resource as it is now; undefined when it is no more. */
function settled<T extends Resource>(found: T, now: number): T | undefined {
  while (found.later?.[0] && found.later[0].at <= now) {
    const [{ change, gone }, ...rest] = found.later as [record.Later, ...record.Later[]]
    if (gone) return undefined
    Object.assign(found, change)
    found.later = rest
  }
  return found
}
