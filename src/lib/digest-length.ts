// How long is a checksum? Apart from what computes them, which not every call needs.

import type { ChecksumName } from './checksum.ts'

/** Bytes in a digest. */
export const digestLength: Readonly<Record<ChecksumName, number>> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
  sha512: 64,
  md5: 16,
  xxhash64: 8,
  xxhash3: 8,
  xxhash128: 16,
}
