// Which code speaks a service's protocol? Each protocol is loaded when it is first needed: a call to STS has no use for CBOR.

import type { Operation, ProtocolName } from '../model/model.ts'
import type { Protocol } from './protocol.ts'

export const protocols: Record<ProtocolName, () => Promise<Protocol>> = {
  json: async () => (await import('./json-rpc.ts')).jsonRpc,
  query: async () => (await import('./query.ts')).query,
  ec2: async () => (await import('./ec2.ts')).ec2,
  'rest-json': async () => (await import('./rest-json.ts')).restJson,
  'rest-xml': async () => (await import('./rest-xml.ts')).restXml,
  'smithy-rpc-v2-cbor': async () => (await import('./cbor-rpc.ts')).cborRpc,
}

/** The protocol AWS CLI would pick for the operation's service. */
export function protocolOf(operation: Operation): Promise<Protocol> {
  return protocols[operation.service.protocol]()
}
