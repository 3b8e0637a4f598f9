// The operation `Do` of a small service, for the tests of this room.

import type { Operation, ProtocolName } from '../model/model.ts'
import { rawService } from '../model/raw.ts'

interface Described {
  /** What stands in the operation besides its name and place: `input`, `output`, `errors`. */
  readonly operation: Readonly<Record<string, unknown>>
  readonly shapes: Readonly<Record<string, unknown>>
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Of the service; `thing` where none is given. */
  readonly name?: string
}

export function operationDo(
  protocol: ProtocolName,
  { operation, shapes, metadata, name = 'thing' }: Described,
): Operation {
  return rawService(name, {
    service: {
      metadata: {
        apiVersion: '2026-01-01',
        endpointPrefix: name,
        serviceId: name,
        serviceFullName: name,
        protocol,
        jsonVersion: '1.1',
        targetPrefix: 'T',
        xmlNamespace: `https://${name}.example/doc`,
        ...metadata,
      },
      operations: { Do: { name: 'Do', http: { method: 'POST', requestUri: '/' }, ...operation } },
      shapes,
    },
  }).operation('Do')
}
