// Where does SQS keep its queues? One namespace for everybody's, since others may be let in.
//
//   queues       ACCOUNT/REGION/NAME → Queue
//   moves        ID of a queue/started → Move
//   the tables of messages: messages.ts

import type { CallContext, Handler, SlowHandler } from '../../service.ts'
import type { Rows } from '../../store/store.ts'
import { noSuchQueue } from './errors.ts'
import { Messages } from './messages.ts'
import { keyOf, ofUrl, type QueueName } from './names.ts'

export interface Queue extends QueueName {
  /** Another one for a queue that is made anew: names its tables. */
  id: string
  /** Milliseconds. */
  created: number
  modified: number
  /** What was set; the rest has its defaults. */
  attributes: Record<string, string>
  tags: Record<string, string>
  /** When PurgeQueue was last called. */
  purged?: number
}

/** Messages on their way from a dead-letter queue. */
export interface Move {
  handle: string
  /** The queue's key. */
  source: string
  destination?: string
  perSecond?: number
  started: number
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED'
  moved: number
  toMove: number
  failure?: string
}

export type SqsHandler = Handler<Sqs>
export type SlowSqsHandler = SlowHandler<Sqs>
export type SqsContext = CallContext & { readonly state: Sqs }

export class Sqs {
  readonly rows: Rows
  readonly #clock: () => Date

  constructor(rows: Rows, clock: () => Date) {
    this.rows = rows
    this.#clock = clock
  }

  now(): number {
    return this.#clock().getTime()
  }

  find(name: QueueName): Queue | undefined {
    return this.rows.get<Queue>('queues', keyOf(name))
  }

  byKey(key: string): Queue | undefined {
    return this.rows.get<Queue>('queues', key)
  }

  /** The queue of a request. Throws QueueDoesNotExist, InvalidAddress. */
  asked(url: string, context: CallContext): Queue {
    const found = this.find(ofUrl(url, context))
    if (!found) throw noSuchQueue(context)
    return found
  }

  queues(
    { account, region }: { account: string; region: string },
    prefix = '',
    after?: string,
    limit?: number,
  ): Queue[] {
    const place = `${account}/${region}/`
    const range = { prefix: place + prefix, ...(after !== undefined && { after: place + after }), limit }
    return this.rows.scan<Queue>('queues', range).map(({ value }) => value)
  }

  put(queue: Queue): void {
    this.rows.put('queues', keyOf(queue), queue)
  }

  update(queue: Queue, change: Partial<Queue>): void {
    this.put({ ...queue, ...change })
  }

  /** With all that is in it. */
  remove(queue: Queue): void {
    this.messages(queue).forget()
    for (const { started } of this.moves(queue)) this.removeMove(queue, started)
    this.rows.delete('queues', keyOf(queue))
  }

  messages(queue: Queue): Messages {
    return new Messages(queue, this.rows, this.now())
  }

  /** The newest first. */
  moves({ id }: Queue): Move[] {
    return this.rows.scan<Move>('moves', { prefix: `${id}/`, reverse: true }).map(({ value }) => value)
  }

  allMoves(): Move[] {
    return this.rows.scan<Move>('moves').map(({ value }) => value)
  }

  removeMove({ id }: Queue, started: number): void {
    this.rows.delete('moves', moveKey(id, started))
  }

  putMove({ id }: Queue, move: Move): void {
    this.rows.put('moves', moveKey(id, move.started), move)
  }
}

function moveKey(id: string, started: number): string {
  return `${id}/${String(started).padStart(15, '0')}`
}
