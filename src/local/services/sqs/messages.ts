// The messages of one queue: which may be received now, and in which order?
//
// A standard queue hands out whatever is ready, the oldest first. A FIFO queue hands out a group's messages from its
// first on, and none of that group while its first is hidden; groups come in the order in which their firsts became
// visible (as LocalStack's authors recorded it of AWS).
//
//   messages/ID   sequence → Message
//   ready/ID      since/sequence → { group?, received? }     what may be received, by when; FIFO: a row a group
//   grouped/ID    group NUL sequence → { at, received }      FIFO: the messages of a group in order
//   groups/ID     group → its key in ready/ID                FIFO
//   dedup/ID      deduplication id → Sent, for five minutes
//   dedupUntil/ID until/… → its key in dedup/ID
//   attempts/ID   ReceiveRequestAttemptId → Attempt
//   counter/ID    '' → the last sequence
//
// In a standard queue `since` is 0 for what is ready, and what becomes so as time goes by is moved there when somebody
// looks: order stays that of sending.

import type { Rows } from '../../store/store.ts'
import { isFifo, numberOf, redriveOf } from './attributes.ts'
import { invalidHandle } from './errors.ts'
import type { Attributes } from './message-attributes.ts'
import type { Queue } from './state.ts'

export interface Message {
  id: string
  body: string
  md5: string
  attributes: Attributes
  /** The digest of the attributes. */
  digest?: string
  system: Attributes
  digestOfSystem?: string
  sender: string
  /** Milliseconds. */
  sent: number
  /** When it came into this queue, where not when it was sent: retention in a FIFO dead-letter queue. */
  entered?: number
  /** Ready from then on. */
  at: number
  receives: number
  firstReceived?: number
  group?: string
  dedup?: string
  /** The ARN of the queue it died in. */
  from?: string
}

/** What a message is sent with: all but what the queue adds. */
export type NewMessage = Pick<
  Message,
  'id' | 'body' | 'md5' | 'attributes' | 'digest' | 'system' | 'digestOfSystem' | 'sender' | 'group' | 'dedup'
>

export interface Sent {
  id: string
  sequence: string
}

export interface Received {
  readonly sequence: string
  readonly message: Message
  readonly handle: string
}

/** A message that somebody looks at. */
export interface Seen {
  readonly sequence: string
  readonly message: Message
  /** Not in flight. */
  readonly isVisible: boolean
  readonly isDelayed: boolean
}

interface Ready {
  group?: string
  received?: boolean
}

interface Grouped {
  at: number
  received: boolean
}

interface Attempt {
  until: number
  sequences: { sequence: string; receives: number }[]
}

const dedupFor = 300_000

export class Messages {
  readonly #queue: Queue
  readonly #rows: Rows
  readonly #now: number
  readonly #fifo: boolean
  readonly #id: string

  constructor(queue: Queue, rows: Rows, now: number) {
    this.#queue = queue
    this.#rows = rows
    this.#now = now
    this.#fifo = isFifo(queue)
    this.#id = queue.id
  }

  /** FIFO: a message with the id of one that was sent not long ago is that one. */
  send(message: NewMessage, delay: number): Sent {
    const key = message.dedup === undefined ? undefined : this.#dedupKey(message.dedup, message.group)
    if (key !== undefined) {
      const known = this.#sentBefore(key)
      if (known) return known
    }
    const sequence = this.#add({ ...message, sent: this.#now, at: this.#after(delay), receives: 0 })
    if (key !== undefined) this.#remember(key, { id: message.id, sequence })
    return { id: message.id, sequence }
  }

  /** Takes a message over from another queue. */
  takeOver(message: Message): void {
    const { group, dedup } = message
    const sequence = this.#add({ ...message, at: this.#after(0), ...(this.#fifo && { entered: this.#now }) })
    if (this.#fifo && dedup !== undefined) this.#remember(this.#dedupKey(dedup, group), { id: message.id, sequence })
  }

  /** The moment so many seconds from now; at once is told by the kind of queue. */
  #after(seconds: number): number {
    return seconds > 0 ? this.#now + seconds * 1000 : this.#fifo ? this.#now : 0
  }

