// What is a chart drawn on? Pixels of a few colours: rectangles, lines and letters on them.

import { png } from '../../../../lib/png.ts'
import { advance, glyphOf, widthOf } from './font.ts'

/** `#1f77b4` */
export type Colour = string

export interface Point {
  readonly x: number
  readonly y: number
}

export class Canvas {
  readonly width: number
  readonly height: number
  readonly #pixels: Uint8Array
  readonly #palette: Colour[]

  constructor(width: number, height: number, ground: Colour) {
    this.width = width
    this.height = height
    this.#pixels = new Uint8Array(width * height)
    this.#palette = [ground]
  }

  #indexOf(colour: Colour): number {
    const known = this.#palette.indexOf(colour)
    return known < 0 ? this.#palette.push(colour) - 1 : known
  }

  #dot(x: number, y: number, index: number): void {
    if (x >= 0 && y >= 0 && x < this.width && y < this.height) this.#pixels[y * this.width + x] = index
  }

  box(from: Point, to: Point, colour: Colour): void {
    const index = this.#indexOf(colour)
    for (let y = Math.round(from.y); y < Math.round(to.y); y++)
      for (let x = Math.round(from.x); x < Math.round(to.x); x++) this.#dot(x, y, index)
  }

  /** Two pixels thick where it is `bold`. */
  line(from: Point, to: Point, colour: Colour, bold = false): void {
    const index = this.#indexOf(colour)
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))))
    for (let i = 0; i <= steps; i++) {
      const x = Math.round(from.x + ((to.x - from.x) * i) / steps)
      const y = Math.round(from.y + ((to.y - from.y) * i) / steps)
      this.#dot(x, y, index)
      if (!bold) continue
      this.#dot(x + 1, y, index)
      this.#dot(x, y + 1, index)
    }
  }

  /** `at`: the upper left corner; upper right, or the middle, by `align`. */
  text(text: string, at: Point, colour: Colour, align: 'left' | 'right' | 'middle' = 'left'): void {
    const index = this.#indexOf(colour)
    const shift = align === 'left' ? 0 : widthOf(text) / (align === 'right' ? 1 : 2)
    const left = Math.round(at.x - shift)
    const top = Math.round(at.y)
    for (const [i, letter] of [...text].entries())
      for (const [y, row] of glyphOf(letter).entries())
        for (const [x, pixel] of [...row].entries())
          if (pixel === '#') this.#dot(left + i * advance + x, top + y, index)
  }

  toPng(): Uint8Array {
    const { width, height } = this
    const rows = new Uint8Array((width + 1) * height)
    for (let y = 0; y < height; y++) rows.set(this.#pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
    const palette = this.#palette.map((colour) => {
      const number = Number.parseInt(colour.slice(1), 16)
      return [number >> 16, (number >> 8) & 255, number & 255] as const
    })
    return png({ width, height, palette }, rows)
  }
}
