// Compressed bytes back to plain ones, by the quickest way each runtime has: on Bun without node:zlib, which costs 4 ms.

/** Raw deflate (RFC 1951), without a zlib header. Throws for data that is damaged. */
export function inflate(bytes: Uint8Array): Uint8Array {
  return typeof Bun !== 'undefined' ? Bun.inflateSync(owned(bytes)) : zlib().inflateRawSync(bytes)
}

/** gzip (RFC 1952). Throws for data that is damaged. */
export function gunzip(bytes: Uint8Array): Uint8Array {
  return typeof Bun !== 'undefined' ? Bun.gunzipSync(owned(bytes)) : zlib().gunzipSync(bytes)
}

/** To gzip. */
export function gzip(bytes: Uint8Array): Uint8Array {
  return typeof Bun !== 'undefined' ? Bun.gzipSync(owned(bytes)) : zlib().gzipSync(bytes)
}

// Bun's types, not its functions, refuse bytes that might be shared between threads.
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}

function zlib(): typeof import('node:zlib') {
  return process.getBuiltinModule('node:zlib')
}
