// What Glacier wants that its model does not say: the version of its API, an account, and the hashes of what is uploaded.
// https://docs.aws.amazon.com/amazonglacier/latest/dev/api-common-request-headers.html

import { concat, toHex } from '../../lib/bytes.ts'
import { hasher, sha256 } from '../../lib/hash.ts'
import type { Body, Headers } from '../../http/message.ts'
import type { Quirks } from './index.ts'

const mebibyte = 1 << 20

export const glacier: Quirks = {
  // `-` is the account of whoever asks.
  input(input) {
    input['accountId'] ??= '-'
    return input
  },

  async request(message, { operation }) {
    const headers: Headers = { ...message.headers, 'x-amz-glacier-version': operation.service.metadata.apiVersion }
    if (operation.name === 'UploadArchive' || operation.name === 'UploadMultipartPart') {
      const { whole, tree } = await hashes(message.body)
      headers['x-amz-content-sha256'] ??= whole
      headers['x-amz-sha256-tree-hash'] ??= tree
    }
    return { ...message, headers }
  },
}

/** In hex. A stream must be read to the end before it is sent: it is not, and goes without. */
async function hashes(body: Body): Promise<{ whole: string; tree: string }> {
  const all = hasher('sha256')
  const leaves: Uint8Array[] = []
  const size = body instanceof Uint8Array ? body.length : body instanceof Blob ? body.size : 0
  for (let at = 0; at < size; at += mebibyte) {
    const piece =
      body instanceof Uint8Array
        ? body.subarray(at, at + mebibyte)
        : new Uint8Array(await (body as Blob).slice(at, at + mebibyte).arrayBuffer())
    all.update(piece)
    leaves.push(sha256(piece))
  }
  return { whole: all.hex(), tree: toHex(treeHash(leaves)) }
}

/**
 * The hashes of each MiB, joined in pairs and hashed until one is left; one without a partner rises as it is.
 * https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations.html
 */
export function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves.length === 0 ? [sha256('')] : [...leaves]
  while (level.length > 1) {
    const next: Uint8Array[] = []
    for (let at = 0; at < level.length; at += 2) {
      next.push(at + 1 < level.length ? sha256(concat([level[at]!, level[at + 1]!])) : level[at]!)
    }
    level = next
  }
  return level[0]!
}
