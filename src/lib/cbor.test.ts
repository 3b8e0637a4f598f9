// CBOR against the vectors of aws-crt-python and smithy-typescript, and against cbor2.

import { expect, test } from 'bun:test'
import { decode as oracle } from 'cbor2'
import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, toHex } from './bytes.ts'
import { CborTag, CborWriter, decodeCbor } from './cbor.ts'
import type { Cbor } from './cbor.ts'
import { Float, keysOf } from './value.ts'

const folder = join(process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared'), 'vectors/cbor')
if (!existsSync(folder)) console.log(`CBOR vectors: skipped, ${folder} is not there`)

type Expected = Record<string, unknown>

/** A decoded item in the vectors' own notation. */
function described(value: Cbor, like: Expected): unknown {
  const [kind] = Object.keys(like) as [string]
  if (value instanceof Float) {
    const view = new DataView(new ArrayBuffer(8))
    if (kind === 'float32') view.setFloat32(4, value.value)
    else view.setFloat64(0, value.value)
    return { [kind]: Number(view.getBigUint64(0)) }
  }
  if (value instanceof CborTag) {
    const { id, value: inner } = like['tag'] as { id: number; value: Expected }
    return { tag: { id: typeof id === 'number' ? Number(value.tag) : value.tag, value: described(value.value, inner) } }
  }
  if (value instanceof Uint8Array) return { bytestring: [...value] }
  if (Array.isArray(value)) {
    const items = like['list'] as Expected[]
    return { list: value.map((item, index) => described(item, items[index] ?? {})) }
  }
  if (value === null) return { [kind]: {} }
  if (typeof value === 'object') {
    const items = like['map'] as Record<string, Expected>
    return {
      map: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, described(item, items[key] ?? {})])),
    }
  }
  return { [kind]: typeof value === 'bigint' ? Number(value) : value }
}

test.skipIf(!existsSync(folder))('what must be read', () => {
  const failures: string[] = []
  let count = 0
  for (const file of ['decode-success-tests.json', 'smithy-ts-success-tests.json']) {
    for (const { description, input, expect: expected } of JSON.parse(readFileSync(join(folder, file), 'utf8'))) {
      count++
      try {
        expect(described(decodeCbor(fromHex(input)!), expected)).toEqual(expected)
      } catch (error) {
        failures.push(`${file} ${description} ${input}: ${Bun.stripANSI((error as Error).message)}`)
      }
    }
  }
  console.log(`CBOR vectors: ${count - failures.length} of ${count} read`)
  expect(failures).toEqual([])
})

test.skipIf(!existsSync(folder))('what must be refused', () => {
  const cases = JSON.parse(readFileSync(join(folder, 'decode-error-tests.json'), 'utf8')) as {
    input: string
    description: string
  }[]
  const taken = cases.filter(({ input }) => {
    try {
      decodeCbor(fromHex(input)!)
      return true
    } catch {
      return false
    }
  })
  console.log(`CBOR vectors: ${cases.length - taken.length} of ${cases.length} refused`)
  expect(taken.map(({ description }) => description)).toEqual([])
})

test('a deep item is refused and not a stack overflow', () => {
  expect(() => decodeCbor(new Uint8Array(100_000).fill(0x81))).toThrow('Nested too deeply')
})

test('a map keeps the order of its keys', () => {
  const writer = new CborWriter()
  writer.map(3)
  for (const key of ['10', 'b', '2']) {
    writer.string(key)
    writer.integer(1)
  }
  expect(keysOf(decodeCbor(writer.done()) as object)).toEqual(['10', 'b', '2'])
})

const item = fc.letrec<{ item: unknown }>((tie) => ({
  item: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.double(),
    fc.uint8Array(),
    fc.array(tie('item')),
    fc.dictionary(fc.string(), tie('item')),
  ),
})).item

function write(out: CborWriter, value: unknown): void {
  if (value === null) out.null()
  else if (typeof value === 'boolean') out.boolean(value)
  else if (typeof value === 'string') out.string(value)
  else if (typeof value === 'bigint' || Number.isSafeInteger(value)) out.integer(value as number)
  else if (typeof value === 'number') out.float(value)
  else if (value instanceof Uint8Array) out.blob(value)
  else if (Array.isArray(value)) {
    out.list(value.length)
    for (const one of value) write(out, one)
  } else {
    const entries = Object.entries(value as object)
    out.map(entries.length)
    for (const [key, one] of entries) {
      out.string(key)
      write(out, one)
    }
  }
}

/** As both readers can be compared: integers in digits, floats as numbers. */
function plain(value: unknown): unknown {
  if (value instanceof Float) return plain(value.value)
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return `int ${BigInt(value)}`
  if (value instanceof Uint8Array) return `bytes ${toHex(value)}`
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
}

test('what is written reads back, also by cbor2', () => {
  fc.assert(
    fc.property(item, (value) => {
      const writer = new CborWriter()
      write(writer, value)
      const bytes = writer.done()
      expect(plain(decodeCbor(bytes))).toEqual(plain(value))
      expect(plain(oracle(bytes))).toEqual(plain(value))
    }),
    { numRuns: 300 },
  )
})
