// How is refused what is no operation of S3's API (a form, a browser's question)? In the words of its errors.

import type { AwsError } from '../../../lib/errors.ts'
import { utf8 } from '../../../lib/bytes.ts'
import { escapeText } from '../../../lib/xml.ts'
import type { HttpResponse } from '../../../http/message.ts'
import { hostId } from '../../../wire/rest-xml.ts'
import { newRequestId } from './request-id.ts'

export function refusal({ code, message, status, detail }: AwsError): HttpResponse {
  const RequestId = newRequestId()
  const HostId = hostId(RequestId)
  const elements = Object.entries({ Code: code, Message: message, ...detail, RequestId, HostId })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escapeText(String(value))}</${name}>`)
    .join('')
  return {
    status,
    headers: {
      'content-type': 'application/xml',
      'x-amz-request-id': RequestId,
      'x-amz-id-2': HostId,
      server: 'AmazonS3',
    },
    body: utf8(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements}</Error>`),
  }
}
