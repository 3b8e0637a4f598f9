// A call as far as it can be made without sending it: what is asked, of whom, and how it would be proved. For callers
// that send many requests of one kind and fill in what differs.

import type { Structure } from '../lib/value.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import { protocolOf } from '../wire/protocols.ts'
import type { Protocol } from '../wire/protocol.ts'
import { addressed } from './address.ts'
import { schemeFor } from './auth.ts'
import type { AuthScheme } from './auth.ts'
import { withCorrectedClock } from './clock.ts'
import { endpointFor } from './endpoint/resolve.ts'
import type { Endpoint } from './endpoint/resolve.ts'
import { prepare } from './prepare.ts'
import { quirksOf } from './quirks/index.ts'
import type { Exchange, Quirks } from './quirks/index.ts'
import type { Settings } from './settings.ts'

export interface Draft {
  readonly operation: Operation
  readonly protocol: Protocol
  readonly quirks: Quirks | undefined
  readonly exchange: Exchange
  /** With the endpoint's own headers and the user agent; unsigned, without a checksum. */
  readonly request: HttpRequest
  readonly endpoint: Endpoint
  readonly scheme: AuthScheme
  /** With the time the service goes by. */
  readonly settings: Settings
}

/** Throws what `call` throws before it sends. */
export async function draft(operation: Operation, input: Structure, given: Settings): Promise<Draft> {
  const settings = withCorrectedClock(given)
  const [quirks, protocol] = await Promise.all([quirksOf(operation.service.name), protocolOf(operation)])
  const exchange: Exchange = { operation, given: input, settings: given }
  const ready = await prepare(operation, input, exchange, quirks)
  const written = protocol.writeRequest(operation, ready)
  const message = (await quirks?.request?.(written, { ...exchange, input: ready })) ?? written
  const endpoint = await endpointFor(ready, { ...exchange, settings }, quirks)
  const request = addressed(operation, ready, message, endpoint, settings)
  const scheme = schemeFor(operation, endpoint, settings)
  return { operation, protocol, quirks, exchange, request, endpoint, scheme, settings }
}
