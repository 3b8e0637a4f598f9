// What does the rest of the program see of a service? Objects that are made when they are first looked at, over a
// description that may be compiled bytes or botocore's JSON.

import { Failure } from '../lib/errors.ts'
import { map } from '../lib/iterate.ts'
import type {
  EndpointRuleset,
  Member,
  Operation,
  OperationTraits,
  Paginator,
  ProtocolName,
  Service,
  ServiceMetadata,
  Shape,
  ShapeType,
  Traits,
  WaiterModel,
} from './model.ts'
import { SHAPE_TYPES } from './fragment.ts'
import type { Fragment, OwnTraits, Reference } from './fragment.ts'
import { overlaid } from './long-enum.ts'

/** A service as its file tells it, before there are any objects. Everything but the first four is read on demand. */
export interface Description {
  readonly name: string
  readonly metadata: ServiceMetadata
  /** In the model's order. */
  readonly operationNames: readonly string[]
  /** The same operations as they are called on the command line. */
  readonly commandNames: readonly string[]
  readonly clientContextParams: Service['clientContextParams']
  operation(position: number): OperationRecord
  shape(number: number): Fragment
  waiters(): Readonly<Record<string, WaiterModel>>
  ruleset(): Promise<EndpointRuleset | undefined>
}

export interface OperationRecord {
  readonly http: Operation['http']
  readonly traits: OperationTraits
  readonly wireName?: string
  readonly input?: Reference
  readonly output?: Reference
  readonly errors: readonly Reference[]
  readonly paginator?: Paginator
}

/** In the order in which AWS CLI prefers them, which is not always the order of the model. */
const PROTOCOLS: readonly ProtocolName[] = ['json', 'rest-json', 'rest-xml', 'smithy-rpc-v2-cbor', 'query', 'ec2']

/** Throws Error with a readable reason where the model lists none that is known. */
export function protocolOf(metadata: ServiceMetadata): ProtocolName {
  const listed = metadata.protocols ?? (metadata.protocol === undefined ? [] : [metadata.protocol])
  for (const name of PROTOCOLS) if (listed.includes(name)) return name
  throw new Error(`it lists no protocol that is known: ${listed.join(', ') || 'none'}`)
}

export function serviceFrom(description: Description): Service {
  return new LazyService(description)
}

class LazyService implements Service {
  readonly name: string
  readonly metadata: ServiceMetadata
  readonly protocol: ProtocolName
  readonly operationNames: readonly string[]
  readonly commandNames: readonly string[]
  readonly clientContextParams: Service['clientContextParams']
  readonly #description: Description
  readonly #operations = new Map<string, Operation>()
  #ruleset: Promise<EndpointRuleset | undefined> | undefined
  readonly #records: (OperationRecord | undefined)[] = []
  readonly #shapes: (Shape | undefined)[] = []

  constructor(description: Description) {
    this.name = description.name
    this.metadata = description.metadata
    this.protocol = protocolOf(description.metadata)
    this.operationNames = description.operationNames
    this.commandNames = description.commandNames
    this.clientContextParams = description.clientContextParams
    this.#description = description
  }

  hasOperation(name: string): boolean {
    return this.operationNames.includes(name)
  }

  operation(name: string): Operation {
    let operation = this.#operations.get(name)
    if (operation === undefined) {
      const record = this.#record(name)
      if (record === undefined)
        throw new Failure('UnknownOperation', `${this.name} has no operation ${name}`, {
          service: this.name,
          operation: name,
        })
      operation = this.#operationFrom(name, record)
      this.#operations.set(name, operation)
    }
    return operation
  }

  paginator(operation: string): Paginator | undefined {
    return this.#record(operation)?.paginator
  }

  get waiters(): Readonly<Record<string, WaiterModel>> {
    return this.#description.waiters()
  }

