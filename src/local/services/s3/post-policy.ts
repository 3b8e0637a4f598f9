// Does a form keep the policy that its maker signed?
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html

import { accessDenied, s3Error } from './errors.ts'

const unchecked = new Set(['x-amz-signature', 'signature', 'awsaccesskeyid', 'file', 'policy', '\0content-type'])

/** `fields` by name in lower case. Throws InvalidPolicyDocument, AccessDenied, EntityTooSmall, EntityTooLarge. */
export function checkPostPolicy(
  policy: string,
  fields: ReadonlyMap<string, string>,
  fileSize: number,
  now: Date,
): void {
  const { expiration, conditions } = parsed(policy)
  if (new Date(expiration) <= now) throw failed('Policy expired.')
  const covered = new Set(unchecked)
  for (const condition of conditions) {
    const [operator, target, value] = tripleOf(condition)
    if (operator === 'content-length-range') {
      if (Number.isNaN(Number(target)) || Number.isNaN(Number(value))) throw unmet(operator, target, value)
      checkSize(Number(target), Number(value), fileSize)
      continue
    }
    const name = String(target).replace(/^\$/, '').toLowerCase()
    covered.add(name)
    const given = fields.get(name) ?? ''
    const holds = operator === 'starts-with' ? startsWith(given, String(value), name) : given === String(value)
    if (!holds) throw unmet(operator, target, value)
  }
  const extra = [...fields.keys()].filter((name) => !covered.has(name) && !name.startsWith('x-ignore-'))
  if (extra.length > 0) throw failed(`Extra input fields: ${extra.join(', ')}`)
}

/** A list of content types must begin so each. */
function startsWith(given: string, prefix: string, name: string): boolean {
  return name === 'content-type' ? given.split(',').every((one) => one.startsWith(prefix)) : given.startsWith(prefix)
}

function parsed(text: string): { expiration: string; conditions: unknown[] } {
  let policy: { expiration?: unknown; conditions?: unknown } | undefined
  try {
    policy = JSON.parse(text)
  } catch {
    throw invalid('Invalid JSON.')
  }
  const { expiration, conditions } = policy ?? {}
  if (typeof expiration !== 'string' || Number.isNaN(Date.parse(expiration)))
    throw invalid(`Invalid 'expiration' value: '${String(expiration)}'`)
  if (!Array.isArray(conditions)) throw invalid('Policy missing conditions.')
  return { expiration, conditions }
}

type Triple = readonly [operator: string, target: unknown, value: unknown]

function tripleOf(condition: unknown): Triple {
  if (Array.isArray(condition)) {
    const operator = String(condition[0]).toLowerCase()
    if (condition.length !== 3 || !['eq', 'starts-with', 'content-length-range'].includes(operator))
      throw invalid('Invalid Condition.')
    return [operator, condition[1], condition[2]]
  }
  const entries = Object.entries((condition ?? {}) as object)
  if (entries.length !== 1)
    throw invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.')
  return ['eq', `$${entries[0]![0]}`, entries[0]![1]]
}

function checkSize(least: number, most: number, size: number): void {
  if (size < least)
    throw s3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: size,
      MinSizeAllowed: least,
    })
  if (size > most)
    throw s3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: size,
      MaxSizeAllowed: most,
    })
}

function unmet(...condition: unknown[]): Error {
  return failed(`Policy Condition failed: ${JSON.stringify(condition).replaceAll('","', '", "')}`)
}

function failed(why: string): Error {
  return accessDenied(`Invalid according to Policy: ${why}`)
}

function invalid(why: string): Error {
  return s3Error(400, 'InvalidPolicyDocument', `Invalid Policy: ${why}`)
}
