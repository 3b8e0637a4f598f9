// A protocol turns a value into a message and back, in both directions, for both sides.

import type { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import type { Body, Headers, HttpResponse } from '../http/message.ts'
import type { Operation, ProtocolName, Service } from '../model/model.ts'

/** A request before anything is known of its host: the path and query are encoded as they will be sent. */
export interface RequestMessage {
  method: string
  path: string
  query: string
  headers: Headers
  body: Body
}

export interface ReadOptions {
  /**
   * 'native' (default): timestamps are Dates, blobs bytes, numbers numbers.
   * 'wire': what AWS CLI prints: timestamps stay the string or number they were, blobs stay base64 text, numbers with a
   * fraction or exponent become Float, integers beyond 2^53 bigint, and map key order is kept.
   */
  scalars?: 'native' | 'wire'
}

/**
 * Bodies handed to the read functions are bytes, except where the operation's payload streams: then the stream is
 * put into the value untouched. A value's structures hold only members the model knows.
 */
export interface Protocol {
  readonly name: ProtocolName
  writeRequest(operation: Operation, input: Structure): RequestMessage
  /** Throws AwsError (SerializationException, MalformedXML …) for what cannot be read. */
  readRequest(operation: Operation, request: RequestMessage): Structure
  writeResponse(operation: Operation, output: Structure, requestId: string): HttpResponse
  /** Throws Failure('UnreadableResponse'). */
  readResponse(operation: Operation, response: HttpResponse, options?: ReadOptions): Structure
  /** `operation` is undefined where the request could not be identified. */
  writeError(service: Service, operation: Operation | undefined, error: AwsError, requestId: string): HttpResponse
  readError(operation: Operation, response: HttpResponse, options?: ReadOptions): AwsError
}
