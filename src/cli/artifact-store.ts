// Files that AWS is to read from a bucket, each by the MD5 of what it holds: what is there already is not sent again.

import { md5Hex } from '../lib/hash.ts'
import { AwsError, Failure } from '../lib/errors.ts'
import { floatRepr } from '../lib/python.ts'
import type { Structure } from '../lib/value.ts'
import { resolveEndpoint } from '../client/endpoint/resolve.ts'
import type { Settings } from '../client/settings.ts'
import { callWith } from './clients.ts'
import { uploadFile } from './upload-file.ts'

export interface Place {
  readonly bucket: string
  readonly prefix?: string | undefined
  readonly kmsKeyId?: string | undefined
  /** Send it again though it is there. */
  readonly force?: boolean
  readonly metadata?: Structure | undefined
}

export class ArtifactStore {
  readonly #settings: Settings
  readonly #place: Place
  /** Where progress is told. */
  readonly #tell: (text: string) => void

  constructor(settings: Settings, place: Place, tell: (text: string) => void) {
    this.#settings = settings
    this.#place = place
    this.#tell = tell
  }

  /** Its address: `s3://bucket/prefix/md5.extension`. */
  async keep(bytes: Uint8Array, extension?: string): Promise<string> {
    const sum = md5Hex(bytes)
    return this.put(bytes, extension === undefined ? sum : `${sum}.${extension}`)
  }

  /** The same under a name of one's own. */
  async put(bytes: Uint8Array, name: string): Promise<string> {
    const { bucket, prefix, force } = this.#place
    const key = prefix ? `${prefix}/${name}` : name
    if (force || !(await this.#isThere(key))) await this.#send(bytes, key)
    return `s3://${bucket}/${key}`
  }

  async #isThere(key: string): Promise<boolean> {
    try {
      await callWith(this.#settings, 's3', 'HeadObject', { Bucket: this.#place.bucket, Key: key })
      return true
    } catch (error) {
      if (error instanceof AwsError) return false
      throw error
    }
  }

  async #send(bytes: Uint8Array, key: string): Promise<void> {
    const { bucket, kmsKeyId, metadata } = this.#place
    const encryption = kmsKeyId
      ? { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }
      : { ServerSideEncryption: 'AES256' }
    let sent = 0
    try {
      await uploadFile(this.#settings, new Blob([bytes as Uint8Array<ArrayBuffer>]), {
        Bucket: bucket,
        Key: key,
        extras: { ...encryption, ...(metadata && Object.keys(metadata).length > 0 ? { Metadata: metadata } : {}) },
        progress: (more) => {
          sent += more
          const share = bytes.length === 0 ? 100 : (sent / bytes.length) * 100
          this.#tell(`\rUploading to ${key}  ${sent} / ${floatRepr(bytes.length)}  (${share.toFixed(2)}%)`)
        },
      })
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'NoSuchBucket') throw error
      throw new Failure(
        'InvalidValue',
        `S3 Bucket does not exist. Execute the command to create a new bucket\naws s3 mb s3://${bucket}`,
      )
    }
  }

  /** `https://s3.REGION.amazonaws.com/bucket/key`: CloudFormation wants templates so. */
  async pathStyle(address: string): Promise<string> {
    const operation = await this.#settings.models.operation('s3', 'ListBuckets')
    const { scheme, host, basePath } = await resolveEndpoint(operation, {}, this.#settings)
    return `${scheme}://${host}${basePath}/${address.slice('s3://'.length)}`
  }
}
