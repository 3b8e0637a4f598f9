// Cryptographic hashes and HMAC, by the quickest way each runtime has.
//
// On Bun that is Bun.CryptoHasher: node:crypto costs 3 to 8 ms on its first touch, more than a whole call does.
// On Node it is node:crypto, fetched when first used.

import { toHex } from './bytes.ts'

export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha512'

/** A running hash. After digest or hex it is spent. */
export interface Hasher {
  update(data: Uint8Array | string): Hasher
  digest(): Uint8Array
  hex(): string
}

type NodeCrypto = typeof import('node:crypto')

const onBun = typeof Bun !== 'undefined'

let node: NodeCrypto | undefined
function nodeCrypto(): NodeCrypto {
  return (node ??= process.getBuiltinModule('node:crypto'))
}

/** Starts a hash over data that comes in pieces; text counts as UTF-8. */
export function hasher(name: HashName): Hasher {
  return onBun ? new BunHasher(new Bun.CryptoHasher(name)) : new NodeHasher(nodeCrypto().createHash(name))
}

export function hash(name: HashName, data: Uint8Array | string): Uint8Array {
  return hasher(name).update(data).digest()
}

export function hashHex(name: HashName, data: Uint8Array | string): string {
  return hasher(name).update(data).hex()
}

export function sha256(data: Uint8Array | string): Uint8Array {
  return hash('sha256', data)
}

/** Lower-case hex. */
export function sha256Hex(data: Uint8Array | string): string {
  return onBun ? Bun.SHA256.hash(data as Uint8Array<ArrayBuffer> | string, 'hex') : hashHex('sha256', data)
}

/** Lower-case hex. */
export function md5Hex(data: Uint8Array | string): string {
  return onBun ? Bun.MD5.hash(data as Uint8Array<ArrayBuffer> | string, 'hex') : hashHex('md5', data)
}

export function md5(data: Uint8Array | string): Uint8Array {
  return hash('md5', data)
}

export function hmac(name: HashName, key: Uint8Array | string, data: Uint8Array | string): Uint8Array {
  return startHmac(name, key).update(data).digest()
}

export function hmacSha256(key: Uint8Array | string, data: Uint8Array | string): Uint8Array {
  return hmac('sha256', key, data)
}

/** HMAC-SHA256 under one key, many times: the key is mixed in once. Answers lower-case hex. */
export function keyedSha256(key: Uint8Array): (data: Uint8Array | string) => string {
  if (onBun) {
    const keyed = new Bun.CryptoHasher('sha256', key as Uint8Array<ArrayBuffer>)
    return (data) =>
      keyed
        .copy()
        .update(data as Uint8Array<ArrayBuffer> | string)
        .digest('hex')
  }
  const crypto = nodeCrypto()
  const secret = crypto.createSecretKey(key)
  return (data) => crypto.createHmac('sha256', secret).update(data).digest('hex')
}

function startHmac(name: HashName, key: Uint8Array | string): Hasher {
  return onBun
    ? new BunHasher(new Bun.CryptoHasher(name, key as Uint8Array<ArrayBuffer> | string))
    : new NodeHasher(nodeCrypto().createHmac(name, key))
}

class BunHasher implements Hasher {
  readonly inner: Bun.CryptoHasher
  constructor(inner: Bun.CryptoHasher) {
    this.inner = inner
  }
  update(data: Uint8Array | string): Hasher {
    this.inner.update(data as Uint8Array<ArrayBuffer> | string)
    return this
  }
  digest(): Uint8Array {
    // Into bytes of our own, of which Bun wants 64: it would else make a Buffer, whose first costs a tenth of a millisecond.
    const { byteLength } = this.inner
    const bytes = new Uint8Array(64)
    this.inner.digest(bytes)
    return bytes.subarray(0, byteLength)
  }
  hex(): string {
    return this.inner.digest('hex')
  }
}

class NodeHasher implements Hasher {
  readonly inner: { update(data: Uint8Array | string): unknown; digest(): Buffer }
  constructor(inner: { update(data: Uint8Array | string): unknown; digest(): Buffer }) {
    this.inner = inner
  }
  update(data: Uint8Array | string): Hasher {
    this.inner.update(data)
    return this
  }
  digest(): Uint8Array {
    const bytes = this.inner.digest()
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  hex(): string {
    return toHex(this.digest())
  }
}
