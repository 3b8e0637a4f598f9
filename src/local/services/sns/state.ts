// Where does SNS keep its topics? One namespace for everybody's, since others may be let in.
//
//   topics          ARN → Topic
//   subscriptions   ARN → Subscription; a topic's stand together
//   owned           ACCOUNT/REGION/ARN of a subscription → ''
//   tokens          token → ARN of a subscription, or the Subscription that was ended
//   deliveries      moment/id → Delivery, to be made from then on
//   dedup/ARN       FIFO: deduplication id → Published, for five minutes
//   counters        ARN → the last sequence number
//   signing         '' → the keys that messages are signed with
//   settings        ACCOUNT/REGION/sms → what SetSMSAttributes was given
//   applications    ARN → Application: whom apps on phones are reached by
//   endpoints       ARN → Endpoint: an app on one phone; an application's stand together
//   phones          ACCOUNT/REGION/NUMBER → Phone, which the sandbox was told of
//   outbox          ACCOUNT/REGION/NUMBER, counted → Sent: the last that went to phones

import type { CallContext, Handler, SlowHandler, Where } from '../../service.ts'
import type { Rows } from '../../store/store.ts'
import { invalid, notFound } from './errors.ts'
import { arnOf, endpointsOf, topicName, type TopicName } from './names.ts'

export interface Topic extends TopicName {
  /** Milliseconds. */
  created: number
  /** What was set. */
  attributes: Record<string, string>
  tags: Record<string, string>
  /** Subscriptions that were ended. */
  ended: number
  protection?: string
}

export interface Subscription {
  arn: string
  topic: string
  /** The account of the one who subscribed. */
  owner: string
  principal: string
  protocol: string
  endpoint: string
  confirmed: boolean
  authenticated: boolean
  /** Only its owner may end it. */
  guarded?: boolean
  attributes: Record<string, string>
  /** Where its links lead. */
  origin: string
}

export interface Delivery {
  id: string
  subscription: string
  endpoint: string
  topic: string
  kind: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'
  messageId: string
  body: string
  raw: boolean
  /** Attempts that were made. */
  tried: number
}

export interface Published {
  id: string
  sequence: string
}

/** Of an app: by which push service, and how that one is told what becomes of messages. */
export interface Application {
  arn: string
  attributes: Record<string, string>
}

export interface Endpoint {
  arn: string
  /** Enabled, Token, CustomUserData. */
  attributes: Record<string, string>
}

export interface Phone {
  number: string
  verified: boolean
  /** The password that was sent, and until when it is good. */
  password: string
  until: number
}

/** What left for a telephone or an app on it. Nobody carries it any further. */
export interface Sent {
  /** A number, or the ARN of an endpoint. */
  to: string
  messageId: string
  message: string
  topic?: string
  subscription?: string
  subject?: string
  attributes?: Record<string, { type: string; value: string }>
}

export type SnsHandler = Handler<Sns>
export type SlowSnsHandler = SlowHandler<Sns>
export type SnsContext = CallContext & { readonly state: Sns }

const dedupFor = 300_000
const mostSent = 200

export class Sns {
  readonly #rows: Rows
  readonly #clock: () => Date

  constructor(rows: Rows, clock: () => Date) {
    this.#rows = rows
    this.#clock = clock
  }

  now(): number {
    return this.#clock().getTime()
  }

  find(arn: string): Topic | undefined {
    return this.#rows.get<Topic>('topics', arn)
  }

  /** The topic of a request, which must be in its region. Throws InvalidParameter, NotFound. */
  asked(arn: string, { region }: Pick<Where, 'region'>): Topic {
    if (topicName(arn).region !== region) throw invalid('TopicArn')
    const topic = this.find(arn)
    if (!topic) throw notFound('Topic')
    return topic
  }

  topics({ account, region }: Where, after: string | undefined, limit: number): Topic[] {
    const prefix = arnOf({ account, region, name: '' })
    return this.#rows
      .scan<Topic>('topics', { prefix, ...(after !== undefined && { after }), limit })
      .map((row) => row.value)
  }

