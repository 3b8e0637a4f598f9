// How does a service say that it was asked too often, and which limits may a user set? A rule is a token bucket for some
// operations of a service, in an account and a region.

import { Failure } from '../../lib/errors.ts'
import type { Service } from '../../model/model.ts'

export interface ThrottleRule {
  /** By model name; `*` for any. */
  readonly service: string
  /** Names, with `*` for any letters; default all. */
  readonly operations?: readonly string[]
  /** Tokens a full bucket holds. */
  readonly max: number
  /** Tokens a second. */
  readonly refill: number
  /** One bucket for each operation (default), or one for all that the rule names. */
  readonly shared?: boolean
  /** Instead of the service's own. */
  readonly code?: string
  readonly status?: number
  readonly message?: string
}

export interface ThrottledAnswer {
  readonly code: string
  readonly status: number
  readonly message: string
}

// https://github.com/boto/botocore/blob/develop/botocore/data/_retry.json, and the services' own pages
const answers: Readonly<Record<string, ThrottledAnswer>> = {
  ec2: { code: 'RequestLimitExceeded', status: 503, message: 'Request limit exceeded.' },
  s3: { code: 'SlowDown', status: 503, message: 'Please reduce your request rate.' },
  sqs: { code: 'RequestThrottled', status: 403, message: 'Request is throttled.' },
  lambda: { code: 'TooManyRequestsException', status: 429, message: 'Rate exceeded' },
  apigateway: { code: 'TooManyRequestsException', status: 429, message: 'Too Many Requests' },
  apigatewayv2: { code: 'TooManyRequestsException', status: 429, message: 'Too Many Requests' },
  organizations: { code: 'TooManyRequestsException', status: 400, message: 'Rate exceeded' },
  kinesis: { code: 'LimitExceededException', status: 400, message: 'Rate exceeded' },
  cloudsearch: { code: 'BandwidthLimitExceeded', status: 509, message: 'Rate exceeded' },
}

/** The service's words; else those of its protocol. */
export function throttledAs(service: Service): ThrottledAnswer {
  const known = answers[service.name]
  if (known) return known
  const isXml = ['query', 'rest-xml'].includes(service.protocol)
  return { code: isXml ? 'Throttling' : 'ThrottlingException', status: 400, message: 'Rate exceeded' }
}

/** The rules of a file: a list of them as JSON. Throws Failure('ParamValidation') saying what is wrong where. */
export function parseRules(text: string, file: string): ThrottleRule[] {
  const bad = (what: string): Failure => new Failure('ParamValidation', `throttle file ${file}: ${what}`)
  let rules: unknown
  try {
    rules = JSON.parse(text)
  } catch (error) {
    throw bad(`not JSON (${(error as Error).message})`)
  }
  if (!Array.isArray(rules)) throw bad('it must be a list of rules')
  return rules.map((rule: unknown, i) => {
    const which = `rule ${i + 1}`
    if (typeof rule !== 'object' || rule === null) throw bad(`${which} must be an object`)
    const { service, operations, max, refill, shared, code, status, message, ...others } = rule as Record<
      string,
      unknown
    >
    const [unknown] = Object.keys(others)
    if (unknown !== undefined) throw bad(`${which} has an unknown member "${unknown}"`)
    if (typeof service !== 'string') throw bad(`${which}: "service" must be a text`)
    if (
      operations !== undefined &&
      !(Array.isArray(operations) && operations.every((each) => typeof each === 'string'))
    )
      throw bad(`${which}: "operations" must be a list of texts`)
    for (const [name, value] of Object.entries({ max, refill }))
      if (typeof value !== 'number' || !(value >= 0)) throw bad(`${which}: "${name}" must be a number, 0 or more`)
    for (const [name, value] of Object.entries({ code, message }))
      if (value !== undefined && typeof value !== 'string') throw bad(`${which}: "${name}" must be a text`)
    if (status !== undefined && !(Number.isInteger(status) && (status as number) >= 400 && (status as number) < 600))
      throw bad(`${which}: "status" must be 400 to 599`)
    if (shared !== undefined && typeof shared !== 'boolean') throw bad(`${which}: "shared" must be true or false`)
    return rule as ThrottleRule
  })
}

export function ruleFits(
  { service, operations }: Pick<ThrottleRule, 'service' | 'operations'>,
  target: string,
  operation: string,
): boolean {
  if (service !== '*' && service !== target) return false
  return operations === undefined || operations.some((pattern) => isLike(operation, pattern))
}

function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^()[\]{}|\\$]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(text)
}
