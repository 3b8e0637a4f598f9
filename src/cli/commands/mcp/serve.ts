// The Model Context Protocol over standard input and output: JSON-RPC 2.0, one message a line.
// https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
//
// Requests are answered as they are done, not in turn. Nothing but messages goes to standard output.

import { text } from '../../../lib/bytes.ts'

/** The newest first; a client that asks for another is offered that. */
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const

/** A line that is longer is no message. */
const LONGEST = 16 * 1024 * 1024

export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: { readonly type: 'object'; readonly properties: object; readonly required?: readonly string[] }
  readonly annotations: {
    readonly readOnlyHint: boolean
    readonly destructiveHint?: boolean
    readonly openWorldHint?: boolean
  }
}

export interface Answer {
  readonly text: string
  readonly isError?: boolean
}

/** What the server offers: its tools, and what happens when one is called. */
export interface Offer {
  readonly name: string
  readonly version: string
  readonly instructions: string
  readonly tools: readonly Tool[]
  /** Undefined for a tool that there is not. Throws WrongArguments. */
  readonly call: (
    tool: string,
    given: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ) => Promise<Answer> | undefined
}

/** The arguments do not fit the tool's schema. */
export class WrongArguments extends Error {}

type Id = string | number

interface Message {
  readonly jsonrpc?: unknown
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
}

const [PARSE, INVALID, NO_METHOD, WRONG, INTERNAL] = [-32700, -32600, -32601, -32602, -32603]

/** Serves until the input ends. `write` gets whole lines. */
export async function serve(
  offer: Offer,
  input: AsyncIterable<Uint8Array>,
  write: (line: string) => boolean,
): Promise<void> {
  const running = new Map<Id, AbortController>()
  const pending = new Set<Promise<void>>()
  const send = (message: object): void => void write(`${JSON.stringify(message)}\n`)
  for await (const line of linesOf(input)) {
    if (line === undefined) {
      send(failed(null, PARSE, `a message may have at most ${LONGEST} bytes`))
      continue
    }
    if (line.trim() === '') continue
    const done = answered(line, offer, running).then((answer) => {
      if (answer !== undefined) send(answer)
    })
    pending.add(done)
    void done.finally(() => pending.delete(done))
  }
  await Promise.allSettled(pending)
}

/** Without their ends; undefined for one that is too long. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  let parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of input) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end))
      yield length + end - start > LONGEST ? undefined : text(Buffer.concat(parts))
      ;[parts, length, start] = [[], 0, end + 1]
    }
    length += chunk.length - start
    if (length <= LONGEST) parts.push(chunk.slice(start))
    else parts = []
  }
  if (length > 0 && length <= LONGEST) yield text(Buffer.concat(parts))
}

async function answered(
  line: string,
  offer: Offer,
  running: Map<Id, AbortController>,
): Promise<object | object[] | undefined> {
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    return failed(null, PARSE, 'this is no JSON')
  }
  if (!Array.isArray(message)) return one(message, offer, running)
  if (message.length === 0) return failed(null, INVALID, 'an empty batch')
  const answers = await Promise.all(message.map((each) => one(each, offer, running)))
  const told = answers.filter((answer) => answer !== undefined)
  return told.length === 0 ? undefined : told
}

async function one(raw: unknown, offer: Offer, running: Map<Id, AbortController>): Promise<object | undefined> {
  const message = (typeof raw === 'object' && raw !== null ? raw : {}) as Message
  const { id, method } = message
  const params = (typeof message.params === 'object' && message.params !== null ? message.params : {}) as Record<
    string,
    unknown
  >
  // An answer to nothing we asked.
  if (method === undefined && ('result' in message || 'error' in message)) return undefined
  const isId = typeof id === 'string' || typeof id === 'number'
  if (message.jsonrpc !== '2.0' || typeof method !== 'string' || (id !== undefined && !isId))
    return failed(isId ? id : null, INVALID, 'this is no request of JSON-RPC 2.0')
  if (id === undefined) {
    if (method === 'notifications/cancelled') running.get(params['requestId'] as Id)?.abort()
    return undefined
  }
  try {
    return await requested(id as Id, method, params, offer, running)
  } catch (error) {
    if (error instanceof WrongArguments) return failed(id as Id, WRONG, error.message)
    return failed(id as Id, INTERNAL, error instanceof Error ? error.message : String(error))
  }
}

/** Undefined where the request was cancelled: then nothing is answered. */
async function requested(
  id: Id,
  method: string,
  params: Readonly<Record<string, unknown>>,
  offer: Offer,
  running: Map<Id, AbortController>,
): Promise<object | undefined> {
  switch (method) {
    case 'initialize': {
      const wanted = params['protocolVersion'] as (typeof VERSIONS)[number]
      return {
        jsonrpc: '2.0',
        id,
        result: {
          protocolVersion: VERSIONS.includes(wanted) ? wanted : VERSIONS[0],
          capabilities: { tools: { listChanged: false } },
          serverInfo: { name: offer.name, version: offer.version },
          instructions: offer.instructions,
        },
      }
    }
    case 'ping':
      return { jsonrpc: '2.0', id, result: {} }
    case 'tools/list':
      return { jsonrpc: '2.0', id, result: { tools: offer.tools } }
    case 'tools/call': {
      const cancelled = new AbortController()
      running.set(id, cancelled)
      try {
        const given = (params['arguments'] ?? {}) as Record<string, unknown>
        const answer = await offer.call(String(params['name']), given, cancelled.signal)
        if (cancelled.signal.aborted) return undefined
        if (answer === undefined) return failed(id, WRONG, `there is no tool ${String(params['name'])}`)
        const content = [{ type: 'text', text: answer.text }]
        return { jsonrpc: '2.0', id, result: { content, ...(answer.isError === true && { isError: true }) } }
      } finally {
        running.delete(id)
      }
    }
    default:
      return failed(id, NO_METHOD, `there is no method ${method}`)
  }
}

function failed(id: Id | null, code: number, message: string): object {
  return { jsonrpc: '2.0', id, error: { code, message } }
}
