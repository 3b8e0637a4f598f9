// How do the protocols find an error's code, its parts and its status?

import { AwsError } from '../lib/errors.ts'
import type { ErrorResponse } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import type { HttpResponse } from '../http/message.ts'
import { reasonOf } from '../http/reasons.ts'
import { codeOf } from '../model/error-shape.ts'
import type { Service, Shape } from '../model/model.ts'
import { bodyText, requestIdOf } from './message.ts'

/** `com.amazonaws.dynamodb#NotFound:http://…` → `NotFound`. */
export function plainCode(code: string): string {
  const whole = code.split(':', 1)[0]!
  return whole.slice(whole.lastIndexOf('#') + 1)
}

/** The member of an error shape that holds the message. */
export function messageMember(shape: Shape | undefined): string | undefined {
  return shape?.members.find((member) => /^(error)?message$/i.test(member.name))?.name
}

/** The modelled members beside code and message. */
export function detailOf(members: Structure): Structure {
  const detail: Structure = {}
  for (const name of Object.keys(members)) if (!/^(code|message)$/i.test(name)) detail[name] = members[name]
  return detail
}

/** What a body may say of an error beside code and message: members that have no header. */
export function bodyDetail(shape: Shape, detail: Structure): Structure {
  const message = messageMember(shape)
  const members: Structure = {}
  for (const name of Object.keys(detail)) {
    const known = shape.memberNamed(name)
    if (known && known.traits.location === undefined && name !== message) members[name] = detail[name]
  }
  return members
}

/** The modelled members of an error; a body that does not fit its model must not hide the error itself. */
export function membersOrNone(read: () => unknown): Structure {
  try {
    return detailOf((read() ?? {}) as Structure)
  } catch {
    return {}
  }
}

export interface ErrorParts {
  code: string
  message: string
  detail?: Structure
  requestId?: string
  elements?: ErrorResponse['elements']
}

/** The error that a response tells of. */
export function responseError(response: HttpResponse, parts: ErrorParts): AwsError {
  return new AwsError(parts.code, parts.message, {
    status: response.status,
    detail: parts.detail,
    response: {
      requestId: parts.requestId ?? requestIdOf(response.headers),
      headers: response.headers,
      ...(parts.elements && { elements: parts.elements }),
    },
  })
}

/** A 5xx that no service wrote: an empty body, or a web page of something between. */
export function isGenericError(response: HttpResponse): boolean {
  if (response.status < 500) return false
  const body = bodyText(response.body).trim()
  return body === '' || body.startsWith('<html>')
}

/** Where a header names the error, as for JSON it may, the body need not. */
export function isNamed(response: HttpResponse): boolean {
  return response.headers['x-amzn-errortype'] !== undefined
}

/** All there is to say when only the status speaks: code `503`, message `Service Unavailable`. */
export function statusError(response: HttpResponse): AwsError {
  const error = responseError(response, { code: String(response.status), message: reasonOf(response.status) })
  error.response.bare = true
  return error
}

/** The status an error is answered with: the model's, else the error's own. */
export function errorStatus(shape: Shape | undefined, error: AwsError): number {
  return shape?.traits.error?.httpStatusCode ?? (shape?.traits.fault ? 500 : error.status)
}

/** RPC protocols answer with the error's own status; only a modelled fault is never a 4xx. */
export function rpcStatus(shape: Shape | undefined, error: AwsError): number {
  return shape?.traits.fault && error.status < 500 ? 500 : error.status
}

/** `Sender` or `Receiver`. */
export function errorType(shape: Shape | undefined, error: AwsError): string {
  return shape?.traits.fault || error.fault === 'server' ? 'Receiver' : 'Sender'
}

/**
 * Services that moved from query to another protocol keep their old codes in a header:
 * `x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender`.
 */
export function queryErrorCode(response: HttpResponse): string | undefined {
  const parts = response.headers['x-amzn-query-error']?.split(';')
  return parts?.length === 2 && parts[0] ? parts[0] : undefined
}

/** The other way: the header of an answer, where the service is one of those. */
export function queryErrorHeader(service: Service, shape: Shape | undefined, error: AwsError): Record<string, string> {
  if (service.metadata.awsQueryCompatible === undefined) return {}
  return { 'x-amzn-query-error': `${shape ? codeOf(shape) : error.code};${errorType(shape, error)}` }
}
