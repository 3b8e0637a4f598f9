// The chain of a trail's digests: each names the files of an hour, and the digest before it, and is signed.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html

import { AwsError, Failure } from '../../../lib/errors.ts'
import { sha256Hex } from '../../../lib/hash.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Settings } from '../../../client/settings.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { errorText } from '../../report.ts'
import type { Context } from '../command.ts'
import { dateOf, isSigned, publicKeys } from './signature.ts'
import type { Keys } from './signature.ts'

export interface Log {
  readonly s3Bucket: string
  readonly s3Object: string
  readonly hashValue: string
}

export interface Digest {
  readonly digestS3Bucket: string
  readonly digestS3Object: string
  readonly digestStartTime: string
  readonly digestEndTime: string
  readonly digestPublicKeyFingerprint: string
  readonly previousDigestSignature: string | null
  readonly previousDigestS3Bucket?: string | null
  readonly previousDigestS3Object?: string | null
  readonly logFiles?: readonly Log[]
}

export interface Trail {
  readonly name: string
  readonly homeRegion: string
  readonly sourceRegion: string
  readonly account: string
  readonly organization?: string
  readonly bucket: string
  readonly prefix: string | undefined
}

/** What is met on the way along the chain. */
export interface Listener {
  missing(bucket: string, key: string, backfill: boolean): void
  invalid(message: string, backfill: boolean): void
  /** Nothing was delivered between the two. */
  gap(from: Date, to: Date, backfill: boolean): void
}

const REQUIRED = [
  'digestPublicKeyFingerprint',
  'digestS3Bucket',
  'digestS3Object',
  'previousDigestSignature',
  'digestEndTime',
  'digestStartTime',
]
const HOUR = 3_600_000

/** Reads of buckets, each asked for in its own region. */
export class Buckets {
  readonly #settings: Settings
  readonly #regions = new Map<string, string>()

  constructor(settings: Settings) {
    this.#settings = settingsFor(settings, { endpointUrl: 'configured' })
  }

  async call(bucket: string, operation: string, input: Structure): Promise<Structure> {
    const region = this.#regions.get(bucket) ?? (await this.#regionOf(bucket))
    return callWith(
      settingsFor(this.#settings, { region }),
      's3',
      operation,
      { Bucket: bucket, ...input },
      { stream: false },
    )
  }

  async #regionOf(bucket: string): Promise<string> {
    const { LocationConstraint } = await callWith(this.#settings, 's3', 'GetBucketLocation', { Bucket: bucket })
    const region = (LocationConstraint as string | undefined | null) || 'us-east-1'
    this.#regions.set(bucket, region)
    return region
  }
}

class DigestError extends Error {}

export class Chain {
  readonly #trail: Trail
  readonly #buckets: Buckets
  readonly #context: Context
  readonly #listener: Listener
  /** Both kinds come out of one listing. */
  readonly #listed = new Map<string, { standard: string[]; backfill: string[] }>()

  constructor(trail: Trail, buckets: Buckets, context: Context, listener: Listener) {
    this.#trail = trail
    this.#buckets = buckets
    this.#context = context
    this.#listener = listener
  }

  /** Valid digests, from the last one back. */
  async *digests(from: Date, to: Date, backfill: boolean): AsyncGenerator<Digest> {
    let { bucket } = this.#trail
    let waiting = await this.#keys(bucket, from, to, backfill)
    const known = backfill ? (new Map() as Keys) : await this.#publicKeys(from, new Date(to.getTime() + 2 * HOUR))
    let key = waiting.pop()
    let start = key === undefined ? undefined : await dateOf(keyTime(key))
    while (key !== undefined && start !== undefined && from <= start) {
      const current: string = key
      try {
        const digest = await this.#valid(bucket, current, known, backfill)
        const end = await dateOf(digest.digestEndTime)
        start = await dateOf(digest.digestStartTime)
        yield digest
        const { previousDigestS3Bucket: nextBucket, previousDigestS3Object: nextKey } = digest
        if (!nextBucket || !nextKey) {
          const next = before(waiting, current)
          if (next !== undefined) this.#listener.gap(await dateOf(keyTime(next)), start, backfill)
          key = next
        } else {
          key = nextKey
          if (nextBucket !== bucket) {
            bucket = nextBucket
            waiting = await this.#keys(bucket, from, end, backfill)
          }
        }
      } catch (error) {
        this.#tell(error, bucket, current, backfill)
        key = before(waiting, current)
      }
    }
  }

  #tell(error: unknown, bucket: string, key: string, backfill: boolean): void {
    if (error instanceof AwsError) {
      if (error.code !== 'NoSuchKey') throw error
      return this.#listener.missing(bucket, key, backfill)
    }
    const message =
      error instanceof DigestError ? error.message : `Digest file\ts3://${bucket}/${key}\tINVALID: ${errorText(error)}`
    this.#listener.invalid(message, backfill)
  }

