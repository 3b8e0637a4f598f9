// Where does S3 keep buckets, objects, versions and uploads? Typed tables over the rows of the namespace `s3`, which all
// accounts share, because bucket names do.
//
//   buckets             name → Bucket
//   configurations      name/kind → what was given
//   objects/BUCKET      key → its newest Version, delete markers too
//   versions/BUCKET     key NUL id → an older Version
//   uploads/BUCKET      key NUL id → Upload
//   parts/BUCKET        upload id/00001 → Part
//   errands             moment/number → a version on its way to another bucket
//   errands of          [bucket, key, version], that → nothing more
//   restores            moment/number → an archived version that will be there by then
//   lines               moment/number → a line of an access log that is not delivered yet
//   account blocks      account → its public access block
//   points …            access points: access-points.ts

import type { Handler, SlowHandler, CallContext } from '../../service.ts'
import type { Range, Row, Rows } from '../../store/store.ts'
import { noSuchBucket, noSuchUpload } from './errors.ts'
import { Points } from './access-points.ts'
import type { Bucket, Part, PublicAccessBlock, Segment, Upload, Version } from './records.ts'
import type { Line } from './access-logs.ts'
import type { Restore } from './restores.ts'
import type { Errand } from './replication.ts'
import { newVersionId } from './version-ids.ts'

export type S3Handler = Handler<S3>
export type SlowS3Handler = SlowHandler<S3>
export type S3Context = CallContext & { readonly state: S3 }

export class S3 {
  readonly #rows: Rows

  constructor(rows: Rows) {
    this.#rows = rows
  }

