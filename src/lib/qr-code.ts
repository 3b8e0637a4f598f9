// A text as a QR code in a PNG, for phones to photograph: what CreateVirtualMFADevice hands out beside the seed.
// ISO/IEC 18004: byte mode, error correction level L, versions 1 to 12, mask 0.

import { png } from './png.ts'

/** From version 1, at level L: [data bytes a block, blocks]; and the correction bytes of each block. */
const versions: readonly (readonly (readonly [data: number, blocks: number])[])[] = [
  [[19, 1]],
  [[34, 1]],
  [[55, 1]],
  [[80, 1]],
  [[108, 1]],
  [[68, 2]],
  [[78, 2]],
  [[97, 2]],
  [[116, 2]],
  [
    [68, 2],
    [69, 2],
  ],
  [[81, 4]],
  [
    [92, 2],
    [93, 2],
  ],
]
const correction = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24]
const alignment = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
  [6, 30, 54],
  [6, 32, 58],
]

/** A PNG, `scale` pixels a module, with the quiet zone of four modules. Throws RangeError for more than 367 bytes. */
export function qrPng(bytes: Uint8Array, scale = 4): Uint8Array {
  const modules = qrModules(bytes)
  const size = (modules.length + 8) * scale
  const stride = Math.ceil(size / 8)
  const pixels = new Uint8Array((stride + 1) * size).fill(0xff)
  for (let y = 0; y < size; y++) {
    pixels[y * (stride + 1)] = 0
    for (let x = 0; x < size; x++) {
      const dark = modules[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4]
      if (dark) pixels[y * (stride + 1) + 1 + (x >> 3)]! &= ~(0x80 >> (x & 7))
    }
  }
  return png({ width: size, height: size }, pixels)
}

/** Rows of modules, true for dark. */
export function qrModules(bytes: Uint8Array): boolean[][] {
  const version = versions.findIndex((blocks, i) => capacity(blocks) >= bytes.length + (i < 9 ? 2 : 3)) + 1
  if (version === 0) throw new RangeError(`a QR code of at most 367 bytes was asked to hold ${bytes.length}`)
  const size = 17 + 4 * version
  const modules: (boolean | undefined)[][] = Array.from({ length: size }, () => Array.from({ length: size }))
  drawPatterns(modules, version)
  drawData(modules, codewords(bytes, version))
  return modules as boolean[][]
}

function capacity(blocks: readonly (readonly [number, number])[]): number {
  return blocks.reduce((sum, [data, count]) => sum + data * count, 0)
}

// --- data ------------------------------------------------------------------------------------------------------------

/** Mode, length, bytes and padding, cut into blocks, each with its correction, interleaved. */
function codewords(bytes: Uint8Array, version: number): number[] {
  const layout = versions[version - 1]!
  const bits: number[] = []
  const push = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1)
  }
  push(4, 4)
  push(bytes.length, version < 10 ? 8 : 16)
  for (const byte of bytes) push(byte, 8)
  push(0, Math.min(4, capacity(layout) * 8 - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  const data: number[] = []
  for (let i = 0; i < bits.length; i += 8) data.push(bits.slice(i, i + 8).reduce((sum, bit) => sum * 2 + bit, 0))
  for (let pad = 0xec; data.length < capacity(layout); pad ^= 0xec ^ 0x11) data.push(pad)

  const blocks: number[][] = []
  for (const [length, count] of layout) for (let i = 0; i < count; i++) blocks.push(data.splice(0, length))
  const checks = blocks.map((block) => reedSolomon(block, correction[version - 1]!))
  return [...interleaved(blocks), ...interleaved(checks)]
}

function interleaved(blocks: readonly number[][]): number[] {
  const longest = Math.max(...blocks.map((block) => block.length))
  return Array.from({ length: longest }, (_, i) => blocks.map((block) => block[i]))
    .flat()
    .filter((each) => each !== undefined)
}

/** Multiplication in GF(256) with the polynomial 0x11d. */
function multiply(a: number, b: number): number {
  let product = 0
  for (let i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    product ^= ((b >> i) & 1) * a
  }
  return product
}

function reedSolomon(data: readonly number[], count: number): number[] {
  const divisor: number[] = Array.from({ length: count }, (_, i) => (i === count - 1 ? 1 : 0))
  let root = 1
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) divisor[j] = multiply(divisor[j]!, root) ^ (divisor[j + 1] ?? 0)
    root = multiply(root, 2)
  }
  const rest: number[] = Array.from({ length: count }, () => 0)
  for (const byte of data) {
    const factor = byte ^ rest.shift()!
    rest.push(0)
    for (let j = 0; j < count; j++) rest[j]! ^= multiply(divisor[j]!, factor)
  }
  return rest
}

// --- drawing ---------------------------------------------------------------------------------------------------------

type Modules = (boolean | undefined)[][]

function drawPatterns(modules: Modules, version: number): void {
  const size = modules.length
  const set = (x: number, y: number, dark: boolean): void => {
    if (x >= 0 && y >= 0 && x < size && y < size) modules[y]![x] = dark
  }
  for (let i = 8; i < size - 8; i++) {
    set(i, 6, i % 2 === 0)
    set(6, i, i % 2 === 0)
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(4, (dx, dy) => {
      const ring = Math.max(Math.abs(dx), Math.abs(dy))
      set(x + dx, y + dy, ring !== 2 && ring !== 4)
    })
  const centres = alignment[version - 1]!
  for (const x of centres)
    for (const y of centres) {
      const atFinder = (x === 6 && (y === 6 || y === size - 7)) || (x === size - 7 && y === 6)
      if (!atFinder) square(2, (dx, dy) => set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1))
    }
  drawFormat(size, set)
  if (version >= 7) drawVersion(size, version, set)
}

function square(radius: number, draw: (dx: number, dy: number) => void): void {
  for (let dy = -radius; dy <= radius; dy++) for (let dx = -radius; dx <= radius; dx++) draw(dx, dy)
}

type Draw = (x: number, y: number, dark: boolean) => void

/** Level L and mask 0, with their correction: always the same fifteen bits. */
function drawFormat(size: number, set: Draw): void {
  const bits = 0x77c4
  const bit = (i: number): boolean => ((bits >> i) & 1) === 1
  for (let i = 0; i < 6; i++) set(8, i, bit(i))
  set(8, 7, bit(6))
  set(8, 8, bit(7))
  set(7, 8, bit(8))
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i))
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i))
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i))
  set(8, size - 8, true)
}

function drawVersion(size: number, version: number, set: Draw): void {
  let rest = version
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25)
  const bits = (version << 12) | rest
  for (let i = 0; i < 18; i++) {
    const dark = ((bits >> i) & 1) === 1
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)]
    set(a, b, dark)
    set(b, a, dark)
  }
}

/** Zigzag in columns of two from the lower right, around the patterns; mask 0 turns every other module over. */
function drawData(modules: Modules, words: readonly number[]): void {
  const size = modules.length
  let i = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++) {
      const upward = ((right + 1) & 2) === 0
      const y = upward ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        if (modules[y]![x] !== undefined) continue
        const bit = i < words.length * 8 && ((words[i >> 3]! >> (7 - (i & 7))) & 1) === 1
        modules[y]![x] = bit !== ((x + y) % 2 === 0)
        i++
      }
    }
  }
}
