// A response body that streams is written to the file that was named, as it arrives.

import { closeSync, openSync, writeSync } from 'node:fs'
import { Failure } from '../lib/errors.ts'
import { fromBase64 } from '../lib/bytes.ts'
import type { Structure, Value } from '../lib/value.ts'
import { pythonError } from './input/param-file.ts'

/** Throws Failure('InvalidValue') with Python's text where the file cannot be written. */
export async function writeOutfile(path: string, body: Value): Promise<void> {
  const file = opened(path)
  try {
    for await (const chunk of chunksOf(body)) writeAll(file, chunk)
  } finally {
    closeSync(file)
  }
}

/** One member of one kind of event is written, event by event. */
export async function writeEvents(
  path: string,
  events: AsyncIterable<Value>,
  { event, member }: { event: string; member: string },
): Promise<void> {
  const file = opened(path)
  try {
    for await (const each of events) {
      const part = ((each as Structure)[event] as Structure | undefined)?.[member]
      if (part instanceof Uint8Array) writeAll(file, part)
      else if (typeof part === 'string') writeAll(file, fromBase64(part))
    }
  } finally {
    closeSync(file)
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    throw new Failure('InvalidValue', pythonError(error, path))
  }
}

function writeAll(file: number, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length;) at += writeSync(file, chunk, at)
}

async function* chunksOf(body: Value): AsyncIterable<Uint8Array> {
  if (body instanceof Uint8Array) return yield body
  if (typeof body === 'string') return yield new TextEncoder().encode(body)
  const stream = body instanceof Blob ? body.stream() : (body as ReadableStream<Uint8Array>)
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