  get points(): Points {
    return new Points(this.#rows)
  }

  /** Only to be looked at, as versions are. */
  findBucket(name: string): Bucket | undefined {
    return this.#rows.look<Bucket>('buckets', name)
  }

  /** Throws NoSuchBucket. */
  bucket(name: string): Bucket {
    const bucket = this.findBucket(name)
    if (!bucket) throw noSuchBucket(name)
    return bucket
  }

  putBucket(bucket: Bucket): void {
    this.#rows.put('buckets', bucket.name, bucket)
  }

  updateBucket(name: string, change: Partial<Bucket>): Bucket {
    const bucket = { ...this.bucket(name), ...change }
    this.putBucket(bucket)
    return bucket
  }

  buckets(range: Range = {}): Bucket[] {
    return this.#rows.scan<Bucket>('buckets', range).map((row) => row.value)
  }

  accountBlock(account: string): PublicAccessBlock | undefined {
    return this.#rows.get<PublicAccessBlock>('account blocks', account)
  }

  /** For the account and each of its buckets; `undefined` forgets it. */
  putAccountBlock(account: string, block: PublicAccessBlock | undefined): void {
    if (block) this.#rows.put('account blocks', account, block)
    else this.#rows.delete('account blocks', account)
    for (const { accountBlock: _before, ...bucket } of this.buckets())
      if (bucket.owner === account) this.putBucket({ ...bucket, ...(block && { accountBlock: block }) })
  }

  /** Whether there is nothing in it, not even an old version. */
  isEmpty(name: string): boolean {
    return this.#rows.scan(`objects/${name}`, { limit: 1 }).length === 0
  }

  /** Forgets an empty bucket with its configurations and unfinished uploads. */
  deleteBucket(name: string): void {
    this.#rows.delete('buckets', name)
    for (const { key } of this.#rows.scan('configurations', { prefix: `${name}/` }))
      this.#rows.delete('configurations', key)
    for (const upload of this.uploads(name)) this.deleteUpload(name, upload, true)
  }

  configuration<T>(bucket: string, kind: string): T | undefined {
    return this.#rows.get<T>('configurations', `${bucket}/${kind}`)
  }

  /** Those whose kind begins so, in the order of kinds: `inventory/` … */
  configurations<T>(bucket: string, prefix: string): T[] {
    return this.#rows.scan<T>('configurations', { prefix: `${bucket}/${prefix}` }).map((row) => row.value)
  }

  putConfiguration(bucket: string, kind: string, value: unknown): void {
    this.#rows.put('configurations', `${bucket}/${kind}`, value)
  }

  deleteConfiguration(bucket: string, kind: string): boolean {
    return this.#rows.delete('configurations', `${bucket}/${kind}`)
  }

  /** The newest version of a key, which may be a delete marker. */
  newest(bucket: string, key: string): Version | undefined {
    return this.#rows.look<Version>(`objects/${bucket}`, key)
  }

  /** A version by its id. */
  version(bucket: string, key: string, id: string): Version | undefined {
    const newest = this.newest(bucket, key)
    return newest?.id === id ? newest : this.#rows.look<Version>(`versions/${bucket}`, `${key}\0${id}`)
  }

  /** The newest versions of keys, in the order of keys. */
  objects(bucket: string, range: Range): Row<Version>[] {
    return this.#rows.scan<Version>(`objects/${bucket}`, range)
  }

  /** The versions of a key behind its newest, newest first. */
  older(bucket: string, key: string): Version[] {
    const rows = this.#rows.scan<Version>(`versions/${bucket}`, { prefix: `${key}\0` })
    return rows.map((row) => row.value).sort((a, b) => b.seq - a.seq)
  }

  /**
   * Puts a version at the head of its key. With versioning the one before stays behind it; without, or suspended, it
   * takes the place of the version `null`. `replica`: the id that it has already.
   */
  put(bucket: Bucket, key: string, version: Omit<Version, 'id' | 'seq'>, replica?: string): Version {
    const table = `objects/${bucket.name}`
    const before = this.#rows.look<Version>(table, key)
    const seq = Math.max(version.modified, (before?.seq ?? 0) + 1)
    const id = replica ?? (bucket.versioning === 'Enabled' ? newVersionId(seq) : 'null')
    const stored: Version = { ...version, id, seq }
    this.keep(stored.segments)
    if (before) {
      if (id === 'null' && before.id === 'null') this.drop(before.segments)
      else this.#rows.put(`versions/${bucket.name}`, `${key}\0${before.id}`, before)
      if (id === 'null' && before.id !== 'null') this.#deleteOlder(bucket.name, key, 'null')
    }
    this.#rows.put(table, key, stored)
    return stored
  }

  /** Changes what is said of a version, not its bytes. */
  replace(bucket: string, key: string, version: Version): void {
    const newest = this.newest(bucket, key)
    if (newest?.id === version.id) this.#rows.put(`objects/${bucket}`, key, version)
    else this.#rows.put(`versions/${bucket}`, `${key}\0${version.id}`, version)
  }

  /** Removes one version for good; the one behind the newest takes its place. */
  remove(bucket: Bucket, key: string, version: Version): void {
    const newest = this.newest(bucket.name, key)
    if (newest?.id !== version.id) return this.#deleteOlder(bucket.name, key, version.id)
    this.drop(version.segments)
    const next = bucket.versioning ? this.older(bucket.name, key)[0] : undefined
    if (!next) {
      this.#rows.delete(`objects/${bucket.name}`, key)
      return
    }
    this.#rows.put(`objects/${bucket.name}`, key, next)
    this.#rows.delete(`versions/${bucket.name}`, `${key}\0${next.id}`)
  }

  #deleteOlder(bucket: string, key: string, id: string): void {
    const table = `versions/${bucket}`
    const version = this.#rows.get<Version>(table, `${key}\0${id}`)
    if (!version) return
    this.drop(version.segments)
    this.#rows.delete(table, `${key}\0${id}`)
  }

  keep(segments: readonly Segment[]): void {
    for (const { blob } of segments) this.#rows.keep(blob)
  }

  drop(segments: readonly Segment[]): void {
    for (const { blob } of segments) this.#rows.drop(blob)
  }

  findUpload(bucket: string, key: string, id: string): Upload | undefined {
    return this.#rows.get<Upload>(`uploads/${bucket}`, `${key}\0${id}`)
  }

  /** Throws NoSuchUpload. */
  upload(bucket: string, key: string, id: string): Upload {
    const upload = this.findUpload(bucket, key, id)
    if (!upload) throw noSuchUpload(id)
    return upload
  }

  /** The object that an upload became, as long as it is there. */
  uploaded(bucket: string, key: string, id: string): Version | undefined {
    const newest = this.newest(bucket, key)
    return newest?.upload === id ? newest : this.older(bucket, key).find((version) => version.upload === id)
  }

  putUpload(bucket: string, upload: Upload): void {
    this.#rows.put(`uploads/${bucket}`, `${upload.key}\0${upload.id}`, upload)
  }

  uploads(bucket: string, range: Range = {}): Upload[] {
    return this.#rows.scan<Upload>(`uploads/${bucket}`, range).map((row) => row.value)
  }

  /** `withParts`: their bytes go, too; otherwise an object has them now. */
  deleteUpload(bucket: string, upload: Upload, withParts: boolean): void {
    this.#rows.delete(`uploads/${bucket}`, `${upload.key}\0${upload.id}`)
    for (const { key, value } of this.#rows.scan<Part>(`parts/${bucket}`, { prefix: `${upload.id}/` })) {
      this.#rows.delete(`parts/${bucket}`, key)
      if (withParts) this.drop(value.segments)
    }
  }

  putPart(bucket: string, upload: string, part: Part): void {
    const key = `${upload}/${String(part.number).padStart(5, '0')}`
    const before = this.#rows.get<Part>(`parts/${bucket}`, key)
    this.keep(part.segments)
    if (before) this.drop(before.segments)
    this.#rows.put(`parts/${bucket}`, key, part)
  }

  putErrand(now: number, errand: Errand): void {
    const id = inTime(now)
    this.#rows.put('errands', id, errand)
    this.#rows.put('errands of', versionOf(errand) + id, 1)
  }

  errand(id: string): Errand | undefined {
    return this.#rows.get<Errand>('errands', id)
  }

  /** The oldest first. */
  errands(limit: number): Row<Errand>[] {
    return this.#rows.scan<Errand>('errands', { limit })
  }

  /** Whether the version of this errand is on its way to somewhere. */
  isOnItsWay(errand: Errand): boolean {
    return this.#rows.keys('errands of', { prefix: versionOf(errand), limit: 1 }).length > 0
  }

  deleteErrand(id: string, errand: Errand): boolean {
    this.#rows.delete('errands of', versionOf(errand) + id)
    return this.#rows.delete('errands', id)
  }

  putRestore(ready: number, restore: Restore): void {
    this.#rows.put('restores', inTime(ready), restore)
  }

  /** Those that are there by now, which are forgotten here. */
  takeRestores(now: number): Restore[] {
    const rows = this.#rows.scan<Restore>('restores', { before: moment(now + 1), limit: 100 })
    for (const { key } of rows) this.#rows.delete('restores', key)
    return rows.map((row) => row.value)
  }

  putLine(line: Line): void {
    this.#rows.put('lines', inTime(line.time), line)
  }

  /** Lines of before a moment, which are forgotten here. */
  takeLines(before: number): Line[] {
    const rows = this.#rows.scan<Line>('lines', { before: moment(before), limit: 1000 })
    for (const { key } of rows) this.#rows.delete('lines', key)
    return rows.map((row) => row.value)
  }

  /** In the order of their numbers; `after`: a part's number. */
  parts(bucket: string, upload: string, after = 0, limit?: number): Part[] {
    const range = { prefix: `${upload}/`, after: `${upload}/${String(after).padStart(5, '0')}`, limit }
    return this.#rows.scan<Part>(`parts/${bucket}`, range).map((row) => row.value)
  }
}

/** What keys of `errands of` begin with. */
function versionOf({ bucket, key, version }: Errand): string {
  return JSON.stringify([bucket, key, version])
}

let made = 0

/** A key of its own, behind those of earlier moments and those that this process has made for the same. */
function inTime(time: number): string {
  return `${moment(time)}/${String(made++).padStart(12, '0')}/${crypto.randomUUID()}`
}

function moment(time: number): string {
  return String(time).padStart(15, '0')
}
