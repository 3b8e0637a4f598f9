// Which checksum does a request promise, which does an object have, and in which members are they told?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html

import { fromBase64, isBase64, toBase64 } from '../../../lib/bytes.ts'
import { canCompute, isCrc, type ChecksumName } from '../../../lib/checksum.ts'
import { digestLength } from '../../../lib/digest-length.ts'
import { hasher } from '../../../lib/hash.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Headers } from '../../../http/message.ts'
import { invalidRequest, s3Error } from './errors.ts'
import type { StoredChecksum } from './records.ts'

/** Since 2024 S3 makes this one where a client sends none. */
export const defaultAlgorithm: ChecksumName = 'crc64nvme'

/** What a request says of its body's checksum: in a header, or in a trailer that is read after the body. */
export interface Promised {
  algorithm: ChecksumName
  /** Base64; undefined where it comes as a trailer. */
  value?: string
}

/** Undefined where the client promises none. Throws InvalidRequest. */
export function promisedChecksum(headers: Headers): Promised | undefined {
  const given = headerChecksums(headers)
  const trailers = trailerChecksums(headers)
  const [algorithm] = [...given, ...trailers]
  if (given.length > 1 || trailers.length > 1)
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')
  if (given.length + trailers.length > 1) throw invalidRequest('Expecting a single x-amz-checksum- header')
  const sdk = headers['x-amz-sdk-checksum-algorithm']?.toLowerCase()
  if (algorithm !== undefined && sdk !== undefined && sdk !== algorithm)
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.')
  if (given.length === 1) {
    const value = headers[`x-amz-checksum-${algorithm!}`]!
    if (!isDigest(value, algorithm!)) throw invalidValue(algorithm!)
    return { algorithm: algorithm!, value }
  }
  if (algorithm !== undefined) {
    if (!headers['x-amz-content-sha256']?.startsWith('STREAMING-')) throw malformedTrailer()
    return { algorithm }
  }
  if (sdk === undefined) return undefined
  algorithmNamed(sdk)
  throw invalidRequest(
    'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
  )
}

function headerChecksums(headers: Headers): ChecksumName[] {
  const names = Object.keys(headers).flatMap(
    (name) => /^x-amz-checksum-(?!algorithm$|type$|mode$)(.*)/.exec(name)?.[1] ?? [],
  )
  return names.map((name) => {
    if (Object.hasOwn(digestLength, name)) return name as ChecksumName
    throw invalidRequest('The algorithm type you specified in x-amz-checksum- header is invalid.')
  })
}

function trailerChecksums(headers: Headers): ChecksumName[] {
  const names = (headers['x-amz-trailer'] ?? '').split(',').map((each) => each.trim())
  return names.filter(Boolean).map((each) => {
    const name = /^x-amz-checksum-(\w+)$/i.exec(each)?.[1]?.toLowerCase()
    if (name !== undefined && canCompute(name)) return name
    throw invalidRequest('The value specified in the x-amz-trailer header is not supported')
  })
}

export function malformedTrailer(): Error {
  return s3Error(
    400,
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  )
}

/** Throws InvalidRequest for what is no algorithm, or none that is built. */
export function algorithmNamed(name: string): ChecksumName {
  const lower = name.toLowerCase()
  if (canCompute(lower)) return lower
  throw invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  )
}

export function isDigest(value: string, algorithm: ChecksumName): boolean {
  // Bits behind the last byte must be zero.
  return (
    isBase64(value) && fromBase64(value).length === digestLength[algorithm] && toBase64(fromBase64(value)) === value
  )
}

function invalidValue(algorithm: string): Error {
  return invalidRequest(`Value for x-amz-checksum-${algorithm} header is invalid.`)
}

/** The member that tells a checksum: `ChecksumCRC64NVME`. */
export function memberOf(algorithm: string): string {
  return `Checksum${algorithm.toUpperCase()}`
}

/** The members that tell an object's checksum. */
export function checksumMembers(checksum: StoredChecksum | undefined): Structure {
  return checksum ? { ...sumMember(checksum), ChecksumType: checksum.type } : {}
}

/** The same without its type, of which CopyObject does not speak. */
export function sumMember(checksum: StoredChecksum | undefined): Structure {
  return checksum ? { [memberOf(checksum.algorithm)]: checksum.value } : {}
}

/** The checksum among an input's members: ChecksumCRC32 … */
export function checksumIn(input: Structure): { algorithm: string; value: string } | undefined {
  for (const algorithm of Object.keys(digestLength)) {
    const value = input[memberOf(algorithm)]
    if (typeof value === 'string') return { algorithm, value }
  }
  return undefined
}

/** How the checksum of an upload is made of its parts' where nobody says. */
export function defaultType(algorithm: ChecksumName): StoredChecksum['type'] {
  return algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE'
}

/** Throws InvalidRequest where an algorithm cannot be of a type. */
export function checkType(algorithm: ChecksumName, type: StoredChecksum['type']): void {
  const fits = type === 'FULL_OBJECT' ? isCrc(algorithm) : algorithm !== 'crc64nvme'
  if (!fits) throw invalidRequest(`The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`)
}

/** The checksum of the parts' checksums, with their count. */
export function compositeOf(
  algorithm: ChecksumName,
  parts: readonly string[],
  digest: (data: Uint8Array) => Uint8Array,
): string {
  const all = new Uint8Array(parts.length * digestLength[algorithm])
  parts.forEach((part, index) => all.set(fromBase64(part), index * digestLength[algorithm]))
  return `${toBase64(digest(all))}-${parts.length}`
}

/** The ETag of an upload: the MD5 of its parts' MD5s, and their count. */
export function multipartEtag(etags: readonly string[]): string {
  const running = hasher('md5')
  for (const etag of etags) running.update(Buffer.from(etag, 'hex'))
  return `${running.hex()}-${etags.length}`
}
