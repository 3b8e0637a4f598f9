// How does a widget look? A title, lines over time between two axes, lines across for levels, and a legend below.

import { Canvas, type Colour, type Point } from './canvas.ts'
import { advance, lineHeight, widthOf } from './font.ts'
import type { Side, Widget } from './widget.ts'

/** What is drawn of one series. */
export interface Line {
  readonly label: string
  readonly side: Side
  readonly colour?: string | undefined
  /** By rising time, seconds. */
  readonly points: readonly (readonly [at: number, value: number])[]
}

const colours: readonly Colour[] =
  '#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf'.split(' ')
const light = { ground: '#ffffff', ink: '#16191f', grid: '#e9ebed', level: '#d13212' }
const dark = { ground: '#0f1b2a', ink: '#d1d5db', grid: '#2a3a4d', level: '#ff5d64' }

const gap = 6
const between = 14

/** What one axis goes from and to. */
interface Scale {
  readonly min: number
  readonly max: number
  readonly step: number
}

type Drawn = Line & { readonly colour: Colour }

/** The field between the axes, and what is needed to draw in it. */
interface Field {
  readonly canvas: Canvas
  readonly widget: Widget
  readonly theme: typeof light
  readonly scales: Readonly<Record<Side, Scale>>
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export function draw(widget: Widget, given: readonly Line[]): Uint8Array {
  const theme = widget.isDark ? dark : light
  const canvas = new Canvas(widget.width, widget.height, theme.ground)
  const lines = given.map((line, i) => ({ ...line, colour: line.colour ?? colours[i % colours.length]! }))
  const legend = widget.hasLegend ? rowsOf(lines, widget.width) : []
  const drawn = widget.isStacked ? stacked(lines) : lines
  const scales = { left: scaleOf('left', drawn, widget), right: scaleOf('right', drawn, widget) }
  const hasRight = drawn.some(({ side }) => side === 'right')
  const field: Field = {
    canvas,
    widget,
    theme,
    scales,
    left: gap + roomFor(scales.left),
    right: widget.width - gap - (hasRight ? roomFor(scales.right) : 0),
    top: gap + (widget.title === '' ? gap : between) + lineHeight,
    bottom: widget.height - gap - between - legend.length * between,
  }
  canvas.text(widget.title, { x: widget.width / 2, y: gap }, theme.ink, 'middle')
  drawAxis(field, 'left')
  if (hasRight) drawAxis(field, 'right')
  drawTimes(field)
  // What is stacked is filled from above, so that each covers what the one above it has below.
  if (widget.isStacked) for (const line of drawn.toReversed()) fillBelow(field, line)
  else for (const line of drawn) trace(field, line)
  drawLevels(field)
  drawLegend(field, legend)
  return canvas.toPng()
}

/** Where a value is; what is beyond the field is at its edge. */
function place({ widget, scales, left, right, top, bottom }: Field, at: number, value: number, side: Side): Point {
  const { min, max } = scales[side]
  const y = bottom - ((value - min) / (max - min)) * (bottom - top)
  const x = left + ((at - widget.start) / (widget.end - widget.start)) * (right - left)
  return { x, y: Math.min(bottom, Math.max(top, y)) }
}

function drawAxis(field: Field, side: Side): void {
  const { canvas, widget, theme, scales, left, right, top } = field
  for (const tick of ticksOf(scales[side])) {
    const { y } = place(field, widget.start, tick, side)
    if (side === 'left') canvas.line({ x: left, y }, { x: right, y }, theme.grid)
    const x = side === 'left' ? left - gap : right + gap
    canvas.text(shown(tick, scales[side]), { x, y: y - lineHeight / 2 }, theme.ink, side === 'left' ? 'right' : 'left')
  }
  const x = side === 'left' ? gap : widget.width - gap
  canvas.text(widget.axes[side].label ?? '', { x, y: top - between + 2 }, theme.ink, side)
}

function drawTimes(field: Field): void {
  const { canvas, widget, theme, left, right, bottom } = field
  canvas.line({ x: left, y: bottom }, { x: right, y: bottom }, theme.ink)
  for (const [at, label] of timesOf(widget, right - left)) {
    const { x } = place(field, at, 0, 'left')
    canvas.line({ x, y: bottom }, { x, y: bottom + 3 }, theme.ink)
    canvas.text(label, { x, y: bottom + gap }, theme.ink, 'middle')
  }
}

function drawLevels(field: Field): void {
  const { canvas, widget, theme, left, right } = field
  for (const { value, label, colour = theme.level, side } of widget.levels) {
    const { y } = place(field, widget.start, value, side)
    canvas.line({ x: left, y }, { x: right, y }, colour)
    canvas.text(label, { x: right, y: y - lineHeight - 2 }, colour, 'right')
  }
}

function drawLegend({ canvas, theme }: Field, rows: readonly (readonly Entry[])[]): void {
  for (const [row, entries] of rows.entries()) {
    const y = canvas.height - gap - (rows.length - row) * between + (between - lineHeight)
    for (const { x, label, colour } of entries) {
      canvas.box({ x, y }, { x: x + lineHeight, y: y + lineHeight }, colour)
      canvas.text(label, { x: x + lineHeight + gap, y }, theme.ink)
    }
  }
}

/** Where the points of a line are. */
function spotsOf(field: Field, { points, side }: Line): Point[] {
  return points.map(([at, value]) => place(field, at * 1000, value, side))
}

function trace(field: Field, line: Drawn): void {
  const { canvas } = field
  const { colour } = line
  const spots = spotsOf(field, line)
  for (const [i, spot] of spots.entries()) {
    if (i > 0) canvas.line(spots[i - 1]!, spot, colour, true)
    // One value alone has no line.
    else canvas.box({ x: spot.x - 1, y: spot.y - 1 }, { x: spot.x + 2, y: spot.y + 2 }, colour)
  }
}

function fillBelow(field: Field, line: Drawn): void {
  const { canvas, bottom } = field
  const spots = spotsOf(field, line)
  for (const [i, to] of spots.entries()) {
    const from = spots[i - 1] ?? to
    for (let x = Math.round(from.x); x <= Math.round(to.x); x++) {
      const part = to.x === from.x ? 1 : (x - from.x) / (to.x - from.x)
      canvas.box({ x, y: from.y + (to.y - from.y) * part }, { x: x + 1, y: bottom }, line.colour)
    }
  }
}

/** Each on top of those before it, on its side. */
function stacked(lines: readonly Drawn[]): Drawn[] {
  const heights = { left: new Map<number, number>(), right: new Map<number, number>() }
  return lines.map((line) => {
    const height = heights[line.side]
    const points = line.points.map(([at, value]): [number, number] => {
      height.set(at, (height.get(at) ?? 0) + value)
      return [at, height.get(at)!]
    })
    return { ...line, points }
  })
}

// --- axes ------------------------------------------------------------------------------------------------------------

/** From nought, or below it, to a round number above everything. */
function scaleOf(side: Side, lines: readonly Line[], { axes, levels }: Widget): Scale {
  const own = lines.filter((line) => line.side === side).flatMap(({ points }) => points.map(([, value]) => value))
  const values = [0, ...own, ...levels.filter((level) => level.side === side).map(({ value }) => value)]
  const lowest = axes[side].min ?? values.reduce((least, value) => Math.min(least, value))
  const highest = axes[side].max ?? values.reduce((most, value) => Math.max(most, value))
  const span = highest > lowest ? highest - lowest : 1
  const power = 10 ** Math.floor(Math.log10(span / 4))
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => span / each <= 5)!
  return {
    min: axes[side].min ?? Math.floor(lowest / step) * step,
    max: axes[side].max !== undefined && highest > lowest ? highest : Math.ceil((lowest + span) / step) * step,
    step,
  }
}

