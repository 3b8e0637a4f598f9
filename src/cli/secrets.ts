// Values that are shown to others than whoever typed them: what the model calls sensitive, or what a name gives away, is left
// out. For plans and for programs that ask on somebody's behalf.

import { isStructure } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Member } from '../model/model.ts'

const HIDDEN = '<redacted>'

const SHOWN_BYTES = 4096

const NAMES =
  /(?:secretaccesskey|sessiontoken|accesstoken|refreshtoken|idtoken|authorizationtoken|tokenvalue|password|passphrase|secretstring|secretbinary|privatekey|keymaterial|plaintext|clientsecret)$/i

/** The value with its secrets replaced; what is long or streams is told by its size. */
export function withoutSecrets(member: Member | undefined, value: Value): Value {
  return hidden(member, value, member?.name ?? '')
}

function hidden(member: Member | undefined, value: Value, name: string): Value {
  const secret = member?.traits.sensitive === true || member?.shape.traits.sensitive === true || NAMES.test(name)
  if (value === null || value === undefined) return value
  if (Array.isArray(value)) return value.map((each) => hidden(member?.shape.member, each, name))
  if (secret && typeof value !== 'boolean' && !isStructure(value)) return HIDDEN
  if (value instanceof Blob) return `<${value.size} bytes>`
  if (value instanceof Uint8Array && value.length > SHOWN_BYTES) return `<${value.length} bytes>`
  if (value instanceof ReadableStream) return '<stream>'
  if (!isStructure(value)) return value
  const inner = (key: string): Member | undefined =>
    member?.shape.type === 'map' ? member.shape.value : member?.shape.memberNamed(key)
  return Object.fromEntries(
    Object.entries(value as Structure).map(([key, each]) => [
      key,
      each === undefined ? undefined : secret ? HIDDEN : hidden(inner(key), each, key),
    ]),
  ) as Structure
}
