// What a program makes of bodies: any source of bytes becomes what the wire takes, and what came can be read whole.

import { statSync } from 'node:fs'
import { text, utf8 } from '../lib/bytes.ts'
import { streamOf, wholeOf } from '../lib/stream.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Member, Operation } from '../model/model.ts'
import type { Body } from './types.ts'

/** The member that is the body of a message and streams; undefined where there is none, or it is events. */
function streamingBody(side: Member | undefined): string | undefined {
  const payload = side?.shape.traits.payload
  const member = payload === undefined ? undefined : side!.shape.memberNamed(payload)
  return member?.traits.streaming && member.shape.type === 'blob' ? payload : undefined
}

/** The input with a body that can be sent: Node's streams are web streams then. */
export function withSendableBody(operation: Operation, input: Structure): Structure {
  const name = streamingBody(operation.input)
  const body = name === undefined ? undefined : input[name]
  if (name === undefined || body === undefined || body === null) return input
  const bytes = bytesIn(body)
  if (bytes !== undefined) return { ...input, [name]: bytes }
  if (typeof body !== 'object' || body instanceof ReadableStream || !(Symbol.asyncIterator in body)) return input
  const sendable: Structure = { ...input, [name]: streamOf(bytesOf(body as AsyncIterable<unknown>)) }
  if (operation.input!.shape.memberNamed('ContentLength')) sendable['ContentLength'] ??= lengthOfFile(body)
  return sendable
}

/** Of what holds them all at once: `await response.arrayBuffer()`, any view of one, a text. */
function bytesIn(body: unknown): Uint8Array | undefined {
  if (typeof body === 'string') return utf8(body)
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  if (!ArrayBuffer.isView(body)) return undefined
  return body instanceof Uint8Array ? body : new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
}

/** Of a stream that node:fs made, how much is to be read: S3 wants to know before. Undefined for any other. */
function lengthOfFile(stream: object): number | undefined {
  const { path, start = 0, end = Infinity } = stream as { path?: unknown; start?: number; end?: number }
  if (typeof path !== 'string') return undefined
  const size = statSync(path, { throwIfNoEntry: false })?.size
  return size === undefined ? undefined : Math.max(0, Math.min(size, end + 1) - start)
}

async function* bytesOf(pieces: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield typeof piece === 'string' ? utf8(piece) : (piece as Uint8Array)
}

/** The output, its body able to give itself whole. Changes `output`. */
export function withReadableBody(operation: Operation, output: Structure): Structure {
  const name = streamingBody(operation.output)
  if (name !== undefined) output[name] = readable(output[name]) as Value
  return output
}

function readable(body: Value | undefined): Body {
  const stream = body instanceof ReadableStream ? body : new Blob([(body as BlobPart | undefined) ?? '']).stream()
  const bytes = (): Promise<Uint8Array> => wholeOf(stream as ReadableStream<Uint8Array>)
  return Object.assign(stream as ReadableStream<Uint8Array>, {
    bytes,
    text: async () => text(await bytes()),
    json: async () => JSON.parse(text(await bytes())) as unknown,
  })
}
