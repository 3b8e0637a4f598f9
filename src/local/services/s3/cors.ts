// Which web pages may use a bucket? Preflight requests, and the headers that go with an answer.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html

import type { Structure } from '../../../lib/value.ts'
import type { Headers, HttpRequest, HttpResponse } from '../../../http/message.ts'
import { s3Error } from './errors.ts'
import type { Bucket } from './records.ts'
import { refusal } from './refusal.ts'
import { hostId } from '../../../wire/rest-xml.ts'
import type { S3, S3Context } from './state.ts'

export interface CorsRule {
  ID?: string
  AllowedHeaders?: string[]
  AllowedMethods: string[]
  AllowedOrigins: string[]
  ExposeHeaders?: string[]
  MaxAgeSeconds?: number
}

const varies = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'

/** For a request that a page makes: tells the browser whether the page may see the answer. */
export function addCorsHeaders(bucket: Bucket, { request, state, answer }: S3Context): void {
  const { origin } = request.headers
  if (origin === undefined || !bucket.cors) return
  const found = matchingRule(rulesOf(bucket.name, state), origin, request.method, [])
  if (found) Object.assign(answer.headers, corsHeaders(found, origin))
}

export function rulesOf(bucket: string, state: S3): CorsRule[] {
  return state.configuration<{ CORSRules?: CorsRule[] }>(bucket, 'cors')?.CORSRules ?? []
}

function matchingRule(
  rules: readonly CorsRule[],
  origin: string,
  method: string,
  headers: readonly string[],
): CorsRule | undefined {
  return rules.find(
    (rule) =>
      rule.AllowedOrigins.some((pattern) => fits(pattern, origin)) &&
      rule.AllowedMethods.includes(method) &&
      headers.every((name) =>
        (rule.AllowedHeaders ?? []).some((pattern) => fits(pattern.toLowerCase(), name.toLowerCase())),
      ),
  )
}

/** At most one `*`. */
function fits(pattern: string, text: string): boolean {
  const [head, tail] = pattern.split('*') as [string, string | undefined]
  if (tail === undefined) return pattern === text
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail)
}

function corsHeaders(rule: CorsRule, origin: string): Headers {
  const anybody = rule.AllowedOrigins.includes('*')
  return {
    'access-control-allow-origin': anybody ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(rule.ExposeHeaders?.length && { 'access-control-expose-headers': rule.ExposeHeaders.join(', ') }),
    ...(rule.MaxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.MaxAgeSeconds) }),
    ...(!anybody && { 'access-control-allow-credentials': 'true' }),
    vary: varies,
  }
}

/** The answer to a browser's question before it asks (OPTIONS). `bucket` undefined: there is none of that name. */
export function preflight(
  request: HttpRequest,
  bucket: Bucket | undefined,
  state: S3,
  requestId: string,
): HttpResponse {
  const {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': asked = '',
  } = request.headers
  if (origin === undefined) return refused(400, 'BadRequest', 'Insufficient information. Origin request header needed.')
  const detail = { Method: method ?? 'OPTIONS', ResourceType: request.path.split('/').length > 2 ? 'OBJECT' : 'BUCKET' }
  if (!bucket) return refused(403, 'AccessForbidden', 'CORSResponse: Bucket not found', detail)
  if (!bucket.cors) return refused(403, 'AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.', detail)
  if (method === undefined) return refused(400, 'BadRequest', 'Invalid Access-Control-Request-Method: null')
  const names = asked
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const rule = matchingRule(rulesOf(bucket.name, state), origin, method, names)
  if (!rule)
    return refused(
      403,
      'AccessForbidden',
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      detail,
    )
  const headers = {
    ...corsHeaders(rule, origin),
    ...(names.length > 0 && { 'access-control-allow-headers': names.join(', ').toLowerCase() }),
  }
  return {
    status: 200,
    headers: { ...headers, 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId), server: 'AmazonS3' },
    body: new Uint8Array(0),
  }
}

function refused(status: number, code: string, message: string, detail: Structure = {}): HttpResponse {
  return refusal(s3Error(status, code, message, detail))
}
