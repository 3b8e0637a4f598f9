// Server-side encryption: what is asked for, and who may read. Nothing is really encrypted; the account's folder is as
// private as its owner keeps it. Of a customer's key (SSE-C) only a proof is kept, so a wrong key opens nothing.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html

import { fromBase64, isBase64, sameSecret, toBase64, toHex } from '../../../lib/bytes.ts'
import { hmacSha256, md5, sha256Hex } from '../../../lib/hash.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Where } from '../../service.ts'
import { accessDenied, invalidArgument, invalidRequest, s3Error } from './errors.ts'
import type { Bucket, Encryption } from './records.ts'

interface Asked {
  ServerSideEncryption?: string
  SSEKMSKeyId?: string
  SSEKMSEncryptionContext?: string
  BucketKeyEnabled?: boolean
  SSECustomerAlgorithm?: string
  SSECustomerKey?: string
  SSECustomerKeyMD5?: string
}

const withCustomerKey = 'Requests specifying Server Side Encryption with Customer provided keys must provide'

/** The encryption of a new object: the request's, or the bucket's default. Undefined stands for AES256. */
export function askedEncryption(input: Asked, bucket: Bucket, where: Where): Encryption | undefined {
  const key = customerKey(input)
  const { ServerSideEncryption: algorithm } = input
  if (algorithm !== undefined && !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm))
    throw invalidAlgorithm(algorithm)
  if (key) {
    if (algorithm !== undefined)
      throw invalidArgument(
        'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
        'x-amz-server-side-encryption',
        algorithm,
      )
    const salt = toHex(crypto.getRandomValues(new Uint8Array(16)))
    return { algorithm: 'AES256', customer: { md5: toBase64(md5(key)), salt, proof: proofOf(key, salt) } }
  }
  if (input.SSEKMSKeyId !== undefined && !algorithm?.startsWith('aws:kms'))
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      'x-amz-server-side-encryption',
      algorithm ?? 'null',
    )
  const chosen = algorithm ?? bucket.encryption?.algorithm ?? 'AES256'
  if (chosen === 'AES256') return undefined
  const own = algorithm === undefined || bucket.encryption?.algorithm === algorithm ? bucket.encryption : undefined
  return {
    algorithm: chosen,
    key: kmsKeyArn(input.SSEKMSKeyId ?? own?.key, where, bucket),
    ...(input.SSEKMSEncryptionContext !== undefined && { context: input.SSEKMSEncryptionContext }),
    ...((input.BucketKeyEnabled ?? own?.bucketKey) && { bucketKey: true }),
  }
}

/** A key's ARN as S3 tells it; without one, that of the account's own key for S3. */
export function kmsKeyArn(key: string | undefined, { account }: Where, { region, owner }: Bucket): string {
  if (key?.startsWith('arn:')) return key
  const prefix = `arn:aws:kms:${region}:${account || owner}:`
  if (key?.startsWith('alias/')) return prefix + key
  return `${prefix}key/${key ?? asUuid(sha256Hex(`aws/s3 of ${prefix}`))}`
}

function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function invalidAlgorithm(algorithm: string): Error {
  return s3Error(
    400,
    'InvalidEncryptionAlgorithmError',
    'The Encryption request you specified is not valid. Supported value: AES256.',
    {
      ArgumentName: 'x-amz-server-side-encryption',
      ArgumentValue: algorithm,
    },
  )
}

/** The customer's key of a request, found right in itself; undefined where there is none. */
function customerKey({
  SSECustomerAlgorithm: algorithm,
  SSECustomerKey: text,
  SSECustomerKeyMD5: digest,
}: Asked): Uint8Array | undefined {
  if (algorithm === undefined && text === undefined && digest === undefined) return undefined
  const wrong = (message: string, header = 'x-amz-server-side-encryption', value = 'null'): Error =>
    invalidArgument(message, header, value)
  if (text === undefined) throw wrong(`${withCustomerKey} an appropriate secret key.`)
  if (algorithm === undefined) throw wrong(`${withCustomerKey} a valid encryption algorithm.`)
  if (algorithm !== 'AES256') throw invalidAlgorithm(algorithm)
  const key = isBase64(text) ? fromBase64(text) : new Uint8Array(0)
  if (key.length !== 32) throw wrong('The secret key was invalid for the specified algorithm.')
  if (digest === undefined) throw wrong(`${withCustomerKey} the client calculated MD5 hash of the secret key.`)
  if (digest !== toBase64(md5(key)))
    throw wrong('The calculated MD5 hash of the key did not match the hash that was provided.')
  return key
}

function proofOf(key: Uint8Array, salt: string): string {
  return toHex(hmacSha256(key, salt))
}

const otherParts =
  'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.'

/** Throws unless the request gives the key that the object (or upload) was stored with, or none where none was. */
export function checkKey(stored: Encryption | undefined, input: Asked, part = false): void {
  const key = customerKey(input)
  const { customer } = stored ?? {}
  if (!customer) {
    if (key) throw invalidRequest(part ? otherParts : 'The encryption parameters are not applicable to this object.')
    return
  }
  if (!key)
    throw invalidRequest(
      part
        ? otherParts
        : 'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    )
  if (sameSecret(proofOf(key, customer.salt), customer.proof)) return
  if (part) throw invalidRequest('The provided encryption parameters did not match the ones used originally.')
  throw accessDenied(`${withCustomerKey} the correct secret key.`)
}

/** The source's key of a copy, as an object's own would be given. */
export function sourceKey(input: Record<string, any>): Asked {
  return {
    SSECustomerAlgorithm: input['CopySourceSSECustomerAlgorithm'],
    SSECustomerKey: input['CopySourceSSECustomerKey'],
    SSECustomerKeyMD5: input['CopySourceSSECustomerKeyMD5'],
  }
}

/** The members that tell an object's encryption. */
export function encryptionMembers(encryption: Encryption | undefined): Structure {
  if (!encryption) return { ServerSideEncryption: 'AES256' }
  const { algorithm, key, bucketKey, customer } = encryption
  if (customer) return { SSECustomerAlgorithm: algorithm, SSECustomerKeyMD5: customer.md5 }
  return { ServerSideEncryption: algorithm, SSEKMSKeyId: key, ...(bucketKey && { BucketKeyEnabled: true }) }
}
