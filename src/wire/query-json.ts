// What do the query services answer to somebody who wants JSON? To `Accept: application/json` (aws-iam-authenticator,
// who sends a signed GetCallerIdentity to be shown), or the parameter `ContentType=JSON` (boto 2):
//
//   {"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":"…","Arn":"…","UserId":"…"},
//    "ResponseMetadata":{"RequestId":"…"}}}
//   {"Error":{"Code":"…","Message":"…","Type":"Sender"},"RequestId":"…"}

import { utf8 } from '../lib/bytes.ts'
import type { Structure } from '../lib/value.ts'
import { map } from '../lib/iterate.ts'
import type { HttpResponse } from '../http/message.ts'
import { codeOf, errorShape } from '../model/error-shape.ts'
import type { Operation } from '../model/model.ts'
import { errorStatus, errorType } from './errors.ts'
import { jsonText } from './json.ts'
import type { Protocol } from './protocol.ts'
import { query } from './query.ts'

/** The query protocol, but for what the server answers. */
export const queryInJson: Protocol = {
  ...query,

  writeResponse(operation, output, requestId) {
    const result = operation.output ? `"${operation.name}Result":${resultText(operation, output)},` : ''
    const metadata = `"ResponseMetadata":{"RequestId":${JSON.stringify(requestId)}}`
    return answer(operation.http.responseCode ?? 200, `{"${operation.name}Response":{${result}${metadata}}}`, requestId)
  },

  writeError(_service, operation, error, requestId) {
    const shape = errorShape(operation, error.code)
    const told = { Code: shape ? codeOf(shape) : error.code, Message: error.message, Type: errorType(shape, error) }
    return answer(errorStatus(shape, error), JSON.stringify({ Error: told, RequestId: requestId }), requestId)
  },
}

/** What is not there is null. */
function resultText({ output: result }: Operation, output: Structure): string {
  const members = map(
    result!.shape.members,
    (member) => `"${member.name}":${jsonText(member, output[member.name], 'response')}`,
  )
  return `{${members.join(',')}}`
}

function answer(status: number, body: string, requestId: string): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId }, body: utf8(body) }
}
