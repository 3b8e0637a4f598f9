// What do the commands that serve have in common? A port, a socket, files that appear whole, and an end.

import { Failure } from '../../lib/errors.ts'
import { fs } from '../../lib/files.ts'
import { listen, type Listening, type ListenOptions } from '../../http/listen.ts'
import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import { isRpc } from '../identify.ts'

export function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65535)
    throw new Failure('ParamValidation', `--port must be 0 to 65535, not ${text}`)
  return port
}

type At = Pick<ListenOptions, 'host' | 'port' | 'unix' | 'tls'>

/** Throws Failure('Local') where nobody can listen. */
export async function bound(
  handler: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>,
  at: At,
  trouble: (error: unknown) => void,
  onRest?: () => void,
): Promise<Listening> {
  try {
    return await listen(
      (request, meta) => handler({ ...request, gone: () => meta.isEnded === true || meta.signal.aborted }),
      {
        ...at,
        // Small bodies come whole; objects of any size are read when it is known who sends them.
        wantsStream: (head) => !isRpc(head) && !(Number(head.headers['content-length'] ?? Infinity) <= 128 * 1024),
        onError: trouble,
        onRest,
        malformed: (status, message) => awsShaped(status, codes[status] ?? 'BadRequest', message),
        tooLarge: () => awsShaped(413, 'RequestEntityTooLarge', 'The request body is too large.'),
      },
    )
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' && at.unix !== undefined)
      throw new Failure('Local', `${at.unix} is taken: another server listens there`)
    if (code === 'EADDRINUSE')
      throw new Failure('Local', `port ${at.port} of ${at.host} is taken; choose another: virga local start --port 0`)
    throw new Failure('Local', `cannot listen at ${at.unix ?? `${at.host} port ${at.port}`}: ${message}`)
  }
}

const codes: Readonly<Record<number, string>> = {
  408: 'RequestTimeout',
  431: 'RequestHeaderSectionTooLarge',
  501: 'NotImplemented',
  505: 'HttpVersionNotSupported',
}

/** Where no service is known whose protocol could be spoken. */
function awsShaped(status: number, code: string, message: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code },
    body: new TextEncoder().encode(JSON.stringify({ __type: code, message })),
  }
}

/** A failure says it in one line; where a fault of our own came from, its first frame tells. */
export function lineOf(error: unknown): string {
  if (error instanceof Failure || !(error instanceof Error))
    return error instanceof Error ? error.message : String(error)
  return `${error.name}: ${error.message} ${error.stack?.split('\n')[1]?.trim() ?? ''}`
}

/** Appears whole or not at all. */
export function writeWhole(file: string, text: string): void {
  try {
    const partial = `${file}.${process.pid}`
    fs().writeFileSync(partial, text, { mode: 0o600 })
    fs().renameSync(partial, file)
  } catch (error) {
    throw new Failure('Local', `cannot write ${file}: ${(error as Error).message}`)
  }
}

/** Until somebody ends it: the first signal asks, the second does not. */
export function stopped(): Promise<void> {
  return new Promise((end) => {
    process.removeAllListeners('SIGINT')
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end())
  })
}
