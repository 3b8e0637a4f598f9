// What may an input or an output hold, as other programs can read it? JSON Schema (2020-12) of a shape, as the command
// line takes and prints it: blobs in base64, timestamps in ISO 8601.
// https://json-schema.org/draft/2020-12/json-schema-validation

import type { Structure, Value } from '../lib/value.ts'
import type { Member, ServiceDocumentation, Shape } from '../model/model.ts'
import { firstSentence } from './help/blocks.ts'
import { blocksFrom } from './help/html.ts'

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

/**
 * Of an operation's input or output; `member` undefined: an object without members. Each member has its first sentence.
 * An input may hold nothing else (`closed`); an output may, of a newer model.
 */
export function jsonSchema(
  member: Member | undefined,
  docs: ServiceDocumentation | undefined,
  { closed }: { closed: boolean },
): Structure {
  if (member !== undefined) return new SchemaWriter(docs, closed).root(member.shape)
  return { $schema: DIALECT, type: 'object', properties: {}, ...(closed && { additionalProperties: false }) }
}

/** Structures that are used more than once, and whatever holds itself, are told once, under `$defs`. */
class SchemaWriter {
  readonly #docs: ServiceDocumentation | undefined
  readonly #closed: boolean
  /** By name: the model makes a shape anew for each reference. */
  readonly #shared = new Map<string, Shape>()
  readonly #seen = new Set<string>()

  constructor(docs: ServiceDocumentation | undefined, closed: boolean) {
    this.#docs = docs
    this.#closed = closed
  }

  root(shape: Shape): Structure {
    this.#look(shape, [])
    const $defs = Object.fromEntries([...this.#shared].map(([name, each]) => [name, this.#whole(each)]))
    const root = this.#shared.has(shape.name) ? { $ref: `#/$defs/${shape.name}` } : this.#whole(shape)
    return { $schema: DIALECT, ...root, ...(this.#shared.size > 0 && { $defs }) }
  }

  #look(shape: Shape, above: readonly string[]): void {
    const { name, type } = shape
    const again = this.#seen.has(name)
    if (above.includes(name) || (again && type === 'structure')) this.#shared.set(name, shape)
    if (again) return
    this.#seen.add(name)
    for (const each of [...shape.members, shape.member, shape.key, shape.value])
      if (each) this.#look(each.shape, [...above, name])
  }

  #use(member: Member): Structure {
    const { shape } = member
    return this.#shared.has(shape.name) ? { $ref: `#/$defs/${shape.name}` } : this.#whole(shape, member)
  }

  #whole(shape: Shape, member?: Member): Structure {
    const traits = member === undefined ? shape.traits : { ...shape.traits, ...member.traits }
    return { ...this.#kind(shape, traits), ...(traits.sensitive === true && { 'x-sensitive': true }) }
  }

  #kind(shape: Shape, traits: Shape['traits']): Structure {
    const { min, max } = traits
    const between = (least: string, most: string): Structure => ({
      ...(min !== undefined && { [least]: min }),
      ...(max !== undefined && { [most]: max }),
    })
    switch (shape.type) {
      case 'structure':
        return traits.document === true ? {} : this.#structure(shape, traits)
      case 'list':
        return { type: 'array', items: this.#use(shape.member!), ...between('minItems', 'maxItems') }
      case 'map':
        return {
          type: 'object',
          additionalProperties: this.#use(shape.value!),
          ...(shape.key!.shape.traits.enum && { propertyNames: { enum: [...shape.key!.shape.traits.enum] } }),
          ...between('minProperties', 'maxProperties'),
        }
      case 'integer':
      case 'long':
      case 'biginteger':
        return { type: 'integer', ...between('minimum', 'maximum') }
      case 'float':
      case 'double':
      case 'bigdecimal':
        return { type: 'number', ...between('minimum', 'maximum') }
      case 'boolean':
        return { type: 'boolean' }
      case 'timestamp':
        return { type: 'string', format: 'date-time' }
      case 'blob':
        return traits.eventstream === true ? {} : { type: 'string', contentEncoding: 'base64' }
      default:
        return {
          type: 'string',
          ...(traits.enum && { enum: [...traits.enum] }),
          ...between('minLength', 'maxLength'),
          ...pattern(traits.pattern),
        }
    }
  }

  #structure(shape: Shape, traits: Shape['traits']): Structure {
    const documented = this.#docs?.shapes[shape.name]?.members
    const properties = shape.members.map((member): [string, Value] => {
      const about = sentence(documented?.[member.name])
      return [member.name, { ...this.#use(member), ...(about !== '' && { description: about }) }]
    })
    const required = shape.members.filter((member) => member.required).map(({ name }) => name)
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length > 0 && { required }),
      ...(this.#closed && { additionalProperties: false }),
      ...(traits.union === true && { minProperties: 1, maxProperties: 1 }),
    }
  }
}

/** AWS writes them for Java; what JavaScript reads otherwise, or not at all, is left out. */
function pattern(text: string | undefined): Structure {
  if (text === undefined || /\\[pPAzZQEh]|\(\?[^:=!<]|&&|\\u[dD][89a-fA-F]/.test(text)) return {}
  try {
    return { pattern: new RegExp(text, 'u').source }
  } catch {
    return {}
  }
}

/** The first of a text in HTML. */
export function sentence(html: string | undefined): string {
  return html === undefined ? '' : firstSentence(blocksFrom(html)).trim()
}
