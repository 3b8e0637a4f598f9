// What stands at a link that somebody signed for us, into a file.

import { openSync, writeSync, closeSync } from 'node:fs'
import { Failure } from '../lib/errors.ts'
import { piecesOf } from '../lib/stream.ts'
import type { Settings } from '../client/settings.ts'
import { emptyBody } from '../http/message.ts'
import { pythonError } from './input/param-file.ts'

const MOST_REDIRECTS = 10

/** `begun` is told before the file is touched. Throws Failure('Connection') for an answer that is no success. */
export async function download(settings: Settings, link: string, file: string, begun: () => void): Promise<void> {
  let url = new URL(link)
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const { status, headers, body } = await settings.send(
      {
        method: 'GET',
        scheme: url.protocol.slice(0, -1) as 'https',
        host: url.host,
        path: url.pathname,
        query: url.search.slice(1),
        headers: {},
        body: emptyBody,
      },
      { stream: true, connectTimeout: settings.connectTimeout, readTimeout: settings.readTimeout },
    )
    if (status >= 300 && status < 400 && headers.location !== undefined) {
      url = new URL(headers.location, url)
      continue
    }
    if (status !== 200) {
      const { STATUS_CODES } = await import('node:http')
      throw new Failure('Connection', `HTTP Error ${status}: ${STATUS_CODES[status] ?? ''}`)
    }
    begun()
    const descriptor = opened(file)
    try {
      const pieces =
        body instanceof ReadableStream
          ? piecesOf(body)
          : [body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body]
      for await (const piece of pieces) for (let at = 0; at < piece.length;) at += writeSync(descriptor, piece, at)
    } finally {
      closeSync(descriptor)
    }
    return
  }
  throw new Failure('Connection', `More than ${MOST_REDIRECTS} redirections from ${link}`)
}

function opened(file: string): number {
  try {
    return openSync(file, 'w')
  } catch (error) {
    throw new Failure('InvalidValue', pythonError(error, file))
  }
}
