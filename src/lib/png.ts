// A picture as a PNG, stored without compression: small ones cost less so than zlib costs to load.
// https://www.w3.org/TR/png-3/

import { concat, utf8 } from './bytes.ts'
import { crc32Of } from './checksum.ts'

export interface Picture {
  readonly width: number
  readonly height: number
  /** Red, green and blue of each colour: a byte a pixel says which. Without, a bit a pixel, 1 for white. */
  readonly palette?: readonly (readonly [red: number, green: number, blue: number])[]
}

/** `rows`: of each row a 0, and its pixels. */
export function png({ width, height, palette }: Picture, rows: Uint8Array): Uint8Array {
  const header = new Uint8Array(13)
  new DataView(header.buffer).setUint32(0, width)
  new DataView(header.buffer).setUint32(4, height)
  header.set(palette ? [8, 3, 0, 0, 0] : [1, 0, 0, 0, 0], 8)
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  const colours = palette ? [chunk('PLTE', Uint8Array.from(palette.flat()))] : []
  const image = chunk('IDAT', stored(rows))
  return concat([signature, chunk('IHDR', header), ...colours, image, chunk('IEND', new Uint8Array(0))])
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(data.length + 12)
  const view = new DataView(whole.buffer)
  view.setUint32(0, data.length)
  whole.set(utf8(type), 4)
  whole.set(data, 8)
  view.setUint32(data.length + 8, crc32Of(whole.subarray(4, data.length + 8)))
  return whole
}

/** A zlib stream of stored blocks. */
function stored(data: Uint8Array): Uint8Array {
  const blocks = Math.ceil(data.length / 65535)
  const whole = new Uint8Array(2 + data.length + blocks * 5 + 4)
  const view = new DataView(whole.buffer)
  whole.set([0x78, 0x01])
  let at = 2
  for (let start = 0; start < data.length; start += 65535) {
    const block = data.subarray(start, start + 65535)
    whole[at] = start + 65535 >= data.length ? 1 : 0
    view.setUint16(at + 1, block.length, true)
    view.setUint16(at + 3, ~block.length, true)
    whole.set(block, at + 5)
    at += block.length + 5
  }
  let [a, b] = [1, 0]
  for (const byte of data) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  view.setUint32(at, ((b << 16) | a) >>> 0)
  return whole
}
