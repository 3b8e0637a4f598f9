// How is a queue called? By an ARN, by a URL on whatever name this server was called by, and in the store.
//
//   arn:aws:sqs:us-east-1:123456789012:jobs
//   http://localhost:8474/123456789012/jobs

import type { HttpRequest } from '../../../http/message.ts'
import { sqsError } from './errors.ts'

export interface QueueName {
  readonly account: string
  readonly region: string
  readonly name: string
}

/** The key of its row; every table of its own ends in the queue's id instead. */
export function keyOf({ account, region, name }: QueueName): string {
  return `${account}/${region}/${name}`
}

export function ofKey(key: string): QueueName {
  const [account, region, name] = key.split('/') as [string, string, string]
  return { account, region, name }
}

export function arnOf({ account, region, name }: QueueName): string {
  return `arn:aws:sqs:${region}:${account}:${name}`
}

/** Undefined for what is no queue's ARN. */
export function ofArn(arn: string): QueueName | undefined {
  const found = /^arn:aws[\w-]*:sqs:([a-z0-9-]+):(\d{12}):([\w-]{1,80}(?:\.fifo)?)$/.exec(arn)
  return found ? { region: found[1]!, account: found[2]!, name: found[3]! } : undefined
}

export function urlOf({ account, region, name }: QueueName, { scheme, host }: HttpRequest): string {
  const base = scheme === 'virga-local' ? `https://sqs.${region}.amazonaws.com` : `${scheme}://${host}`
  return `${base}/${account}/${name}`
}

/**
 * A queue by its URL: the path counts (`/ACCOUNT/NAME`, `/queue/REGION/ACCOUNT/NAME`), and the region of an AWS-like
 * host; or by its mere name. Throws InvalidAddress.
 */
export function ofUrl(url: string, here: { account: string; region: string }): QueueName {
  const found = /^(?:https?:\/\/([^/]*))?\/?(?:queue\/([a-z0-9-]+)\/)?(?:(\d{12})\/)?([^/?#]+)\/?$/.exec(url)
  if (!found || (found[3] === undefined && url.includes('/')))
    throw sqsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, 404)
  const [, host = '', region, account, name] = found
  return { account: account ?? here.account, region: region ?? regionOf(host) ?? here.region, name: name! }
}

/** `sqs.eu-west-1.amazonaws.com`, `eu-west-1.queue.amazonaws.com` */
function regionOf(host: string): string | undefined {
  return /^sqs\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(host)?.[1] ?? /^([a-z]{2}(?:-[a-z]+)+-\d)\.queue\./.exec(host)?.[1]
}

const path = /^\/(?:queue\/[a-z0-9-]+\/)?\d{12}\/[^/]+\/?$/

/** The old protocol may call the queue itself: the path is then its address. */
export function urlIn({ scheme, host, path: asked }: HttpRequest): string | undefined {
  return path.test(asked) ? `${scheme}://${host}${asked}` : undefined
}
