// Which addresses are in a block? IPv4 and IPv6 alike, as whole numbers.

export interface Block {
  readonly version: 4 | 6
  readonly first: bigint
  readonly length: number
}

/** `10.0.0.1/16`, host bits cut off; undefined for what is no block. */
export function parseBlock(text: string): Block | undefined {
  const [, address, length] = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(text) ?? []
  if (address === undefined) return undefined
  const version = address.includes(':') ? 6 : 4
  const value = parseAddress(address)
  const bits = Number(length)
  if (value === undefined || bits > widthOf(version)) return undefined
  const host = BigInt(widthOf(version) - bits)
  return { version, first: (value >> host) << host, length: bits }
}

export function formatBlock({ version, first, length }: Block): string {
  return `${formatAddress(first, version)}/${length}`
}

/** The block as AWS writes it, or undefined. */
export function canonical(text: string): string | undefined {
  const block = parseBlock(text)
  return block && formatBlock(block)
}

export function sizeOf({ version, length }: Block): bigint {
  return 1n << BigInt(widthOf(version) - length)
}

export function contains(outer: Block, inner: Block): boolean {
  return (
    outer.version === inner.version &&
    inner.first >= outer.first &&
    inner.first + sizeOf(inner) <= outer.first + sizeOf(outer)
  )
}

export function overlaps(a: Block, b: Block): boolean {
  return a.version === b.version && a.first < b.first + sizeOf(b) && b.first < a.first + sizeOf(a)
}

export function isIn(block: Block, address: string): boolean {
  const value = parseAddress(address)
  return (
    value !== undefined &&
    address.includes(':') === (block.version === 6) &&
    value >= block.first &&
    value < block.first + sizeOf(block)
  )
}

function widthOf(version: 4 | 6): number {
  return version === 4 ? 32 : 128
}

export function parseAddress(text: string): bigint | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head!.length - (tail?.length ?? 0)
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head!, ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...(tail ?? [])]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n)
}

export function formatAddress(value: bigint, version: 4 | 6): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => Number((value >> shift) & 255n)).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  // RFC 5952: the longest run of zeros, the first of equals, is left out.
  const runs = [...groups.join(':').matchAll(/(?<![0-9a-f])0(:0)+(?![0-9a-f])/g)]
  const longest = runs.sort((a, b) => b[0].length - a[0].length)[0]
  if (!longest) return groups.join(':')
  const written = groups.join(':')
  const before = written.slice(0, longest.index).replace(/:$/, '')
  const after = written.slice(longest.index + longest[0].length).replace(/^:/, '')
  return `${before}::${after}`
}
