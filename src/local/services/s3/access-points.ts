// What is an access point called, where is it kept, and what do requests through it tell conditions?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points.html
//
//   points              account/region/name → AccessPoint
//   points by alias     alias → account/region/name
//   points of           bucket/account/region/name → nothing more

import type { AwsError } from '../../../lib/errors.ts'
import type { Context } from '../../../policy/types.ts'
import type { Rows } from '../../store/store.ts'
import { s3Error } from './errors.ts'
import { regionCode } from './names.ts'
import type { AccessPoint } from './records.ts'

/** What an access point is found by. */
export type PointName = Pick<AccessPoint, 'account' | 'region' | 'name'>

export const noSuchAccessPoint = (AccessPointName: string): AwsError =>
  s3Error(404, 'NoSuchAccessPoint', 'The specified accesspoint does not exist', { AccessPointName })

export class Points {
  readonly #rows: Rows

  constructor(rows: Rows) {
    this.#rows = rows
  }

  find(name: PointName): AccessPoint | undefined {
    return this.#rows.get<AccessPoint>('points', rowOf(name))
  }

  /** Throws NoSuchAccessPoint. */
  get(name: PointName): AccessPoint {
    const point = this.find(name)
    if (!point) throw noSuchAccessPoint(name.name)
    return point
  }

  byAlias(alias: string): AccessPoint | undefined {
    const row = this.#rows.get<string>('points by alias', alias)
    return row === undefined ? undefined : this.#rows.get<AccessPoint>('points', row)
  }

  /** Those of an account in a region whose names come after `after`, in the order of names. */
  list({ account, region }: Omit<PointName, 'name'>, after = ''): AccessPoint[] {
    const prefix = `${account}/${region}/`
    return this.#rows.scan<AccessPoint>('points', { prefix, after: prefix + after }).map((row) => row.value)
  }

  /** How many an account has in a region. */
  count({ account, region }: Omit<PointName, 'name'>): number {
    return this.#rows.keys('points', { prefix: `${account}/${region}/` }).length
  }

  /** Whether any account has one to this bucket. */
  has(bucket: string): boolean {
    return this.#rows.keys('points of', { prefix: `${bucket}/`, limit: 1 }).length > 0
  }

  put(point: AccessPoint): void {
    this.#rows.put('points', rowOf(point), point)
    this.#rows.put('points by alias', point.alias, rowOf(point))
    this.#rows.put('points of', `${point.bucket}/${rowOf(point)}`, 1)
  }

  delete(point: AccessPoint): void {
    this.#rows.delete('points', rowOf(point))
    this.#rows.delete('points by alias', point.alias)
    this.#rows.delete('points of', `${point.bucket}/${rowOf(point)}`)
  }
}

function rowOf({ account, region, name }: PointName): string {
  return `${account}/${region}/${name}`
}

export function pointArn({ account, region, name }: PointName): string {
  return `arn:aws:s3:${region}:${account}:accesspoint/${name}`
}

/** The access point of its own ARN, or of the ARN of an object behind it. An address leaves the region out. */
export function pointOfArn(arn: string): PointName | undefined {
  const found = /^arn:[^:]+:s3:([^:]*):(\d{12}):accesspoint[:/]([^/:]+)/.exec(arn)
  return found ? { region: found[1]!, account: found[2]!, name: found[3]! } : undefined
}

/** `NAME-ACCOUNT`, as hosts call it. */
export function pointOfLabel(label: string): Omit<PointName, 'region'> | undefined {
  const [, name, account] = /^(.+)-(\d{12})$/.exec(label) ?? []
  return name === undefined ? undefined : { name, account: account! }
}

/**
 * The name that stands for it where a bucket's may: of 63 letters at most, in the namespace of buckets, for good.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
 */
export function newAlias({ name, region }: PointName): string {
  const place = regionCode(region)
  const random = Array.from(crypto.getRandomValues(new Uint8Array(33 - place.length)), (byte) =>
    (byte % 36).toString(36),
  ).join('')
  return `${name.slice(0, 20).replace(/-+$/, '')}-${random}${place}b-s3alias`
}

/** Condition keys, for the access point's policy and the bucket's alike. */
export function pointKeys(point: PointName & Pick<AccessPoint, 'vpc'>): Context {
  return {
    's3:dataaccesspointarn': pointArn(point),
    's3:dataaccesspointaccount': point.account,
    's3:accesspointnetworkorigin': networkOrigin(point),
  }
}

/** What else is told of it where the permission is its own. */
export function pointTagKeys({ tags = [] }: Pick<AccessPoint, 'tags'>): Context {
  const pairs = tags.flatMap(({ Key, Value }) => [
    [`aws:resourcetag/${Key}`, Value],
    [`s3:accesspointtag/${Key}`, Value],
  ])
  return Object.fromEntries(pairs)
}

export function networkOrigin({ vpc }: Pick<AccessPoint, 'vpc'>): 'VPC' | 'Internet' {
  return vpc === undefined ? 'Internet' : 'VPC'
}
