// Data Pipeline: a definition as its console writes it, instead of lists of fields.

import { Failure } from '../../lib/errors.ts'
import { stringifyPython } from '../../lib/json.ts'
import { isStructure } from '../../lib/value.ts'
import type { Structure, Value } from '../../lib/value.ts'
import { jsonValue, JsonError } from '../input/json.ts'
import { refused } from './change.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

const valueArguments = {
  'parameter-values': { nargs: '+', help: 'Parameter values as key=value.' },
} as const
const valueFile = { 'parameter-values-uri': { help: 'Parameter values as JSON: {"values": {…}}.' } } as const

const putPipelineDefinition: CommandChange = {
  remove: ['pipeline-objects'],
  add: {
    'parameter-objects': { help: 'Parameter objects as a JSON document: {"parameters": […]}.' },
    ...valueArguments,
    'pipeline-definition': { required: true, help: 'The definition as a JSON document.' },
    ...valueFile,
  },
  input: (input, given) => {
    if (given['parameter-objects'] !== undefined) {
      input.parameterObjects = parametersOf(document(given['parameter-objects'] as string))
    }
    setParameterValues(input, given)
    if (given['pipeline-definition'] === undefined) return
    const definition = document(given['pipeline-definition'] as string)
    input.pipelineObjects = objectsOf(definition)
    input.parameterObjects ??= parametersOf(definition)
    const own = valuesOf(definition)
    if (own !== undefined && given['parameter-values-uri'] !== undefined) throw twice()
    input.parameterValues ??= own
  },
}

const activatePipeline: CommandChange = {
  add: { ...valueArguments, ...valueFile },
  input: setParameterValues,
}

const getPipelineDefinition: CommandChange = {
  output: (output) => {
    const { pipelineObjects, parameterObjects, parameterValues, ...rest } = output
    return {
      ...rest,
      ...(pipelineObjects === undefined ? {} : { objects: (pipelineObjects as Structure[]).map(plainObject) }),
      ...(parameterObjects === undefined ? {} : { parameters: (parameterObjects as Structure[]).map(plainParameter) }),
      ...(parameterValues === undefined ? {} : { values: plainValues(parameterValues as Structure[]) }),
    }
  },
}

function setParameterValues(input: Structure, given: Readonly<Record<string, Value | undefined>>): void {
  const inline = given['parameter-values'] as readonly string[] | undefined
  const file = given['parameter-values-uri'] as string | undefined
  if (inline !== undefined && file !== undefined) throw twice()
  if (inline !== undefined) {
    const values: Structure = {}
    for (const pair of inline) {
      const equals = pair.indexOf('=')
      if (equals < 0) {
        throw refused(`Error in parameter: Invalid inline parameter format: ${pair}`)
      }
      add(values, pair.slice(0, equals), pair.slice(equals + 1))
    }
    input.parameterValues = valuesOf({ values })
  }
  if (file !== undefined) input.parameterValues = valuesOf(document(file))
}

function twice(): Failure {
  return refused('Only parameter-values or parameter-values-uri is allowed')
}

function document(text: string): Structure {
  let value: Value
  try {
    value = jsonValue(text)
  } catch (error) {
    throw error instanceof JsonError ? new Failure('InvalidValue', error.message) : error
  }
  if (isStructure(value)) return value
  throw refused('A pipeline definition is a JSON object')
}

function wrong(message: string): Failure {
  return refused(`Error in pipeline definition: ${message}`)
}

function objectsOf(definition: Structure): Value[] {
  if (definition.objects === undefined) throw wrong('Missing "objects" key')
  return (definition.objects as Structure[]).map((object) => {
    const { id, name = id, ...fields } = object
    if (id === undefined) throw wrong(`Missing "id" key of element: ${stringifyPython(object)}`)
    return { id, name, fields: fieldsOf(fields) }
  })
}

function parametersOf(definition: Structure): Value[] | undefined {
  return (definition.parameters as Structure[] | undefined)?.map((parameter) => {
    const { id, ...attributes } = parameter
    if (id === undefined) throw wrong(`Missing "id" key of parameter: ${stringifyPython(parameter)}`)
    return { id, attributes: fieldsOf(attributes) }
  })
}

function fieldsOf(fields: Structure): Value[] {
  return Object.keys(fields)
    .sort()
    .flatMap((key) => {
      return many(fields[key]!).map((value) => {
        const isReference = isStructure(value) && Object.keys(value).join() === 'ref'
        return isReference ? { key, refValue: (value as Structure).ref } : { key, stringValue: value }
      })
    })
}

function valuesOf(definition: Structure): Value[] | undefined {
  if (definition.values === undefined) return undefined
  return Object.entries(definition.values as Structure).flatMap(([id, value]) => {
    return many(value!).map((each) => ({ id, stringValue: each }))
  })
}

function many(value: Value): Value[] {
  return Array.isArray(value) ? value : [value]
}

function plainObject({ id, name, fields }: Structure): Structure {
  const object: Structure = { id, name }
  for (const { key, stringValue, refValue } of fields as Structure[]) {
    add(object, key as string, stringValue === undefined ? { ref: refValue } : stringValue)
  }
  return object
}

function plainParameter({ id, attributes }: Structure): Structure {
  const parameter: Structure = { id }
  for (const { key, stringValue } of attributes as Structure[]) add(parameter, key as string, stringValue!)
  return parameter
}

function plainValues(values: readonly Structure[]): Structure {
  const plain: Structure = {}
  for (const { id, stringValue } of values) add(plain, id as string, stringValue!)
  return plain
}

/** A key that comes again makes a list. */
function add(map: Structure, key: string, value: Value): void {
  const before = map[key]
  map[key] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]
}

export const datapipeline: ServiceChanges = {
  commands: {
    'activate-pipeline': activatePipeline,
    'get-pipeline-definition': getPipelineDefinition,
    'put-pipeline-definition': putPipelineDefinition,
  },
}
