// Is an IP address inside a CIDR block?

export interface Block {
  readonly bytes: readonly number[]
  /** How many leading bits count. */
  readonly prefix: number
}

/** Reads `203.0.113.0/24`, `2001:db8::/32` or a bare address (all bits). Undefined when it is neither. */
export function parseBlock(text: string): Block | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const bytes = address.includes(':') ? bytesOfV6(address) : bytesOfV4(address)
  if (!bytes) return undefined
  const most = bytes.length * 8
  if (slash < 0) return unmapped({ bytes, prefix: most })
  const length = text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(length) || Number(length) > most) return undefined
  return unmapped({ bytes, prefix: Number(length) })
}

export function contains(block: Block, address: Block): boolean {
  if (block.bytes.length !== address.bytes.length || address.prefix < block.prefix) return false
  for (let bit = 0, i = 0; bit < block.prefix; bit += 8, i++) {
    const kept = Math.min(8, block.prefix - bit)
    const mask = (0xff << (8 - kept)) & 0xff
    if ((block.bytes[i]! & mask) !== (address.bytes[i]! & mask)) return false
  }
  return true
}

function bytesOfV4(text: string): number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  const bytes = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256))
  return bytes.every((byte) => byte < 256) ? bytes : undefined
}

function bytesOfV6(text: string): number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(bytesOfGroups)
  if (!head || (halves.length === 2 && !tail)) return undefined
  if (halves.length === 1) return head.length === 16 ? head : undefined
  const gap = 16 - head.length - tail!.length
  return gap >= 2 ? [...head, ...Array<number>(gap).fill(0), ...tail!] : undefined
}

function bytesOfGroups(text: string): number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [i, group] of groups.entries()) {
    if (group.includes('.') && i === groups.length - 1) {
      const v4 = bytesOfV4(group)
      if (!v4) return undefined
      bytes.push(...v4)
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
    }
  }
  return bytes.length <= 16 ? bytes : undefined
}

/** `::ffff:192.0.2.1`, as dual-stack sockets report a v4 peer, is that v4 address. */
function unmapped(block: Block): Block {
  const { bytes, prefix } = block
  const mapped =
    bytes.length === 16 &&
    prefix >= 96 &&
    bytes[10] === 0xff &&
    bytes[11] === 0xff &&
    bytes.slice(0, 10).every((byte) => byte === 0)
  return mapped ? { bytes: bytes.slice(12), prefix: prefix - 96 } : block
}