function ticksOf({ min, max, step }: Scale): number[] {
  const count = Math.floor((max - min) / step + 1e-9)
  return Array.from({ length: count + 1 }, (_, i) => min + i * step)
}

const units = [
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
] as const

/** The pixels that the texts of an axis take. */
function roomFor(scale: Scale): number {
  return Math.max(...ticksOf(scale).map((tick) => widthOf(shown(tick, scale)))) + gap
}

/** `2.5k`, with as many digits as tell one tick from the next. */
function shown(tick: number, { step, max, min }: Scale): string {
  const largest = Math.max(Math.abs(min), Math.abs(max))
  const [unit, size] = units.find(([, each]) => largest >= 10 * each) ?? ['', 1]
  const digits = Math.max(0, Math.ceil(-Math.log10(step / size) + 1e-9) + (/25|75/.test(String(step)) ? 1 : 0))
  return `${(tick / size).toFixed(Math.min(digits, 10))}${unit}`
}

const minute = 60_000
const steps = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 40_320].map((minutes) => minutes * minute)

/** Times at the lower axis, a label's width and as much again from each other. */
function timesOf({ start, end, ahead }: Widget, width: number): [number, string][] {
  const most = Math.max(1, Math.floor(width / (10 * advance)))
  const step = steps.find((each) => (end - start) / each <= most) ?? Math.ceil((end - start) / most)
  const first = Math.ceil((start + ahead) / step) * step - ahead
  const times = Array.from({ length: Math.floor((end - first) / step) + 1 }, (_, i) => first + i * step)
  return times.map((at) => {
    const text = new Date(at + ahead).toISOString()
    return [at, step < 1440 * minute ? text.slice(11, 16) : text.slice(5, 10).replace('-', '/')]
  })
}

// --- legend ----------------------------------------------------------------------------------------------------------

const mostRows = 4

interface Entry {
  readonly x: number
  readonly label: string
  readonly colour: Colour
}

/** As many rows as it takes, up to a few. */
function rowsOf(lines: readonly Drawn[], width: number): Entry[][] {
  const rows: Entry[][] = []
  let x = Infinity
  for (const { label, colour } of lines) {
    const needed = lineHeight + gap + widthOf(label) + between
    if (x + needed > width) {
      rows.push([])
      x = gap
    }
    rows.at(-1)!.push({ x, label, colour })
    x += needed
  }
  return rows.slice(0, mostRows)
}
