// An object's bytes, from the request to a blob: checked and summed while they pass, so that no object need fit in
// memory. What was received is nobody's until a transaction keeps it.

import { fromBase64, isBase64, toBase64 } from '../../../lib/bytes.ts'
import { checksum as newChecksum, type ChecksumName } from '../../../lib/checksum.ts'
import { hasher } from '../../../lib/hash.ts'
import { piecesOf } from '../../../lib/stream.ts'
import { isFramed } from '../../bodies.ts'
import type { CallContext } from '../../service.ts'
import { defaultAlgorithm, isDigest, malformedTrailer, promisedChecksum } from './checksums.ts'
import { invalidRequest, s3Error } from './errors.ts'
import type { Segment } from './records.ts'

export const largestPut = 5 * 1024 ** 3

export interface Received {
  /** To be called inside the transaction that puts the object in place; `storing` sees to the rest. */
  segments(): Segment[]
  abort(): void
  size: number
  /** MD5 in hex. */
  etag: string
  checksum: { algorithm: ChecksumName; value: string }
  /** The checksum that S3 makes of everything, where it was asked for. */
  common?: string
}

/**
 * Takes the request's body. `algorithm`: the one to compute where the client promises no checksum; `common`: beside a
 * promised one, S3's own is wanted, too.
 */
export async function receive(
  context: CallContext,
  algorithm: ChecksumName = defaultAlgorithm,
  common = false,
): Promise<Received> {
  const { headers } = context.request
  const contentMd5 = headers['content-md5']
  if (contentMd5 !== undefined && !(isBase64(contentMd5) && fromBase64(contentMd5).length === 16))
    throw s3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', { 'Content-MD5': contentMd5 })
  const promised = promisedChecksum(headers)
  checkLength(context)

  const check = (etag: string, value: string): void => {
    if (contentMd5 !== undefined && contentMd5 !== toBase64(Buffer.from(etag, 'hex')))
      throw s3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.', {
        // It comes in base64 and is told in hex.
        ExpectedDigest: Buffer.from(fromBase64(contentMd5)).toString('hex'),
        CalculatedDigest: toBase64(Buffer.from(etag, 'hex')),
      })
    if (!promised) return
    const told = promised.value ?? context.payload?.trailers[`x-amz-checksum-${promised.algorithm}`]
    if (told === undefined) throw malformedTrailer()
    if (!isDigest(told, promised.algorithm))
      throw invalidRequest(`Value for x-amz-checksum-${promised.algorithm} trailing header is invalid.`)
    if (told !== value) {
      const name = promised.algorithm.toUpperCase()
      throw s3Error(400, 'BadDigest', `The ${name} you specified did not match the calculated checksum.`)
    }
  }
  return take(context, bodyOf(context), promised?.algorithm ?? algorithm, check, common)
}

function checkLength({ request, payload }: CallContext): void {
  const length = request.body instanceof ReadableStream || isFramed(request) ? payload?.length : 0
  if (length === undefined)
    throw s3Error(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.')
  if (length > largestPut)
    throw s3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: length,
      MaxSizeAllowed: largestPut,
    })
}

/** A body in bytes was judged with the signature, unless it is framed. */
function bodyOf({ request, payload }: CallContext): AsyncIterable<Uint8Array> | Uint8Array {
  if (request.body instanceof Uint8Array && !isFramed(request)) return request.body
  return piecesOf(payload!.body)
}

/** Writes pieces into a blob; `check` sees the sums before anything is kept. */
export async function take(
  context: Pick<CallContext, 'blobs'>,
  body: AsyncIterable<Uint8Array> | Uint8Array,
  algorithm: ChecksumName,
  check: (etag: string, checksum: string) => void = () => {},
  common = false,
): Promise<Received> {
  const writer = context.blobs.create()
  try {
    const md5 = hasher('md5')
    const running = newChecksum(algorithm)
    const beside = common && algorithm !== defaultAlgorithm ? newChecksum(defaultAlgorithm) : undefined
    let size = 0
    const add = (piece: Uint8Array): void | Promise<void> => {
      md5.update(piece)
      running.update(piece)
      beside?.update(piece)
      size += piece.length
      return writer.write(piece)
    }
    if (body instanceof Uint8Array) await add(body)
    else for await (const piece of body) await add(piece)
    const etag = md5.hex()
    const value = toBase64(running.digest())
    check(etag, value)
    const segments = (): Segment[] => (size === 0 ? [] : [{ blob: writer.commit(), size }])
    return {
      segments,
      abort: () => writer.abort(),
      size,
      etag,
      checksum: { algorithm, value },
      ...(common && { common: beside ? toBase64(beside.digest()) : value }),
    }
  } catch (error) {
    writer.abort()
    throw error
  }
}

/** Runs the transaction that keeps what was received; where it fails, nothing of it stays. */
export async function storing<T>(received: Received, transaction: Promise<T>): Promise<T> {
  try {
    return await transaction
  } catch (error) {
    received.abort()
    throw error
  }
}
