// Calls operations of a server by signed requests, and says of each whether its answer came.

import type { Credentials } from '../../src/lib/credentials.ts'
import { openModels } from '../../src/model/load.ts'
import { fileSource } from '../../src/model/source.ts'
import { sign } from '../../src/sign/sigv4.ts'
import { protocolOf } from '../../src/wire/protocols.ts'
import type { Structure } from '../../src/lib/value.ts'

const models = await openModels({ source: fileSource('build/models.bin'), actions: fileSource('build/actions.bin') })

/** The answer did not come: what was asked for may be done or not. */
export class NoAnswer extends Error {}

export interface Caller {
  address: string
  credentials: Credentials
}

/** Throws the service's AwsError, or NoAnswer. */
export async function call(
  { address, credentials }: Caller,
  service: string,
  operationName: string,
  input: object,
): Promise<any> {
  const operation = await models.operation(service, operationName)
  const protocol = await protocolOf(operation)
  const { host } = new URL(address)
  const signingName = operation.service.metadata.signingName ?? operation.service.metadata.endpointPrefix
  const message = protocol.writeRequest(operation, input as Structure)
  const signing = { credentials, region: 'us-east-1', service: signingName, date: new Date() }
  const request = sign({ ...message, scheme: 'http', host }, signing)
  let response: Response
  let body: Uint8Array
  try {
    response = await fetch(`http://${host}${request.path}${request.query === '' ? '' : `?${request.query}`}`, {
      method: request.method,
      headers: request.headers,
      ...(request.method !== 'GET' && request.method !== 'HEAD' && { body: request.body as Uint8Array<ArrayBuffer> }),
    })
    body = await response.bytes()
    const length = response.headers.get('content-length')
    if (length !== null && Number(length) !== body.length) throw new Error(`${body.length} of ${length} bytes came`)
  } catch (error) {
    throw new NoAnswer(String(error))
  }
  const answer = { status: response.status, headers: Object.fromEntries(response.headers), body }
  if (response.status >= 300) throw protocol.readError(operation, answer)
  return protocol.readResponse(operation, answer)
}
