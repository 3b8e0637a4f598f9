// Is it too much? Token buckets between reading a request and asking IAM: a request takes a token from each of its
// buckets, or is refused when one is empty. Buckets are rows, so that processes share them; time is the account's.

import { AwsError } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import type { Service } from '../../model/model.ts'
import type { CallContext } from '../service.ts'
import type { LocalSettings } from '../settings.ts'
import type { Rows } from '../store/store.ts'
import type { World } from '../world.ts'
import { ec2InstanceLimit, ec2Limit } from './ec2-limits.ts'
import { ruleFits, throttledAs, type ThrottledAnswer, type ThrottleRule } from './rules.ts'

/** Tokens to take from a bucket. */
export interface Toll {
  readonly bucket: string
  readonly max: number
  readonly refill: number
  readonly tokens: number
  readonly answer: ThrottledAnswer
}

/** Lets a request through, or throws the service's throttling error. */
export async function admit(
  service: Service,
  input: Structure,
  context: CallContext,
  throttle: Exclude<LocalSettings['throttle'], 'off'>,
  world: World,
): Promise<void> {
  const tolls = throttle === 'aws' ? awsTolls(service, input, context) : ruleTolls(throttle, service, context)
  if (tolls.length === 0) return
  const now = world.clock().getTime()
  const refused = await world.store.namespace('throttle').transaction((rows) => take(rows, tolls, now))
  if (refused) throw new AwsError(refused.code, refused.message, { status: refused.status })
}

interface Bucket {
  tokens: number
  /** When it was last filled, milliseconds. */
  at: number
}

/** Takes all or nothing; the answer of the first bucket that had too few. */
export function take(rows: Rows, tolls: readonly Toll[], now: number): ThrottledAnswer | undefined {
  const filled = tolls.map((toll) => {
    const bucket = refilled(rows.get<Bucket & Record<string, number>>('buckets', toll.bucket), toll, now)
    return { toll, bucket }
  })
  const empty = filled.find(({ toll, bucket }) => bucket.tokens < toll.tokens)
  for (const { toll, bucket } of filled)
    rows.put('buckets', toll.bucket, empty ? bucket : { ...bucket, tokens: bucket.tokens - toll.tokens })
  return empty?.toll.answer
}

/** Whole tokens come at whole moments; what does not fit flows over. */
function refilled(bucket: Bucket | undefined, { max, refill }: Toll, now: number): Bucket {
  if (!bucket || bucket.at > now) return { tokens: max, at: now }
  const seconds = Math.floor((now - bucket.at) / 1000)
  const added = Math.floor(seconds * refill + 1e-9)
  if (added === 0) return bucket
  const took = refill >= 1 ? seconds : Math.round(added / refill)
  return { tokens: Math.min(max, bucket.tokens + added), at: bucket.at + took * 1000 }
}

function ruleTolls(rules: readonly ThrottleRule[], service: Service, context: CallContext): Toll[] {
  const fitting = rules
    .map((rule, i) => ({ rule, i }))
    .filter(({ rule }) => ruleFits(rule, service.name, context.operation))
  return fitting.map(({ rule, i }) => ({
    bucket: `${context.account}/${context.region}/rule ${i}${rule.shared ? '' : `/${service.name}.${context.operation}`}`,
    max: rule.max,
    refill: rule.refill,
    tokens: 1,
    answer: { ...throttledAs(service), ...defined({ code: rule.code, status: rule.status, message: rule.message }) },
  }))
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}

// --- what AWS documents ----------------------------------------------------------------------------------------------

function awsTolls(service: Service, input: Structure, context: CallContext): Toll[] {
  const toll = (name: string, max: number, refill: number, tokens = 1): Toll => ({
    bucket: `${context.account}/${context.region}/${service.name}/${name}`,
    max,
    refill,
    tokens,
    answer: throttledAs(service),
  })
  const { operation } = context
  if (service.name === 'ec2') return ec2Tolls(operation, input, toll)
  if (service.name === 's3') return s3Tolls(input, context, toll)
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 600 a second, together
  if (service.name === 'sts' && stsOperations.includes(operation)) return [toll('all', 600, 600)]
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html: 5 a second for an account
  if (service.name === 'route53') return [toll('all', 5, 5)]
  return []
}

const stsOperations = [
  'AssumeRole',
  'DecodeAuthorizationMessage',
  'GetAccessKeyInfo',
  'GetCallerIdentity',
  'GetFederationToken',
  'GetSessionToken',
]

type MakeToll = (name: string, max: number, refill: number, tokens?: number) => Toll

function ec2Tolls(action: string, input: Structure, toll: MakeToll): Toll[] {
  const isWhole = Object.keys(input).every((member) => member === 'DryRun')
  const [max, refill] = ec2Limit(action, isWhole)
  const instances = ec2InstanceLimit(action)
  // A full bucket of its own for each way of asking: with and without a filter.
  const name = isWhole && action.startsWith('Describe') ? `${action} of all` : action
  return [
    toll(name, max, refill),
    ...(instances ? [toll(`instances of ${action}`, ...instances, instancesIn(input))] : []),
  ]
}

function instancesIn(input: Structure): number {
  const ids = input['InstanceIds'] ?? input['InstanceId']
  return Array.isArray(ids) ? ids.length : Number(input['MinCount'] ?? 1)
}

/** 3,500 changes and 5,500 reads a second for a prefix: here, what stands before the last slash of a key. */
function s3Tolls(input: Structure, { request, account }: CallContext, toll: MakeToll): Toll[] {
  const { Bucket, Key, Prefix } = input
  if (typeof Bucket !== 'string') return []
  const name = typeof Key === 'string' ? Key : typeof Prefix === 'string' ? Prefix : ''
  const prefix = name.slice(0, name.lastIndexOf('/') + 1)
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const rate = reads ? 5500 : 3500
  const made = toll(`${reads ? 'reads' : 'changes'} ${Bucket}/${prefix}`, rate, rate)
  // A bucket is its own, whoever calls.
  return [{ ...made, bucket: made.bucket.slice(account.length) }]
}
