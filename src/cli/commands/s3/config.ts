// What does the profile's `s3` section say about transfers?
//
//   [profile work]
//   s3 =
//     max_concurrent_requests = 20
//     multipart_threshold = 64MB
//     max_bandwidth = 50MB/s
// https://docs.aws.amazon.com/cli/latest/topic/s3-config.html

import { Failure } from '../../../lib/errors.ts'
import { parseInteger } from '../../../lib/python.ts'
import { sizeInBytes } from './sizes.ts'

export interface S3Config {
  /** Undefined where nobody chose it. */
  readonly maxConcurrentRequests?: number
  readonly maxQueueSize: number
  /** Bytes. */
  readonly multipartThreshold: number
  readonly multipartChunksize: number
  /** Bytes a second. */
  readonly maxBandwidth?: number
}

const mebibyte = 1 << 20

/** Throws Failure('InvalidConfig'). */
export function s3Config(section: string | Readonly<Record<string, string>> | undefined): S3Config {
  const keys = typeof section === 'object' ? section : {}
  for (const name of Object.keys(choices)) {
    const value = keys[name]
    if (value !== undefined && value !== 'default' && !choices[name]!.includes(value)) {
      throw invalid(
        `Invalid value: "${value}" for configuration option: "${name}". Supported values are: ${choices[name]!.join(', ')}`,
      )
    }
  }
  return {
    ...optional('maxConcurrentRequests', positive('max_concurrent_requests', keys.max_concurrent_requests)),
    maxQueueSize: positive('max_queue_size', keys.max_queue_size) ?? 1000,
    multipartThreshold: positive('multipart_threshold', size(keys.multipart_threshold)) ?? 8 * mebibyte,
    multipartChunksize: positive('multipart_chunksize', size(keys.multipart_chunksize)) ?? 8 * mebibyte,
    ...optional('maxBandwidth', positive('max_bandwidth', rate(keys.max_bandwidth))),
  }
}

const choices: Readonly<Record<string, readonly string[]>> = {
  preferred_transfer_client: ['auto', 'classic', 'crt'],
}

function optional<K extends string>(name: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<K, number>>)
}

function size(text: string | undefined): number | undefined {
  return text === undefined ? undefined : sizeInBytes(text)
}

/** `50MB/s`, `400Mb/s`: bytes or bits. */
function rate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\s*\d+\s*$/.test(text)) return Number(text)
  if (text.endsWith('B/s')) return sizeInBytes(text.slice(0, -2))
  if (text.endsWith('b/s')) return Math.floor(sizeInBytes(text.slice(0, -2)) / 8)
  throw invalid(
    `Invalid rate: ${text}. The value must be expressed as an integer in terms of bytes per second ` +
      '(e.g. 10485760) or a rate in terms of bytes per second (e.g. 10MB/s or 800KB/s) or bits per second ' +
      '(e.g. 10Mb/s or 800Kb/s)',
  )
}

function positive(name: string, value: string | number | undefined): number | undefined {
  if (value === undefined) return undefined
  const number = typeof value === 'number' ? value : Number(parseInteger(value) ?? Number.NaN)
  if (number > 0) return number
  throw invalid(`Value for ${name} must be a positive integer: ${value}`)
}

function invalid(message: string): Failure {
  return new Failure('InvalidConfig', message)
}
