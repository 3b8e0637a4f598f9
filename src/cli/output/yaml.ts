// `--output yaml` and `--output yaml-stream`: block style, keys sorted, as ruamel.yaml's safe dumper over libyaml
// writes it, to the byte.
//
// A scalar at the top is written as JSON. `yaml-stream` writes a list item for each page as it comes.

import { toBase64 } from '../../lib/bytes.ts'
import { compareText, floatRepr, repr, str } from '../../lib/python.ts'
import { Float, isOrderedMap, type Structure, type Value } from '../../lib/value.ts'
import { keysWithValue, pythonError, type OutputFormat } from './formatter.ts'
import { isEmptyMap, jsonText } from './json.ts'
import { Emitter } from './yaml-emitter.ts'

export const yaml: OutputFormat = {
  async write(result, query, sink) {
    const whole = await result.whole()
    const value = query ? query(whole) : whole
    if (!isEmptyMap(value)) sink.write(yamlText(value))
  },
}

export const yamlStream: OutputFormat = {
  async write(result, query, sink) {
    for await (const page of result.paginated ? result.pages : [await result.whole()]) {
      const value = query ? query(page) : page
      if (!result.paginated && isEmptyMap(value)) return
      if (!sink.write(yamlText([value]))) return
    }
  },
}

/** A value as a YAML document. */
export function yamlText(value: Value): string {
  if (isJsonScalar(value)) return `${jsonText(value)}\n`
  return new Writer(value).document()
}

function isJsonScalar(value: Value): boolean {
  if (typeof value === 'function') return false
  return typeof value !== 'object' || value === null || value instanceof Float || value instanceof Date
}

class Writer {
  private readonly emitter = new Emitter()
  private readonly root: Value
  /** Lists and maps that occur more than once, with the names they are given where they first stand. */
  private readonly anchors: ReadonlyMap<object, string>
  private readonly written = new Set<object>()

  constructor(root: Value) {
    this.root = root
    this.anchors = anchorsOf(root)
  }

  document(): string {
    this.write(this.root, false)
    return this.emitter.end()
  }

  private write(value: Value | undefined, inMap: boolean): void {
    const { emitter } = this
    if (typeof value !== 'object' || value === null || value instanceof Float || value instanceof Date) {
      emitter.scalar(scalarText(value), typeof value === 'string')
      return
    }
    if (value instanceof Uint8Array) {
      emitter.binary(lines(toBase64(value)))
      return
    }
    const anchor = this.anchors.get(value)
    if (anchor !== undefined) {
      if (this.written.has(value)) {
        emitter.indicator(`*${anchor}`)
        return
      }
      this.written.add(value)
      emitter.indicator(`&${anchor}`)
    }
    if (Array.isArray(value)) this.writeList(value, inMap)
    else if (isOrderedMap(value)) this.writeOrderedMap(value as Structure, inMap)
    else this.writeMap(value as Structure)
  }

  private writeList(list: readonly Value[], inMap: boolean): void {
    if (list.length === 0) return this.emitter.indicator('[]')
    this.emitter.openList(inMap)
    for (const item of list) {
      this.emitter.item()
      this.write(item, false)
    }
    this.emitter.close()
  }

  /** A list of maps of one key each. */
  private writeOrderedMap(map: Structure, inMap: boolean): void {
    this.emitter.indicator('!!omap')
    this.writeList(
      keysWithValue(map).map((key) => ({ [key]: map[key] })),
      inMap,
    )
  }

  private writeMap(map: Structure): void {
    const keys = keysWithValue(map).sort(compareText)
    if (keys.length === 0) return this.emitter.indicator('{}')
    this.emitter.openMap()
    for (const key of keys) {
      this.emitter.key(key)
      this.write(map[key], true)
    }
    this.emitter.close()
  }
}

function scalarText(value: Value | undefined): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
      return String(value)
    case 'bigint':
      return value.toString()
    case 'number':
      return Number.isInteger(value) ? BigInt(value).toString() : floatText(value)
    case 'function':
      throw pythonError(`cannot represent an object: ${repr(value)}`)
  }
  if (value instanceof Float) return floatText(value.value)
  return value instanceof Date ? str(value) : 'null'
}

function floatText(number: number): string {
  if (Number.isNaN(number)) return '.nan'
  return Number.isFinite(number) ? floatRepr(number) : number > 0 ? '.inf' : '-.inf'
}

/** Base64 in lines of 76, as MIME has it. */
function lines(text: string): string[] {
  return text.match(/.{1,76}/g) ?? []
}

/**
 * The lists and maps that stand in more than one place, as a query like `[@, @]` makes them: `id001`, `id002` in the
 * order in which the second place is met.
 */
function anchorsOf(root: Value): Map<object, string> {
  const anchors = new Map<object, string>()
  const seen = new Set<object>()
  const visit = (value: Value | undefined): void => {
    if (typeof value !== 'object' || value === null || value instanceof Float) return
    if (value instanceof Uint8Array || value instanceof Date) return
    if (seen.has(value)) {
      if (!anchors.has(value)) anchors.set(value, `id${String(anchors.size + 1).padStart(3, '0')}`)
      return
    }
    seen.add(value)
    if (Array.isArray(value)) value.forEach(visit)
    else for (const key of keysWithValue(value as Structure).sort(compareText)) visit((value as Structure)[key])
  }
  visit(root)
  return anchors
}