  async #keys(bucket: string, from: Date, to: Date, backfill: boolean): Promise<string[]> {
    const id = `${bucket} ${from.getTime()} ${to.getTime()}`
    let lists = this.#listed.get(id)
    if (lists === undefined) this.#listed.set(id, (lists = await this.#list(bucket, from, to)))
    return lists[backfill ? 'backfill' : 'standard']
  }

  async #list(bucket: string, from: Date, to: Date): Promise<{ standard: string[]; backfill: string[] }> {
    const { prefix, place, pattern } = keyShape(this.#trail)
    const [first, last] = [compact(from), compact(new Date(to.getTime() + HOUR))]
    const lists: { standard: string[]; backfill: string[] } = { standard: [], backfill: [] }
    let marker = place(new Date(from.getTime() - 60_000))
    for (;;) {
      const page = await this.#buckets.call(bucket, 'ListObjects', { Marker: marker, Prefix: prefix })
      const keys = ((page.Contents ?? []) as Structure[]).map(({ Key }) => Key as string)
      for (const key of keys.filter((each) => pattern.test(each))) {
        const time = keyTime(key)
        if (time > last) return lists
        if (time >= first) lists[isBackfill(key) ? 'backfill' : 'standard'].push(key)
      }
      if (String(page.IsTruncated) !== 'true' || keys.length === 0) return lists
      marker = (page.NextMarker as string | undefined) ?? keys.at(-1)!
    }
  }

  async #valid(bucket: string, key: string, known: Keys, backfill: boolean): Promise<Digest> {
    const { digest, bytes, metadata } = await this.#fetched(bucket, key)
    const place = `Digest file\ts3://${bucket}/${key}\tINVALID:`
    if (REQUIRED.some((name) => !(name in digest))) throw new DigestError(`${place} invalid format`)
    if (digest.digestS3Bucket !== bucket || digest.digestS3Object !== key) {
      throw new DigestError(`${place} has been moved from its original location`)
    }
    const fingerprint = digest.digestPublicKeyFingerprint
    if (!known.has(fingerprint) && backfill) {
      const made = (await dateOf(metadata['backfill-generation-timestamp']!)).getTime()
      const more = await this.#publicKeys(new Date(made - HOUR), new Date(made + HOUR))
      for (const [name, value] of more) known.set(name, value)
    }
    const publicKey = known.get(fingerprint)
    if (publicKey === undefined) {
      throw new DigestError(
        `${place} public key not found in region ${this.#trail.homeRegion} for fingerprint ${fingerprint}`,
      )
    }
    const text = [
      digest.digestEndTime,
      `${digest.digestS3Bucket}/${digest.digestS3Object}`,
      sha256Hex(bytes),
      digest.previousDigestSignature ?? 'null',
    ].join('\n')
    let signed: boolean
    try {
      signed = await isSigned(text, metadata.signature!, publicKey, 'pkcs1')
    } catch {
      throw new DigestError(`${place} Unable to load PKCS #1 key with fingerprint ${fingerprint}`)
    }
    if (!signed) throw new DigestError(`${place} signature verification failed`)
    return digest
  }

  async #fetched(
    bucket: string,
    key: string,
  ): Promise<{ digest: Digest; bytes: Uint8Array; metadata: Record<string, string> }> {
    const { Body, Metadata } = await this.#buckets.call(bucket, 'GetObject', { Key: key })
    const place = `Digest file\ts3://${bucket}/${key}\tINVALID:`
    let bytes: Uint8Array
    let digest: Digest
    try {
      const { gunzipSync } = await import('node:zlib')
      bytes = gunzipSync(Body as Uint8Array)
      digest = JSON.parse(new TextDecoder().decode(bytes)) as Digest
    } catch {
      throw new DigestError(`${place} invalid format`)
    }
    const metadata = (Metadata ?? {}) as Record<string, string>
    if (metadata.signature === undefined || metadata['signature-algorithm'] === undefined) {
      throw new DigestError(`${place} signature verification failed`)
    }
    if (isBackfill(key) && metadata['backfill-generation-timestamp'] === undefined) {
      throw new DigestError(`${place} invalid format`)
    }
    return { digest, bytes, metadata }
  }

  async #publicKeys(from: Date, to: Date): Promise<Keys> {
    const keys = await publicKeys(from, to, this.#context)
    if (keys.size > 0) return keys
    throw new Failure('InvalidValue', `No public keys found between ${shown(from)} and ${shown(to)}`)
  }
}

/** The newest that is older than `key`; those in between are passed over for good. */
function before(waiting: string[], key: string): string | undefined {
  const limit = keyTime(key)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) if (keyTime(next) < limit) return next
  return undefined
}

/** `2015-01-08T05:21:42Z`. */
export function shown(date: Date): string {
  return date.toISOString().replace(/\.\d+Z/, 'Z')
}

/** `20150108T052142Z`: how keys tell time, and therefore how they sort. */
function compact(date: Date): string {
  return shown(date).replace(/[-:]/g, '')
}

function isBackfill(key: string): boolean {
  return key.endsWith('_backfill.json.gz')
}

function keyTime(key: string): string {
  return isBackfill(key) ? key.slice(-33, -17) : key.slice(-24, -8)
}

/** `prefix/AWSLogs/[organization/]account/CloudTrail-Digest/region/2015/01/08/account_CloudTrail-Digest_…_time.json.gz` */
function keyShape({ account, organization, sourceRegion, homeRegion, name, prefix }: Trail): {
  prefix: string
  place: (date: Date) => string
  pattern: RegExp
} {
  const folder = `${prefix ? `${prefix}/` : ''}AWSLogs/${organization === undefined ? '' : `${organization}/`}${account}/CloudTrail-Digest/${sourceRegion}`
  const file = `${account}_CloudTrail-Digest_${sourceRegion}_${name}_${homeRegion}_`
  const plain = (text: string): string => text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&')
  return {
    prefix: folder,
    place: (date) => `${folder}/${shown(date).slice(0, 10).replaceAll('-', '/')}/${file}${compact(date)}.json.gz`,
    pattern: new RegExp(`^${plain(folder)}/\\d+/\\d+/\\d+/${plain(file)}.+(?:_backfill)?\\.json\\.gz$`),
  }
}
