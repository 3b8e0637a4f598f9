// Does an input keep what its model says: what is required, lengths, ranges, patterns, enums? All that is wrong is told
// at once, in AWS's words:
//
//   2 validation errors detected: Value 'a:b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy
//   regular expression pattern: [\w+=,.@-]*; Value '10' at 'durationSeconds' failed to satisfy constraint: Member must
//   have value greater than or equal to 900

import { AwsError } from '../lib/errors.ts'
import { isStructure, keysOf, type Structure, type Value } from '../lib/value.ts'
import type { Member, Operation } from '../model/model.ts'

/** Throws ValidationError (query) or ValidationException (JSON). EC2 and REST XML services check by themselves. */
export function checkConstraints(operation: Operation, input: Structure): void {
  const { protocol, name } = operation.service
  if (!operation.input || protocol === 'ec2' || protocol === 'rest-xml') return
  if (name === 'iam') checkNames(input)
  // IAM does not repeat the value, others do. (Recorded answers of IAM and STS.)
  const findings = new Findings(name !== 'iam')
  findings.structure(operation.input, input, '')
  const { found } = findings
  if (found.length === 0) return
  const count = `${found.length} validation error${found.length > 1 ? 's' : ''} detected: `
  // Services that speak other protocols beside query (CloudWatch) keep query's code in all of them.
  const isQuery = protocol === 'query' || operation.service.metadata.protocols?.includes('query')
  throw new AwsError(isQuery ? 'ValidationError' : 'ValidationException', count + found.join('; '))
}

/** IAM judges names before all else, in words of its own. */
function checkNames(input: Structure): void {
  for (const name of keysOf(input)) {
    const value = input[name]
    const wrong = (what: string): AwsError =>
      new AwsError('ValidationError', `The specified value for ${lowerFirst(name)} is invalid. It must ${what}`)
    if (name.endsWith('Name') && name !== 'AWSServiceName' && typeof value === 'string' && /[^\w+=,.@-]/.test(value))
      throw wrong('contain only alphanumeric characters and/or the following: +=,.@_-')
    if (/^(New)?Path$/.test(name) && typeof value === 'string' && !/^\/([!-~]+\/)?$/.test(value))
      throw wrong('begin and end with / and contain only alphanumeric characters and/or / characters.')
  }
}

class Findings {
  readonly found: string[] = []
  readonly #tellsValue: boolean

  constructor(tellsValue: boolean) {
    this.#tellsValue = tellsValue
  }

  structure(member: Member, value: Structure, path: string): void {
    for (const each of member.shape.members) {
      const here = path === '' ? lowerFirst(each.name) : `${path}.${lowerFirst(each.name)}`
      const inner = value[each.name]
      if (inner !== undefined && inner !== null) this.value(each, inner, here)
      else if (each.required)
        this.found.push(`Value null at '${here}' failed to satisfy constraint: Member must not be null`)
    }
  }

  value(member: Member, value: Value, path: string): void {
    const { shape, traits } = member
    switch (shape.type) {
      case 'structure':
        if (isStructure(value)) this.structure(member, value, path)
        return
      case 'list': {
        const list = value as Value[]
        this.length(traits, list.length, value, path)
        if (!this.#tellsValue && shape.member!.shape.type === 'string') this.strings(shape.member!, list, path)
        else list.forEach((each, i) => this.value(shape.member!, each, `${path}.${i + 1}.member`))
        return
      }
      case 'map': {
        const map = value as Structure
        this.length(traits, keysOf(map).length, value, path)
        for (const key of keysOf(map)) this.value(shape.value!, map[key] as Value, `${path}.${key}.member`)
        return
      }
      case 'string':
        this.string(traits, value as string, path)
        return
      case 'blob':
        if (value instanceof Uint8Array) this.length(traits, value.length, value, path)
        return
      case 'integer':
      case 'long':
      case 'float':
      case 'double':
        this.range(traits, Number(value), path)
    }
  }

  /** Of a list of strings IAM says all that each of them must be, where one is not. (Recorded.) */
  strings({ traits }: Member, list: readonly Value[], path: string): void {
    const one = new Findings(false)
    for (const each of list) one.string(traits, each as string, '')
    if (one.found.length === 0) return
    const { min, max, pattern, enum: values } = traits
    const all = [
      ...(max === undefined ? [] : [`Member must have length less than or equal to ${max}`]),
      ...(min === undefined ? [] : [`Member must have length greater than or equal to ${min}`]),
      ...(pattern === undefined
        ? []
        : [`Member must satisfy regular expression pattern: ${pattern}`, 'Member must not be null']),
      ...(values ? [`Member must satisfy enum value set: [${values.join(', ')}]`] : []),
    ]
    this.add(list as Value, path, `Member must satisfy constraint: [${all.join(', ')}]`)
  }

  string(traits: Member['traits'], value: string, path: string): void {
    this.length(traits, value.length, value, path)
    const { pattern } = traits
    if (pattern !== undefined && !patternOf(pattern).test(value))
      this.add(value, path, `Member must satisfy regular expression pattern: ${pattern}`)
    if (traits.enum && !traits.enum.includes(value)) {
      const set = this.#tellsValue ? `: [${traits.enum.join(', ')}]` : ''
      this.add(value, path, `Member must satisfy enum value set${set}`)
    }
  }

  length(traits: Member['traits'], length: number, value: Value, path: string): void {
    const { min, max } = traits
    if (min !== undefined && length < min)
      this.add(value, path, `Member must have length greater than or equal to ${min}`)
    if (max !== undefined && length > max) this.add(value, path, `Member must have length less than or equal to ${max}`)
  }

  range(traits: Member['traits'], value: number, path: string): void {
    const { min, max } = traits
    if (min !== undefined && value < min)
      this.add(value, path, `Member must have value greater than or equal to ${min}`)
    if (max !== undefined && value > max) this.add(value, path, `Member must have value less than or equal to ${max}`)
  }

  add(value: Value, path: string, constraint: string): void {
    const told = this.#tellsValue
      ? ` '${isStructure(value) || Array.isArray(value) ? JSON.stringify(value) : String(value)}'`
      : ''
    this.found.push(`Value${told} at '${path}' failed to satisfy constraint: ${constraint}`)
  }
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

const patterns = new Map<string, RegExp>()

/**
 * Smithy's patterns are Java's and anchor themselves; botocore's from the old models stand for the whole value.
 * One that JavaScript cannot read is not checked.
 */
function patternOf(pattern: string): RegExp {
  let compiled = patterns.get(pattern)
  if (!compiled) {
    compiled = compilePattern(pattern)
    patterns.set(pattern, compiled)
  }
  return compiled
}

function compilePattern(pattern: string): RegExp {
  const translated = pattern
    .replaceAll('\\p{javaIdentifierPart}', '\\w')
    .replace(/\\u\{?([0-9A-Fa-f]{4,6})\}?/g, '\\u{$1}')
  for (const flags of ['us', 's']) {
    try {
      return new RegExp(`^(?:${flags.includes('u') ? translated : pattern})$`, flags)
    } catch {
      continue
    }
  }
  return /^/
}
