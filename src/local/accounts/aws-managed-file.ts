// How is aws-managed.bin laid out? Policies in the order of their ARNs, 64 to a block, each block compressed by itself,
// so that finding one policy costs a fraction of a millisecond:
//
//   u32 length of the index   index   blocks
//
// The index is JSON, [[first ARN, offset, length], …], offsets counted from its end; a block is a JSON row a line.

import { text, utf8 } from '../../lib/bytes.ts'

export type PolicyRow = readonly [
  path: string,
  name: string,
  version: string,
  created: string,
  updated: string,
  document: string,
]

const BLOCK = 64

export function arnOf([path, name]: readonly string[]): string {
  return `arn:aws:iam::aws:policy${path}${name}`
}

export function packPolicies(rows: readonly PolicyRow[], compress: (text: string) => Uint8Array): Uint8Array {
  const sorted = rows.toSorted((a, b) => (arnOf(a) < arnOf(b) ? -1 : 1))
  const index: IndexEntry[] = []
  const blocks: Uint8Array[] = []
  let offset = 0
  for (let at = 0; at < sorted.length; at += BLOCK) {
    const some = sorted.slice(at, at + BLOCK)
    const block = compress(some.map((row) => JSON.stringify(row)).join('\n'))
    index.push([arnOf(some[0]!), offset, block.length])
    blocks.push(block)
    offset += block.length
  }
  const head = utf8(JSON.stringify(index))
  const file = new Uint8Array(4 + head.length + offset)
  new DataView(file.buffer).setUint32(0, head.length, true)
  file.set(head, 4)
  blocks.forEach((block, i) => file.set(block, 4 + head.length + index[i]![1]))
  return file
}

type IndexEntry = [first: string, offset: number, length: number]

/** The rows of a packed file, a block at a time. */
export class PolicyFile {
  readonly #file: Uint8Array
  readonly #decompress: (block: Uint8Array) => Uint8Array
  readonly #index: readonly IndexEntry[]
  readonly #start: number
  /** The lines of the blocks that were opened, by ARN. */
  readonly #blocks = new Map<number, ReadonlyMap<string, string>>()

  constructor(file: Uint8Array, decompress: (block: Uint8Array) => Uint8Array) {
    this.#file = file
    this.#decompress = decompress
    this.#start = 4 + new DataView(file.buffer, file.byteOffset).getUint32(0, true)
    this.#index = JSON.parse(text(file.subarray(4, this.#start))) as IndexEntry[]
  }

  get(arn: string): PolicyRow | undefined {
    const block = this.#index.findLastIndex(([first]) => first <= arn)
    const line = block < 0 ? undefined : this.#block(block).get(arn)
    return line === undefined ? undefined : (JSON.parse(line) as PolicyRow)
  }

  all(): PolicyRow[] {
    return this.#index.flatMap((_, i) => Array.from(this.#block(i).values(), (line) => JSON.parse(line) as PolicyRow))
  }

  #block(i: number): ReadonlyMap<string, string> {
    let lines = this.#blocks.get(i)
    if (lines) return lines
    const [, offset, length] = this.#index[i]!
    const at = this.#start + offset
    const block = text(this.#decompress(this.#file.subarray(at, at + length)))
    lines = new Map(block.split('\n').map((line) => [arnOf(/^\["([^"]+)","([^"]+)"/.exec(line)!.slice(1)), line]))
    this.#blocks.set(i, lines)
    return lines
  }
}
