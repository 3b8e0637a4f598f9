// What would an input or an output of this operation look like? `--generate-cli-skeleton`.
//
// Every member once: lists with one element, maps with one key, strings empty or their first allowed value. A recursive
// shape is cut off, empty, where it comes for the third time.

import { NaiveDate } from '../lib/python.ts'
import { Float } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Member, Operation, ServiceDocumentation, Shape } from '../model/model.ts'

/** The skeleton that `--cli-input-json` takes. */
export function inputSkeleton(operation: Operation): Structure {
  return operation.input === undefined ? {} : (skeletonOf(operation.input.shape, '', [], false) as Structure)
}

/** A made-up answer, in which each string is the name of its member. */
export function outputSkeleton(operation: Operation): Structure {
  return operation.output === undefined ? {} : (skeletonOf(operation.output.shape, '', [], true) as Structure)
}

function skeletonOf(shape: Shape, name: string, above: readonly string[], named: boolean): Value {
  const stack = [...above, shape.name]
  switch (shape.type) {
    case 'structure':
      if (stack.filter((each) => each === shape.name).length > 1) return {}
      return Object.fromEntries(
        shape.members.map((member) => {
          return [member.name, skeletonOf(member.shape, member.name, stack, named)]
        }),
      )
    case 'list':
      return [skeletonOf(shape.member!.shape, named ? shape.member!.shape.name : '', stack, named)]
    case 'map':
      return { KeyName: skeletonOf(shape.value!.shape, '', stack, named) }
    case 'string':
    case 'character':
      return named ? name : (shape.traits.enum?.[0] ?? '')
    case 'integer':
    case 'long':
    case 'biginteger':
      return 0
    case 'float':
    case 'double':
    case 'bigdecimal':
      return new Float(0)
    case 'boolean':
      return true
    case 'timestamp':
      return named ? new NaiveDate(0) : '1970-01-01T00:00:00'
    default:
      return null
  }
}

/** The skeleton that `--cli-input-yaml` takes: each member followed by what it is. */
export function yamlSkeleton(operation: Operation, documentation: ServiceDocumentation | undefined): string {
  if (operation.input === undefined || operation.input.shape.members.length === 0) return '{}\n'
  return new YamlWriter(documentation).structure(operation.input.shape, '', []).join('\n') + '\n'
}

/** Lines as ruamel.yaml writes them, its habit of placing the comments included. */
class YamlWriter {
  readonly #documentation: ServiceDocumentation | undefined

  constructor(documentation: ServiceDocumentation | undefined) {
    this.#documentation = documentation
  }

  structure(shape: Shape, margin: string, above: readonly string[]): string[] {
    const stack = [...above, shape.name]
    const lines: string[] = []
    const commented: string[] = []
    for (const [index, member] of shape.members.entries()) {
      const before = shape.members[index - 1]?.name
      const comment = this.#comment(shape, member)
      // Its column is that of a comment above it, and where there is none, one further.
      const follows =
        (before !== undefined && commented.includes(before)) ||
        shape.members.slice(0, firstNotBefore(shape, member.name)).some(({ name }) => commented.includes(name))
      const gap = follows ? ' ' : '  '
      if (comment !== '') commented.push(member.name)
      const remark = comment === '' ? '' : `${gap}# ${comment}`
      lines.push(...this.#entry(key(member.name), member.shape, margin, stack, remark))
    }
    return lines
  }

  /** `name: value  # remark`, and the lines below it. */
  #entry(name: string, shape: Shape, margin: string, stack: readonly string[], remark: string): string[] {
    const scalar = this.#flow(shape, stack)
    if (scalar !== undefined) return [`${margin}${name}: ${scalar}${remark}`]
    const inner = this.#block(shape, shape.type === 'list' ? margin : `${margin}  `, stack)
    return [`${margin}${name}:${remark}`, ...inner]
  }

  /** What is written on the line itself. */
  #flow(shape: Shape, stack: readonly string[]): string | undefined {
    switch (shape.type) {
      case 'structure':
        return shape.members.length === 0 || stack.filter((name) => name === shape.name).length >= 1 ? '{}' : undefined
      case 'list':
      case 'map':
        return undefined
      case 'string':
      case 'character':
        return scalarText(shape.traits.enum?.[0] ?? '')
      case 'float':
      case 'double':
      case 'bigdecimal':
        return '0.0'
      case 'boolean':
        return 'true'
      case 'timestamp':
        return '1970-01-01 00:00:00'
      case 'blob':
        return "!!binary ''"
      default:
        return '0'
    }
  }

  #block(shape: Shape, margin: string, above: readonly string[]): string[] {
    const stack = [...above, shape.name]
    if (shape.type === 'structure') return this.structure(shape, margin, above)
    if (shape.type === 'map') return this.#entry('KeyName', shape.value!.shape, margin, stack, '')
    const element = shape.member!.shape
    const scalar = this.#flow(element, stack)
    if (scalar !== undefined) return [`${margin}- ${scalar}`]
    const [first, ...rest] = this.#block(element, `${margin}  `, stack)
    return [`${margin}- ${first!.slice(margin.length + 2)}`, ...rest]
  }

  #comment(shape: Shape, member: Member): string {
    const { name, required } = member
    const documented =
      this.#documentation?.shapes[shape.name]?.members?.[name] ??
      this.#documentation?.shapes[member.shape.name]?.text ??
      ''
    const allowed = member.shape.traits.enum
    const parts = [
      ...(required ? ['[REQUIRED]'] : []),
      firstSentence(documented),
      ...(allowed === undefined || allowed.length === 0 ? [] : [`Valid values are: ${allowed.join(', ')}.`]),
    ]
    const comment = parts.join(' ')
    return comment.trim() === '' ? '' : comment
  }
}

/** ruamel looks through the keys in order until one sorts behind. */
function firstNotBefore(shape: Shape, name: string): number {
  const index = shape.members.findIndex((member) => member.name >= name)
  return index < 0 ? shape.members.length : index
}

function firstSentence(html: string): string {
  const [sentence = ''] = html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&')
    .split(/[.:]+/, 1)
  return sentence === '' ? '' : `${sentence}.`.replace(/[\n\u2028]/g, ' ')
}

function key(name: string): string {
  return scalarText(name)
}

/** Quoted where YAML would read something else. */
function scalarText(text: string): string {
  if (text === '') return "''"
  const ambiguous = /^(?:null|true|false|~|[-+]?[.\d][\d_.eE+-]*|0x[\da-f]+|\d{4}-\d\d-\d\d.*)$/i
  if (ambiguous.test(text) || /^[-?:,[\]{}#&*!|>'"%@`=]|[:#]\s|:$|^\s|\s$/.test(text))
    return `'${text.replaceAll("'", "''")}'`
  return text
}
