// The functions that endpoint rules call. One that finds nothing answers undefined, which fails the condition.
// https://smithy.io/2.0/additional-specs/rules-engine/standard-library.html

import { some } from '../../lib/iterate.ts'
import { percentEncode } from '../../lib/percent.ts'
import { partitionOf, PartitionsUnread, type Partitions } from './partitions.ts'

type RuleFunction = (argv: readonly unknown[], partitions: Partitions | undefined) => unknown

export const functions: Readonly<Record<string, RuleFunction>> = {
  isSet: ([value]) => value !== undefined && value !== null,
  not: ([value]) => !value,
  booleanEquals: ([a, b]) => a === b,
  stringEquals: ([a, b]) => a === b,
  getAttr: ([value, path]) => getAttr(value, path as string),
  coalesce: (argv) => argv.find((value) => value !== undefined && value !== null),
  ite: ([condition, yes, no]) => (condition ? yes : no),
  split: ([value, separator, limit]) => split(value as string, separator as string, limit as number),
  substring: ([value, start, stop, reverse]) =>
    substring(value as string, start as number, stop as number, reverse as boolean),
  uriEncode: ([value]) => percentEncode(value as string),
  parseURL: ([value]) => parseURL(value as string),
  isValidHostLabel: ([value, dots]) => isValidHostLabel(value as string, dots as boolean),
  'aws.partition': ([region], partitions) => partitionOf(region as string, partitions ?? unread()),
  'aws.parseArn': ([value]) => parseArn(value as string),
  'aws.isVirtualHostableS3Bucket': ([value, dots]) => isVirtualHostableS3Bucket(value as string, dots as boolean),
}

function unread(): never {
  throw new PartitionsUnread()
}

/** `a.b[0]`; undefined where the path leads nowhere. A negative index counts from the end. */
export function getAttr(value: unknown, path: string): unknown {
  if (!path.includes('.') && !path.includes('[')) return (value as Record<string, unknown> | null | undefined)?.[path]
  let here: unknown = value
  for (const [, name, index] of path.matchAll(/([^.[\]]+)|\[(-?\d+)\]/g)) {
    if (here === undefined || here === null) return undefined
    if (index !== undefined) here = Array.isArray(here) ? here.at(Number(index)) : undefined
    else here = (here as Record<string, unknown>)[name!]
  }
  return here
}

/** At most `limit` pieces; 0 for all. */
function split(value: string, separator: string, limit: number): string[] {
  const pieces = value.split(separator)
  if (limit <= 0 || pieces.length <= limit) return pieces
  return [...pieces.slice(0, limit - 1), pieces.slice(limit - 1).join(separator)]
}

function substring(value: string, start: number, stop: number, reverse: boolean): string | undefined {
  if (typeof value !== 'string' || start >= stop || value.length < stop) return undefined
  // eslint-disable-next-line no-control-regex -- only ASCII can be cut without splitting a character
  if (/[^\u0000-\u007f]/.test(value)) return undefined
  return reverse ? value.slice(value.length - stop, value.length - start) : value.slice(start, stop)
}

interface ParsedUrl {
  scheme: string
  authority: string
  path: string
  /** The path with a slash at both ends. */
  normalizedPath: string
  isIp: boolean
}

/** http and https only; a query or fragment makes it no endpoint. */
export function parseURL(value: string): ParsedUrl | undefined {
  const parts = /^(https?):\/\/([^/?#]+)([^?#]*)$/i.exec(value)
  if (!parts) return undefined
  const scheme = parts[1]!.toLowerCase()
  const authority = parts[2]!
  let hostname: string
  try {
    hostname = new URL(`${scheme}://${authority}/`).hostname
  } catch {
    return undefined
  }
  const path = parts[3]!
  return {
    scheme,
    authority,
    path,
    normalizedPath: `/${path.replace(/^\/+|\/+$/g, '')}/`.replace(/^\/\/$/, '/'),
    isIp: hostname.startsWith('[') || isIpv4(authority.replace(/:\d+$/, '')),
  }
}

function isIpv4(host: string): boolean {
  const parts = host.split('.')
  return parts.length === 4 && !some(parts, (part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)
}

function isValidHostLabel(value: string, dots: boolean): boolean {
  if (typeof value !== 'string') return false
  return dots
    ? value.split('.').every((label) => isValidHostLabel(label, false))
    : /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})$/.test(value)
}

interface Arn {
  partition: string
  service: string
  region: string
  accountId: string
  resourceId: string[]
}

export function parseArn(value: string): Arn | undefined {
  if (typeof value !== 'string') return undefined
  const [arn, partition, service, region, accountId, ...resource] = value.split(':')
  const resourceId = resource.join(':')
  if (arn !== 'arn' || !partition || !service || region === undefined || accountId === undefined || !resourceId)
    return undefined
  return { partition, service, region, accountId, resourceId: resourceId.split(/[:/]/) }
}

/** Whether a bucket name can be a host name's first label (or labels, where dots are allowed). */
export function isVirtualHostableS3Bucket(value: string, dots: boolean): boolean {
  if (typeof value !== 'string') return false
  if (dots) return !isIpv4(value) && value.split('.').every((label) => isVirtualHostableS3Bucket(label, false))
  return /^[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$/.test(value)
}
