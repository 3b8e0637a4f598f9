// Event stream frames against smithy-typescript's vectors, and the laws of a framing.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromBase64, text, toBase64, utf8 } from './bytes.ts'
import { decodeFrame, encodeFrame, readFrames } from './event-stream.ts'
import type { Frame, HeaderValue } from './event-stream.ts'

const folder = join(
  process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared'),
  'vectors/eventstream/test_vectors',
)
if (!existsSync(folder)) console.log(`event stream vectors: skipped, ${folder} is not there`)

const types = ['boolean', 'boolean', 'byte', 'short', 'integer', 'long', 'blob', 'string', 'timestamp', 'uuid']

/** A header in the vectors' notation. */
function noted(header: HeaderValue): { type: number; value: unknown } {
  const { type, value } = header
  if (type === 'boolean') return { type: value ? 0 : 1, value }
  const number = types.indexOf(type)
  if (value instanceof Uint8Array) return { type: number, value: toBase64(value) }
  if (value instanceof Date) return { type: number, value: value.getTime() }
  if (type === 'string') return { type: number, value: toBase64(utf8(value as string)) }
  return { type: number, value: Number(value) }
}

function headerOf({ type, value }: { type: number; value: unknown }): HeaderValue {
  const name = types[type] as HeaderValue['type']
  switch (name) {
    case 'boolean':
      return { type: name, value: value as boolean }
    case 'long':
      return { type: name, value: BigInt(value as number) }
    case 'blob':
    case 'uuid':
      return { type: name, value: fromBase64(value as string) }
    case 'string':
      return { type: name, value: text(fromBase64(value as string)) }
    case 'timestamp':
      return { type: name, value: new Date(value as number) }
    default:
      return { type: name, value: value as number }
  }
}

interface Vector {
  headers: { name: string; type: number; value: unknown }[]
  payload: string
}

test.skipIf(!existsSync(folder))('vendor frames, both ways', () => {
  const names = readdirSync(join(folder, 'encoded/positive'))
  for (const name of names) {
    const bytes = new Uint8Array(readFileSync(join(folder, 'encoded/positive', name)))
    const vector = JSON.parse(readFileSync(join(folder, 'decoded/positive', name), 'utf8')) as Vector
    const frame = decodeFrame(bytes)
    expect(Object.entries(frame.headers).map(([key, header]) => ({ name: key, ...noted(header) }))).toEqual(
      vector.headers,
    )
    expect(toBase64(frame.payload)).toBe(vector.payload)
    const headers = Object.fromEntries(vector.headers.map((header) => [header.name, headerOf(header)]))
    expect(toBase64(encodeFrame({ headers, payload: fromBase64(vector.payload) }))).toBe(toBase64(bytes))
  }
  console.log(`event stream vectors: ${names.length} of ${names.length} read and written`)
  expect(names.length).toBe(5)
})

test.skipIf(!existsSync(folder))('vendor frames that are damaged', () => {
  const names = readdirSync(join(folder, 'encoded/negative'))
  for (const name of names) {
    const bytes = new Uint8Array(readFileSync(join(folder, 'encoded/negative', name)))
    const reason = readFileSync(join(folder, 'decoded/negative', name), 'utf8').trim()
    expect(() => decodeFrame(bytes)).toThrow(reason)
  }
  console.log(`event stream vectors: ${names.length} of ${names.length} refused`)
  expect(names.length).toBe(4)
})

const header: fc.Arbitrary<HeaderValue> = fc.oneof(
  fc.boolean().map((value) => ({ type: 'boolean' as const, value })),
  fc.integer({ min: -128, max: 127 }).map((value) => ({ type: 'byte' as const, value })),
  fc.integer({ min: -32768, max: 32767 }).map((value) => ({ type: 'short' as const, value })),
  fc.integer().map((value) => ({ type: 'integer' as const, value })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ type: 'long' as const, value })),
  fc.uint8Array({ maxLength: 50 }).map((value) => ({ type: 'blob' as const, value })),
  fc.string({ unit: 'grapheme' }).map((value) => ({ type: 'string' as const, value })),
  fc.date({ noInvalidDate: true }).map((value) => ({ type: 'timestamp' as const, value })),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((value) => ({ type: 'uuid' as const, value })),
)

const frame: fc.Arbitrary<Frame> = fc.record({
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' }), header, {
    noNullPrototype: true,
  }),
  payload: fc.uint8Array({ maxLength: 200 }),
})

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test('frames read back from pieces of any size', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 5 }), fc.integer({ min: 1, max: 100 }), async (frames, size) => {
      const bytes = new Uint8Array(
        await new Blob(frames.map((one) => encodeFrame(one) as Uint8Array<ArrayBuffer>)).arrayBuffer(),
      )
      const back: Frame[] = []
      for await (const one of readFrames(inPieces(bytes, size))) back.push(one)
      expect(back.map(({ headers, payload }) => ({ headers: { ...headers }, payload: [...payload] }))).toEqual(
        frames.map(({ headers, payload }) => ({ headers, payload: [...payload] })),
      )
    }),
    { numRuns: 60 },
  )
})

test('a stream that ends inside a frame is an error', async () => {
  const bytes = encodeFrame({ headers: {}, payload: utf8('hello') })
  const read = async (): Promise<void> => {
    for await (const one of readFrames(inPieces(bytes.subarray(0, bytes.length - 1), 7))) void one
  }
  await expect(read()).rejects.toThrow('ended inside')
})

test('any flipped bit is noticed', () => {
  const bytes = encodeFrame({ headers: { a: { type: 'string', value: 'b' } }, payload: utf8('payload') })
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice()
    damaged[bit >> 3]! ^= 1 << (bit & 7)
    expect(() => decodeFrame(damaged)).toThrow()
  }
})