  endpointRuleset(): Promise<EndpointRuleset | undefined> {
    return (this.#ruleset ??= this.#description.ruleset())
  }

  #record(name: string): OperationRecord | undefined {
    const position = this.operationNames.indexOf(name)
    if (position < 0) return undefined
    return (this.#records[position] ??= this.#description.operation(position))
  }

  #operationFrom(name: string, record: OperationRecord): Operation {
    const reference = (to: Reference | undefined): Member | undefined =>
      to && new LazyMember('', false, to[0], to[1], this.#shape)
    return {
      name,
      service: this,
      http: record.http,
      input: reference(record.input),
      output: reference(record.output),
      errors: map(record.errors, (error) => this.#errorShape(error)),
      traits: record.traits,
      ...(record.wireName === undefined ? {} : { wireName: record.wireName }),
    }
  }

  /** Older models put the error's code on the reference; botocore overlays the shape with it, and so do we. */
  #errorShape([number, own]: Reference): Shape {
    if (own === 0) return this.#shape(number)
    const [type, name, traits, ...rest] = this.#description.shape(number)
    return new LazyShape([type, name, overlaid(traits || {}, ownTraitsOf(own)), ...rest], this.#shape)
  }

  readonly #shape = (number: number): Shape =>
    (this.#shapes[number] ??= new LazyShape(this.#description.shape(number), this.#shape))
}

type ShapeByNumber = (number: number) => Shape

const NONE: Traits = Object.freeze({})

class LazyShape implements Shape {
  readonly name: string
  readonly type: ShapeType
  readonly traits: Traits
  readonly #fragment: Fragment
  readonly #shapeByNumber: ShapeByNumber
  #members: readonly Member[] | undefined
  #byName: Map<string, Member> | undefined

  constructor(fragment: Fragment, shapeByNumber: ShapeByNumber) {
    this.type = SHAPE_TYPES[fragment[0]]!
    this.name = fragment[1]
    this.traits = fragment[2] || NONE
    this.#fragment = fragment
    this.#shapeByNumber = shapeByNumber
  }

  get members(): readonly Member[] {
    return (this.#members ??= this.#makeMembers())
  }

  get member(): Member | undefined {
    return this.type === 'list' ? this.#part(3) : undefined
  }

  get key(): Member | undefined {
    return this.type === 'map' ? this.#part(3) : undefined
  }

  get value(): Member | undefined {
    return this.type === 'map' ? this.#part(5) : undefined
  }

  memberNamed(name: string): Member | undefined {
    this.#byName ??= new Map(map(this.members, (member) => [member.name, member]))
    return this.#byName.get(name)
  }

  readonly #parts: Member[] = []

  #part(at: 3 | 5): Member {
    return (this.#parts[at] ??= new LazyMember(
      '',
      false,
      this.#fragment[at] as number,
      this.#fragment[at + 1] as OwnTraits,
      this.#shapeByNumber,
    ))
  }

  #makeMembers(): readonly Member[] {
    if (this.type !== 'structure') return []
    const fragment = this.#fragment
    const members: Member[] = []
    for (let at = 3; at < fragment.length; at += 3) {
      const written = fragment[at + 1] as number
      const required = written < 0
      const name = fragment[at] as string
      const own = fragment[at + 2] as OwnTraits
      members.push(new LazyMember(name, required, required ? -1 - written : written, own, this.#shapeByNumber))
    }
    return members
  }
}

class LazyMember implements Member {
  readonly name: string
  readonly required: boolean
  readonly #number: number
  readonly #own: OwnTraits
  readonly #shapeByNumber: ShapeByNumber
  #shape: Shape | undefined
  #traits: Traits | undefined
  #ownTraits: Traits | undefined

  constructor(name: string, required: boolean, number: number, own: OwnTraits, shapeByNumber: ShapeByNumber) {
    this.name = name
    this.required = required
    this.#number = number
    this.#own = own
    this.#shapeByNumber = shapeByNumber
  }

  get shape(): Shape {
    return (this.#shape ??= this.#shapeByNumber(this.#number))
  }

  get ownTraits(): Traits {
    return (this.#ownTraits ??= ownTraitsOf(this.#own))
  }

  get traits(): Traits {
    return (this.#traits ??= this.#own === 0 ? this.shape.traits : withOwn(this.shape.traits, this.ownTraits))
  }
}

function ownTraitsOf(own: OwnTraits): Traits {
  if (own === 0) return NONE
  return typeof own === 'string' ? { locationName: own } : own
}

function withOwn(traits: Traits, own: Traits): Traits {
  return traits === NONE ? own : overlaid(traits, own)
}
