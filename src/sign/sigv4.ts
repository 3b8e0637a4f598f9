// Signs a request with Signature Version 4, in headers or in the query.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import type { HttpRequest } from '../http/message.ts'
import { signHeaders, signQuery } from './attach.ts'
import type { Method } from './attach.ts'
import { scopeSigner } from './key.ts'
import type { PresignOptions, SigningOptions } from './types.ts'

const version4: Method = {
  algorithm: 'AWS4-HMAC-SHA256',
  scope: (day, { region, service }) => `${day}/${region}/${service}/aws4_request`,
  signature: (toSign, day, { credentials, region, service }) =>
    scopeSigner(credentials.secretAccessKey, day, region, service)(toSign),
  linkOrder: 'expires-first',
}

/**
 * The request with x-amz-date, the session token and Authorization. Every other header it carries is signed, except
 * those that never are; so what must stay unsigned (amz-sdk-invocation-id, content-length) is added afterwards.
 * Signing again replaces the old signature.
 *
 * Throws Failure('InvalidValue') for a body that is not bytes with neither payloadHash nor another `payload`:
 * see `payloadHashOf`.
 */
export function sign(request: HttpRequest, options: SigningOptions): HttpRequest {
  return signHeaders(request, options, version4)
}

/**
 * The request as a link: the signature and all it needs are in the query, in the reference's order. The headers the
 * request carries are signed too and must be sent with the link. S3's links leave the payload unsigned.
 */
export function presign(request: HttpRequest, options: PresignOptions): HttpRequest {
  return signQuery(request, options, version4)
}
