// A queue of SQS, by its URL, with what workers and those who hand out work do to it.

import { Failure } from '../../../../lib/errors.ts'
import type { Structure } from '../../../../lib/value.ts'
import type { Settings } from '../../../../client/settings.ts'
import { callWith, settingsFor } from '../../../clients.ts'

export interface Received {
  readonly text: string
  /** Names this delivery, not the message. */
  readonly receipt: string
}

export class Queue {
  readonly url: string
  readonly #settings: Settings

  /** The region is the URL's, where it tells one. Throws Failure('ParamValidation') for what is no URL. */
  constructor(url: string, settings: Settings) {
    if (!/^https?:\/\/[^/]+\/.+/.test(url)) {
      throw new Failure('ParamValidation', `--queue must be the URL of an SQS queue, not ${url}`)
    }
    this.url = url
    const region = /^https?:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(url)?.[1]
    this.#settings = region === undefined ? settings : settingsFor(settings, { region })
  }

  send(text: string): Promise<Structure> {
    return this.#call('SendMessage', { MessageBody: text })
  }

  /** Waits for the first one up to so many seconds. What is received is nobody else's for `hidden` seconds. */
  async receive(options: { most: number; wait: number; hidden: number; signal?: AbortSignal }): Promise<Received[]> {
    const { most, wait, hidden, signal } = options
    const { Messages } = await this.#call(
      'ReceiveMessage',
      { MaxNumberOfMessages: most, WaitTimeSeconds: wait, VisibilityTimeout: hidden },
      signal,
    )
    return ((Messages ?? []) as Structure[]).map(({ Body, ReceiptHandle }) => {
      return { text: Body as string, receipt: ReceiptHandle as string }
    })
  }

  /** How long it stays nobody else's, in seconds from now; 0 gives it back. */
  keep(receipt: string, seconds: number): Promise<Structure> {
    return this.#call('ChangeMessageVisibility', { ReceiptHandle: receipt, VisibilityTimeout: seconds })
  }

  delete(receipt: string): Promise<Structure> {
    return this.#call('DeleteMessage', { ReceiptHandle: receipt })
  }

  remove(): Promise<Structure> {
    return this.#call('DeleteQueue', {})
  }

  /** Another queue beside this one, whose messages stay as long as SQS lets them. */
  async beside(name: string): Promise<Queue> {
    const { QueueUrl } = await callWith(this.#settings, 'sqs', 'CreateQueue', {
      QueueName: name,
      Attributes: { MessageRetentionPeriod: String(14 * 24 * 3600) },
    })
    return new Queue(QueueUrl as string, this.#settings)
  }

  #call(operation: string, input: Structure, signal?: AbortSignal): Promise<Structure> {
    return callWith(this.#settings, 'sqs', operation, { QueueUrl: this.url, ...input }, signal ? { signal } : {})
  }
}