  #add(message: Message): string {
    const sequence = this.#nextSequence()
    this.#rows.put(`messages/${this.#id}`, sequence, message)
    if (!this.#fifo) this.#rows.put(`ready/${this.#id}`, readyKey(message.at, sequence), {})
    else {
      this.#rows.put(`grouped/${this.#id}`, groupedKey(message.group!, sequence), { at: message.at, received: false })
      this.#settle(message.group!)
    }
    return sequence
  }

  /** 20 digits, as AWS's. */
  #nextSequence(): string {
    const last = this.#rows.get<number>(`counter/${this.#id}`, '') ?? 0
    this.#rows.put(`counter/${this.#id}`, '', last + 1)
    return String(18_849_496_460_467_696_128n + BigInt(last) * 256n)
  }

  #dedupKey(id: string, group: string | undefined): string {
    return this.#queue.attributes['DeduplicationScope'] === 'messageGroup' ? `${group}\0${id}` : id
  }

  #sentBefore(key: string): Sent | undefined {
    const stale = this.#rows.scan<string>(`dedupUntil/${this.#id}`, { before: padded(this.#now), limit: 20 })
    for (const row of stale) {
      this.#rows.delete(`dedupUntil/${this.#id}`, row.key)
      const { until } = this.#rows.get<Sent & { until: number }>(`dedup/${this.#id}`, row.value) ?? { until: 0 }
      if (until <= this.#now) this.#rows.delete(`dedup/${this.#id}`, row.value)
    }
    const known = this.#rows.get<Sent & { until: number }>(`dedup/${this.#id}`, key)
    return known && known.until > this.#now ? known : undefined
  }

  #remember(key: string, sent: Sent): void {
    const until = this.#now + dedupFor
    this.#rows.put(`dedup/${this.#id}`, key, { ...sent, until })
    this.#rows.put(`dedupUntil/${this.#id}`, `${padded(until)}/${sent.sequence}`, key)
  }

  /**
   * Up to `most` messages, hidden for `timeout` seconds. `bury` takes those that were received too often; false from it
   * lets them be received once more.
   */
  receive(most: number, timeout: number, bury: (message: Message) => boolean): Received[] {
    this.expire()
    if (!this.#fifo) this.#ripen()
    const limit = redriveOf(this.#queue)?.most ?? Infinity
    const received: Received[] = []
    const seen = new Set<string>()
    let after = ''
    while (received.length < most) {
      const range = { ...this.#ready, ...(after !== '' && { after }), limit: most - received.length }
      const rows = this.#rows.scan<Ready>(`ready/${this.#id}`, range)
      if (rows.length === 0) break
      for (const { key, value } of rows) {
        after = key
        let buried = false
        const left = most - received.length
        const sequences =
          value.group === undefined ? [key.slice(key.indexOf('/') + 1)] : this.#firstOf(value.group, left)
        for (const sequence of sequences.slice(0, left)) {
          if (seen.has(sequence)) continue
          seen.add(sequence)
          const message = this.#message(sequence)!
          if (message.receives >= limit && bury(message)) {
            this.#remove(sequence, message)
            buried = true
          } else received.push(this.#take(sequence, message, timeout))
        }
        if (!buried) continue
        // The next of its group takes its place, which may stand before.
        after = ''
        break
      }
    }
    return received
  }

  /** Which rows are of what is ready now. */
  get #ready(): { before: string } {
    return { before: padded(this.#fifo ? this.#now + 1 : 1) }
  }

  #message(sequence: string): Message | undefined {
    return this.#rows.get<Message>(`messages/${this.#id}`, sequence)
  }

  #take(sequence: string, message: Message, timeout: number): Received {
    const at = this.#after(timeout)
    const taken = { ...message, receives: message.receives + 1, firstReceived: message.firstReceived ?? this.#now, at }
    this.#rows.put(`messages/${this.#id}`, sequence, taken)
    this.#place(sequence, message, at, true)
    return { sequence, message: taken, handle: handleOf(this.#id, sequence, taken.receives) }
  }

  /** Puts the indexes right: ready from `at` on. */
  #place(sequence: string, { group, at: before }: Message, at: number, received: boolean): void {
    if (group !== undefined && this.#fifo) {
      this.#rows.put(`grouped/${this.#id}`, groupedKey(group, sequence), { at, received })
      this.#settle(group)
      return
    }
    this.#rows.delete(`ready/${this.#id}`, readyKey(before, sequence))
    this.#rows.delete(`ready/${this.#id}`, readyKey(0, sequence))
    this.#rows.put(`ready/${this.#id}`, readyKey(at, sequence), { received })
  }

  #remove(sequence: string, { group, at }: Message): void {
    this.#rows.delete(`messages/${this.#id}`, sequence)
    if (group !== undefined && this.#fifo) {
      this.#rows.delete(`grouped/${this.#id}`, groupedKey(group, sequence))
      this.#settle(group)
      return
    }
    this.#rows.delete(`ready/${this.#id}`, readyKey(at, sequence))
    this.#rows.delete(`ready/${this.#id}`, readyKey(0, sequence))
  }

  /** A group may be received from as soon as its first message is visible. */
  #settle(group: string): void {
    const known = this.#rows.get<string>(`groups/${this.#id}`, group)
    if (known !== undefined) this.#rows.delete(`ready/${this.#id}`, known)
    const [first] = this.#rows.scan<Grouped>(`grouped/${this.#id}`, { prefix: `${group}\0`, limit: 1 })
    if (!first) {
      this.#rows.delete(`groups/${this.#id}`, group)
      return
    }
    const key = readyKey(first.value.at, sequenceIn(first.key))
    this.#rows.put(`ready/${this.#id}`, key, { group })
    this.#rows.put(`groups/${this.#id}`, group, key)
  }

  /** Sequences that may be received together from a group: its first, and what follows it and is visible. */
  #firstOf(group: string, most: number): string[] {
    const rows = this.#rows.scan<Grouped>(`grouped/${this.#id}`, { prefix: `${group}\0`, limit: most })
    const hidden = rows.findIndex(({ value }) => value.at > this.#now)
    return rows.slice(0, hidden < 0 ? most : hidden).map(({ key }) => sequenceIn(key))
  }

  /** What has become ready goes to its place among what is. */
  #ripen(): void {
    const ripe = this.#rows.scan<Ready>(`ready/${this.#id}`, { from: padded(1), before: padded(this.#now + 1) })
    for (const { key, value } of ripe) {
      const now = readyKey(0, key.slice(key.indexOf('/') + 1))
      this.#rows.delete(`ready/${this.#id}`, key)
      this.#rows.put(`ready/${this.#id}`, now, value)
    }
  }

  /** Removes what was kept long enough; the sequence is the order of arrival. */
  expire(): void {
    const kept = numberOf(this.#queue, 'MessageRetentionPeriod') * 1000
    for (;;) {
      const [oldest] = this.#rows.scan<Message>(`messages/${this.#id}`, { limit: 1 })
      if (!oldest || (oldest.value.entered ?? oldest.value.sent) + kept > this.#now) return
      this.#remove(oldest.key, oldest.value)
    }
  }

  /**
   * What a handle stands for: undefined where the message is gone. `last`: it is the handle of the last receive, and
   * the message is in flight by it. Throws ReceiptHandleIsInvalid.
   */
  byHandle(handle: string): { sequence: string; message: Message; last: boolean } | undefined {
    const [id, sequence, receives] = readHandle(handle) ?? []
    if (id !== this.#id) throw invalidHandle(handle)
    const message = this.#message(sequence!)
    return message && { sequence: sequence!, message, last: message.receives === receives && message.at > this.#now }
  }

  delete(sequence: string, message: Message): void {
    this.#remove(sequence, message)
  }

  /** Seconds from now. */
  hide(sequence: string, message: Message, seconds: number): void {
    const at = this.#after(seconds)
    this.#rows.put(`messages/${this.#id}`, sequence, { ...message, at })
    this.#place(sequence, message, at, true)
  }

  /** FIFO: what the same attempt received before, if nothing has happened to it since; hidden anew. */
  again(attempt: string, timeout: number): Received[] | undefined {
    const known = this.#rows.get<Attempt>(`attempts/${this.#id}`, attempt)
    if (!known || known.until <= this.#now) return undefined
    const found = known.sequences.map(({ sequence, receives }) => {
      const message = this.#message(sequence)
      return message?.receives === receives && message.at > this.#now ? { sequence, message } : undefined
    })
    if (found.some((one) => one === undefined)) return undefined
    return found.map((one) => {
      const { sequence, message } = one!
      this.hide(sequence, message, timeout)
      return { sequence, message, handle: handleOf(this.#id, sequence, message.receives) }
    })
  }

  rememberAttempt(attempt: string, received: readonly Received[]): void {
    const sequences = received.map(({ sequence, message: { receives } }) => ({ sequence, receives }))
    this.#rows.put(`attempts/${this.#id}`, attempt, { until: this.#now + dedupFor, sequences })
  }

  /** When something that is not ready now will be; undefined for never. */
  nextReady(): number | undefined {
    const [next] = this.#rows.scan(`ready/${this.#id}`, { from: padded(this.#now + 1), limit: 1 })
    return next && Number(next.key.slice(0, next.key.indexOf('/')))
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    this.expire()
    const counts = { visible: 0, inFlight: 0, delayed: 0 }
    const count = (at: number, received: boolean): void => {
      counts[at <= this.#now ? 'visible' : received ? 'inFlight' : 'delayed']++
    }
    if (this.#fifo)
      for (const { value } of this.#rows.scan<Grouped>(`grouped/${this.#id}`)) count(value.at, value.received)
    else {
      const table = `ready/${this.#id}`
      const later = padded(this.#now + 1)
      counts.visible = this.#rows.keys(table, { before: later }).length
      for (const { key, value } of this.#rows.scan<Ready>(table, { from: later }))
        count(Number(key.slice(0, key.indexOf('/'))), value.received ?? false)
    }
    return counts
  }

  /** When the oldest was sent, milliseconds. */
  oldest(): number | undefined {
    return this.#rows.scan<Message>(`messages/${this.#id}`, { limit: 1 })[0]?.value.sent
  }

  /** All that are there, the oldest first, as they are: nobody receives them. */
  looked(): Seen[] {
    this.expire()
    return this.#rows.scan<Message>(`messages/${this.#id}`).map(({ key, value }) => ({
      sequence: key,
      message: value,
      isVisible: value.at <= this.#now || value.receives === 0,
      isDelayed: value.at > this.#now && value.receives === 0,
    }))
  }

  /** The oldest that is not in flight: for moving elsewhere. */
  takeFirst(): Message | undefined {
    this.expire()
    if (!this.#fifo) this.#ripen()
    const [first] = this.#rows.scan<Ready>(`ready/${this.#id}`, { ...this.#ready, limit: 1 })
    const sequence = first?.key.slice(first.key.indexOf('/') + 1)
    const message = sequence === undefined ? undefined : this.#message(sequence)
    if (message) this.#remove(sequence!, message)
    return message
  }

  /** Removes every message, and what was remembered of those before. */
  clear(): void {
    for (const table of ['messages', 'ready', 'grouped', 'groups', 'attempts', 'dedup', 'dedupUntil'])
      for (const { key } of this.#rows.scan(`${table}/${this.#id}`)) this.#rows.delete(`${table}/${this.#id}`, key)
  }

  /** After which nothing is left of the queue. */
  forget(): void {
    this.clear()
    this.#rows.delete(`counter/${this.#id}`, '')
  }
}

function padded(moment: number): string {
  return String(moment).padStart(15, '0')
}

function readyKey(at: number, sequence: string): string {
  return `${padded(at)}/${sequence}`
}

function groupedKey(group: string, sequence: string): string {
  return `${group}\0${sequence}`
}

function sequenceIn(key: string): string {
  return key.slice(key.indexOf('\0') + 1)
}

/** Opaque to clients; each receive gives another. */
function handleOf(queue: string, sequence: string, receives: number): string {
  return btoa(`${queue} ${sequence} ${receives} ${crypto.randomUUID()}`)
}

function readHandle(handle: string): [queue: string, sequence: string, receives: number] | undefined {
  try {
    const [queue, sequence, receives] = atob(handle).split(' ')
    return /^\d{20}$/.test(sequence ?? '') ? [queue!, sequence!, Number(receives)] : undefined
  } catch {
    return undefined
  }
}
