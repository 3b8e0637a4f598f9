// What the protocols share about messages: bodies as bytes, a shape seen as a member, response ids.

import { text } from '../lib/bytes.ts'
import { find } from '../lib/iterate.ts'
import { withKeyOrder } from '../lib/value.ts'
import type { Structure } from '../lib/value.ts'
import { emptyBody } from '../http/message.ts'
import type { Body, Headers, HttpResponse } from '../http/message.ts'
import type { Member, Operation, Shape } from '../model/model.ts'

/** A body that its caller has read to the end, as everything but a streaming payload must be. */
export function bodyBytes(body: Body): Uint8Array {
  if (body instanceof Uint8Array) return body
  throw new TypeError('the body of this message should have been read into bytes')
}

export function bodyText(body: Body): string {
  return text(bodyBytes(body))
}

/** A shape standing alone: an error, an event. */
export function memberOf(shape: Shape): Member {
  return { name: '', required: false, shape, traits: shape.traits, ownTraits: {} }
}

export function requestIdOf(headers: Headers): string | undefined {
  return headers['x-amzn-requestid'] ?? headers['x-amz-request-id']
}

/** The member of an input or output that is an event stream. */
export function eventStreamMember(member: Member | undefined): Member | undefined {
  return find(member?.shape.members ?? [], (known) => known.traits.eventstream === true)
}

/** A response without a body, to be filled in. */
export function responseOf(operation: Operation, headers: Headers, body: Body = emptyBody): HttpResponse {
  return { status: operation.http.responseCode ?? 200, headers, body }
}

/** The URI of an XML namespace, from a shape's trait or a service's metadata. */
export function namespaceUri(namespace: string | { uri: string } | undefined): string | undefined {
  return typeof namespace === 'object' ? namespace.uri : namespace
}

/** A map that keeps the order its keys came in, where JavaScript would lose it. */
export function inOrder(map: Structure, keys: readonly string[]): Structure {
  return Object.keys(map).every((key, index) => key === keys[index]) ? map : withKeyOrder(map, keys)
}

/** A flattened list without a name of its own goes under the name of its elements, in forms and (SimpleDB) in XML. */
export function flatName(list: Member): string | undefined {
  return list.ownTraits.locationName === undefined ? list.shape.member?.traits.locationName : undefined
}