  put(topic: Topic): void {
    this.#rows.put('topics', arnOf(topic), topic)
  }

  update(topic: Topic, change: Partial<Topic>): void {
    this.put({ ...topic, ...change })
  }

  remove(arn: string): void {
    for (const subscription of this.subscriptions(arn)) this.removeSubscription(subscription)
    for (const { key } of this.#rows.scan(`dedup/${arn}`)) this.#rows.delete(`dedup/${arn}`, key)
    this.#rows.delete('counters', arn)
    this.#rows.delete('topics', arn)
  }

  subscription(arn: string): Subscription | undefined {
    return this.#rows.get<Subscription>('subscriptions', arn)
  }

  subscriptions(topic: string, after?: string, limit?: number): Subscription[] {
    const range = { prefix: `${topic}:`, ...(after !== undefined && { after }), limit }
    return this.#rows.scan<Subscription>('subscriptions', range).map((row) => row.value)
  }

  /** Those that an account made, in whatever topics. */
  owned({ account, region }: Where, after: string | undefined, limit: number): Subscription[] {
    const prefix = `${account}/${region}/`
    const range = { prefix, ...(after !== undefined && { after: prefix + after }), limit }
    return this.#rows.scan('owned', range).flatMap(({ key }) => this.subscription(key.slice(prefix.length)) ?? [])
  }

  putSubscription(subscription: Subscription): void {
    this.#rows.put('subscriptions', subscription.arn, subscription)
    this.#rows.put('owned', ownedKey(subscription), '')
  }

  removeSubscription(subscription: Subscription): void {
    this.#rows.delete('subscriptions', subscription.arn)
    this.#rows.delete('owned', ownedKey(subscription))
  }

  newToken(of: string | Subscription): string {
    const token = Array.from(crypto.getRandomValues(new Uint8Array(144)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('')
    this.#rows.put('tokens', token, of)
    return token
  }

  /** What a token stands for: a subscription, or one that was ended. */
  ofToken(token: string): Subscription | undefined {
    const found = this.#rows.get<string | Subscription>('tokens', token)
    return typeof found === 'string' ? this.subscription(found) : found
  }

  /** The token that was made for a subscription last. */
  tokenOf(arn: string): string | undefined {
    return this.#rows.scan<string | Subscription>('tokens').findLast(({ value }) => value === arn)?.key
  }

  /** FIFO: the next sequence number, or what was published under this id not long ago. */
  publishOnce(topic: Topic, id: string, dedup: string): Published & { before: boolean } {
    const arn = arnOf(topic)
    const known = this.#rows.get<Published & { until: number }>(`dedup/${arn}`, dedup)
    if (known && known.until > this.now()) return { ...known, before: true }
    for (const { key, value } of this.#rows.scan<{ until: number }>(`dedup/${arn}`, { limit: 20 }))
      if (value.until <= this.now()) this.#rows.delete(`dedup/${arn}`, key)
    const last = (this.#rows.get<number>('counters', arn) ?? 0) + 1
    this.#rows.put('counters', arn, last)
    const published = { id, sequence: String(10_000_000_000_000_000_000n + BigInt(last) * 1000n) }
    this.#rows.put(`dedup/${arn}`, dedup, { ...published, until: this.now() + dedupFor })
    return { ...published, before: false }
  }

  plan(delivery: Delivery, at: number): void {
    this.#rows.put('deliveries', `${String(at).padStart(15, '0')}/${delivery.id}`, delivery)
  }

  /** Deliveries that are due, planned again for later in case that this process dies. */
  takeDue(patience: number): { key: string; delivery: Delivery }[] {
    const now = this.now()
    const due = this.#rows.scan<Delivery>('deliveries', { before: String(now + 1).padStart(15, '0'), limit: 100 })
    return due.map(({ key, value }) => {
      this.#rows.delete('deliveries', key)
      this.plan(value, now + patience)
      return { key: `${String(now + patience).padStart(15, '0')}/${value.id}`, delivery: value }
    })
  }

  done(key: string): void {
    this.#rows.delete('deliveries', key)
  }

  signingKeys<T>(): T | undefined {
    return this.#rows.get<T>('signing', '')
  }

  putSigningKeys(keys: unknown): void {
    this.#rows.put('signing', '', keys)
  }

  application(arn: string): Application | undefined {
    return this.#rows.get<Application>('applications', arn)
  }

  applications({ account, region }: Where, after: string | undefined, limit: number): Application[] {
    const prefix = arnOf({ account, region, name: 'app/' })
    return this.#rows
      .scan<Application>('applications', { prefix, ...(after !== undefined && { after }), limit })
      .map((row) => row.value)
  }

  putApplication(application: Application): void {
    this.#rows.put('applications', application.arn, application)
  }

  removeApplication(arn: string): void {
    for (const endpoint of this.endpoints(arn)) this.removeEndpoint(endpoint.arn)
    this.#rows.delete('applications', arn)
  }

  endpoint(arn: string): Endpoint | undefined {
    return this.#rows.get<Endpoint>('endpoints', arn)
  }

  endpoints(application: string, after?: string, limit?: number): Endpoint[] {
    const range = { prefix: endpointsOf(application), ...(after !== undefined && { after }), limit }
    return this.#rows.scan<Endpoint>('endpoints', range).map((row) => row.value)
  }

  putEndpoint(endpoint: Endpoint): void {
    this.#rows.put('endpoints', endpoint.arn, endpoint)
  }

  removeEndpoint(arn: string): void {
    this.#rows.delete('endpoints', arn)
  }

  phone({ account, region }: Where, number: string): Phone | undefined {
    return this.#rows.get<Phone>('phones', `${account}/${region}/${number}`)
  }

  phones({ account, region }: Where, after?: string, limit?: number): Phone[] {
    const prefix = `${account}/${region}/`
    const range = { prefix, ...(after !== undefined && { after: prefix + after }), limit }
    return this.#rows.scan<Phone>('phones', range).map((row) => row.value)
  }

  putPhone({ account, region }: Where, phone: Phone): void {
    this.#rows.put('phones', `${account}/${region}/${phone.number}`, phone)
  }

  removePhone({ account, region }: Where, number: string): void {
    this.#rows.delete('phones', `${account}/${region}/${number}`)
  }

  /** The oldest first. */
  sent({ account, region }: Where): Sent[] {
    return this.#rows.scan<Sent>('outbox', { prefix: `${account}/${region}/` }).map((row) => row.value)
  }

  forgetSent({ account, region }: Where, isMeant: (sent: Sent) => boolean): void {
    for (const { key, value } of this.#rows.scan<Sent>('outbox', { prefix: `${account}/${region}/` }))
      if (isMeant(value)) this.#rows.delete('outbox', key)
  }

  send({ account, region }: Where, sent: Sent): void {
    const prefix = `${account}/${region}/`
    const kept = this.#rows.scan('outbox', { prefix }).map(({ key }) => key)
    for (const key of kept.slice(0, Math.max(0, kept.length - mostSent + 1))) this.#rows.delete('outbox', key)
    const last = Number(kept.at(-1)?.slice(prefix.length) ?? 0)
    this.#rows.put('outbox', prefix + String(last + 1).padStart(15, '0'), sent)
  }

  sms({ account, region }: Where): Record<string, string> {
    return this.#rows.get('settings', `${account}/${region}/sms`) ?? {}
  }

  putSms({ account, region }: Where, attributes: Record<string, string>): void {
    this.#rows.put('settings', `${account}/${region}/sms`, attributes)
  }
}

function ownedKey({ owner, arn, topic }: Subscription): string {
  return `${owner}/${topicName(topic).region}/${arn}`
}
