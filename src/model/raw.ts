// How is a service read from botocore's own JSON? For a user's models (`~/.aws/models`, AWS_DATA_PATH), for vendor test
// suites, and for the compiler.

import { Failure } from '../lib/errors.ts'
import { kebabCase } from '../lib/names.ts'
import { fragmentOf, referenceOf } from './fragment.ts'
import type { Fragment, ReferenceDefinition, ShapeDefinition } from './fragment.ts'
import type {
  EndpointRuleset,
  Operation,
  OperationTraits,
  Paginator,
  Service,
  ServiceDocumentation,
  ServiceMetadata,
  WaiterModel,
} from './model.ts'
import { protocolOf, serviceFrom } from './service.ts'
import type { Description, OperationRecord } from './service.ts'

/** service-2.json. */
export interface ServiceDefinition {
  readonly metadata: ServiceMetadata
  readonly operations: Readonly<Record<string, OperationDefinition>>
  readonly shapes: Readonly<Record<string, ShapeDefinition>>
  readonly documentation?: string
  readonly clientContextParams?: Service['clientContextParams']
}

interface OperationDefinition {
  readonly name?: string
  readonly http?: Operation['http']
  readonly input?: ReferenceDefinition
  readonly output?: ReferenceDefinition
  readonly errors?: readonly ReferenceDefinition[]
  readonly documentation?: string
  readonly [trait: string]: unknown
}

/** The parsed files of one version of a service, the sdk-extras already merged. */
export interface RawModel {
  readonly service: unknown
  /** paginators-1.json */
  readonly paginators?: unknown
  /** waiters-2.json */
  readonly waiters?: unknown
  /** endpoint-rule-set-1.json */
  readonly ruleset?: unknown
}

/** A service from its model in memory. `file` is what errors name. Throws Failure('Model') when the model is broken. */
export function rawService(name: string, model: RawModel, file = name): Service {
  return serviceFrom(describeRaw(name, model, file))
}

export interface RawDescription extends Description {
  readonly shapeCount: number
}

export function describeRaw(name: string, model: RawModel, file = name): RawDescription {
  const broken = (why: string, cause?: unknown): Failure => new Failure('Model', `${file}: ${why}`, { file }, cause)
  const readable = <T>(read: () => T): T => {
    try {
      return read()
    } catch (error) {
      throw error instanceof Failure ? error : broken((error as Error).message, error)
    }
  }

  const { metadata, operations, shapes, clientContextParams = {} } = checked(model.service, broken)
  readable(() => protocolOf(metadata))
  const paginators = section<Paginator>(model.paginators, 'pagination', 'paginators', broken)
  const waiters = section<WaiterModel>(model.waiters, 'waiters', 'waiters', broken)
  const shapeNames = Object.keys(shapes)
  const numbers = new Map(shapeNames.map((shape, number) => [shape, number]))
  const numberOf = (shape: string): number => {
    const number = numbers.get(shape)
    if (number === undefined) throw new Error(`there is no shape ${JSON.stringify(shape)}`)
    return number
  }
  const fragments: (Fragment | undefined)[] = []
  const operationNames = Object.keys(operations)

  return {
    name,
    metadata,
    clientContextParams,
    operationNames,
    commandNames: operationNames.map(kebabCase),
    shapeCount: shapeNames.length,
    operation: (position) => {
      const operation = operationNames[position]!
      return readable(() => recordOf(operation, operations[operation]!, paginators[operation], numberOf))
    },
    shape: (number) => {
      const shape = shapeNames[number]!
      return (fragments[number] ??= readable(() => fragmentOf(shape, shapes[shape]!, numberOf)))
    },
    waiters: () => waiters,
    ruleset: async () => model.ruleset as EndpointRuleset | undefined,
  }
}

const NOT_TRAITS = new Set(['name', 'http', 'input', 'output', 'errors', 'documentation', 'documentationUrl'])

function recordOf(
  name: string,
  definition: OperationDefinition,
  paginator: Paginator | undefined,
  numberOf: (shape: string) => number,
): OperationRecord {
  const reference = (to: ReferenceDefinition) => referenceOf(to, numberOf, `operation ${name}`)
  const { input, output, errors = [] } = definition
  return {
    http: definition.http ?? { method: 'POST', requestUri: '/' },
    traits: Object.fromEntries(
      Object.entries(definition).filter(([trait]) => !NOT_TRAITS.has(trait)),
    ) as OperationTraits,
    ...(definition.name === undefined || definition.name === name ? {} : { wireName: definition.name }),
    ...(input && { input: reference(input) }),
    ...(output && { output: reference(output) }),
    errors: errors.map(reference),
    ...(paginator && { paginator }),
  }
}

function checked(service: unknown, broken: (why: string) => Failure): ServiceDefinition {
  if (!isObject(service)) throw broken('a service model is a JSON object')
  for (const key of ['metadata', 'operations', 'shapes'])
    if (!isObject(service[key])) throw broken(`it has no "${key}"`)
  for (const kind of ['operations', 'shapes'] as const)
    for (const [name, definition] of Object.entries(service[kind] as object))
      if (!isObject(definition)) throw broken(`${JSON.stringify(name)} in "${kind}" is not an object`)
  return service as unknown as ServiceDefinition
}

function section<T>(
  file: unknown,
  key: string,
  what: string,
  broken: (why: string) => Failure,
): Readonly<Record<string, T>> {
  if (file === undefined) return {}
  if (!isObject(file) || !isObject(file[key])) throw broken(`its ${what} have no "${key}"`)
  return file[key] as Record<string, T>
}

/** What sdk-extras files do to a model: https://github.com/boto/botocore/blob/develop/botocore/loaders.py, ExtrasProcessor. */
export function mergeExtras(model: unknown, extras: unknown): unknown {
  return isObject(extras) && isObject(extras.merge) ? merged(model, extras.merge) : model
}

function merged(model: unknown, extra: unknown): unknown {
  if (!isObject(model) || !isObject(extra)) return extra
  const result: Record<string, unknown> = { ...model }
  for (const key of Object.keys(extra)) result[key] = key in model ? merged(model[key], extra[key]) : extra[key]
  return result
}

/** The texts of a model, HTML as AWS writes it. */
export function documentationOf({ documentation, operations, shapes }: ServiceDefinition): ServiceDocumentation {
  const texts: Record<string, { text?: string; members?: Record<string, string> }> = {}
  for (const [name, shape] of Object.entries(shapes)) {
    const { member, key, value, members } = shape
    const references = Object.entries({
      ...members,
      ...(member && { member }),
      ...(key && { key }),
      ...(value && { value }),
    })
    const documented = references.flatMap(([part, reference]) =>
      typeof reference.documentation === 'string' ? [[part, reference.documentation] as const] : [],
    )
    const text = typeof shape.documentation === 'string' ? shape.documentation : undefined
    if (text === undefined && documented.length === 0) continue
    texts[name] = {
      ...(text === undefined ? {} : { text }),
      ...(documented.length === 0 ? {} : { members: Object.fromEntries(documented) }),
    }
  }
  const documented = Object.entries(operations).filter(([, operation]) => operation.documentation !== undefined)
  return {
    service: documentation ?? '',
    operations: Object.fromEntries(documented.map(([name, operation]) => [name, operation.documentation!])),
    shapes: texts,
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
