// What goes over the queue: some jobs of a command for whoever takes them, and what came of them.
//
//   {"virga":"s3 work 1","task":"5f…","part":3,"answers":"https://sqs…","command":"sync","direction":"locals3",
//    "given":{"acl":"private"},"jobs":[{"action":"upload","entry":{…},"target":"bucket/key"}, …]}
//   {"virga":"s3 result 1","task":"5f…","part":3,"done":{"upload":99},"bytes":405504,"failed":[[17,"a to b","An error …"]],"skipped":[4]}
//   {"virga":"s3 end 1","task":"5f…","parts":12}
//
// Doing a part twice does no harm: a job says which state of its source it means, and a source that is another by then fails.

import { Failure } from '../../../../lib/errors.ts'
import type { Structure } from '../../../../lib/value.ts'
import type { Job } from '../../../../transfer/entry.ts'
import type { GivenWords } from '../../command.ts'
import type { Direction, TransferCommand } from '../check.ts'

export interface Part {
  /** Of all parts of one command. */
  readonly task: string
  readonly part: number
  /** The queue that is told what came of it. */
  readonly answers: string
  readonly command: TransferCommand
  readonly direction: Direction
  readonly given: Structure
  readonly jobs: readonly Job[]
}

export interface PartResult {
  readonly task: string
  readonly part: number
  /** How many, by what was done. */
  readonly done: Readonly<Record<string, number>>
  readonly bytes: number
  /** By the position of the job: its source and target, and the error's text. */
  readonly failed: readonly (readonly [position: number, where: string, error: string])[]
  /** Positions of those that were there already. */
  readonly skipped: readonly number[]
}

/** How many parts a task has: said when all were handed out. */
interface End {
  readonly task: string
  readonly parts: number
}

const kinds = { part: 's3 work 1', result: 's3 result 1', end: 's3 end 1' } as const

export function partText(part: Part): string {
  return JSON.stringify({ virga: kinds.part, ...part })
}

export function resultText(result: PartResult): string {
  return JSON.stringify({ virga: kinds.result, ...result })
}

export function endText(end: End): string {
  return JSON.stringify({ virga: kinds.end, ...end })
}

/** Undefined for what is none. */
export function partIn(text: string): Part | undefined {
  return read<Part>(text, kinds.part)
}

export function resultIn(text: string): PartResult | undefined {
  return read<PartResult>(text, kinds.result)
}

export function endIn(text: string): End | undefined {
  return read<End>(text, kinds.end)
}

function read<T>(text: string, kind: string): T | undefined {
  try {
    const { virga, ...message } = JSON.parse(text) as { virga?: unknown }
    return virga === kind ? (message as T) : undefined
  } catch {
    return undefined
  }
}

/** What is done with a job does not depend on these. */
const notForWorkers = new Set([
  'paths',
  'queue',
  'detach',
  'filters',
  'delete',
  'size-only',
  'exact-timestamps',
  'checksum',
  'max-delete',
])

/** The words that a worker needs. Throws Failure('ParamValidation') for keys, which have no business in a queue. */
export function wordsFor(given: GivenWords): Structure {
  for (const name of ['sse-c-key', 'sse-c-copy-source-key']) {
    if (given[name] === undefined) continue
    throw new Failure(
      'ParamValidation',
      `--${name} cannot be used with --queue: whoever reads the queue would have the key`,
    )
  }
  if (given.resume === true) {
    throw new Failure('ParamValidation', '--resume cannot be used with --queue: what is not done stays in the queue')
  }
  const words = Object.entries(given).filter(([name, value]) => value !== undefined && !notForWorkers.has(name))
  return Object.fromEntries(words) as Structure
}
