// What does a presigned URL say in its query that others say in headers? Older SDKs, and JavaScript's, put the object's
// metadata, ACL, tags and the like there when they sign a URL, so that whoever uses it need send no header.

import { percentDecode } from '../../../lib/percent.ts'
import { utf8 } from '../../../lib/bytes.ts'
import type { HttpRequest } from '../../../http/message.ts'

const carried =
  /^x-amz-(acl|tagging|storage-class|website-redirect-location|copy-source|meta-|grant-|server-side-encryption|object-lock-)/

/** The request with those headers. One that was sent as a header, too, is what the header says. */
export function withLinkedHeaders(request: HttpRequest): HttpRequest {
  const { query } = request
  if (!/(^|&)(x-amz-)?signature=/i.test(query)) return request
  const headers = { ...request.headers }
  for (const pair of query.split('&')) {
    const [name = '', value = ''] = pair.split('=', 2)
    const header = percentDecode(name).toLowerCase()
    if (carried.test(header)) headers[header] ??= Buffer.from(utf8(percentDecode(value))).toString('latin1')
  }
  return { ...request, headers }
}
