// How may an argument's value be written? The shorthand and the JSON of a shape, with the names of types where values go.
//
//   Key=string,Values=string,string ...        [{"Key": "string", "Values": ["string", ...]} ...]
//
// As the reference prints them, but for two things: a row of very many allowed values is cut short, since they stand
// above already, and a long shorthand goes on in the next line.

import type { Member, Shape } from '../../model/model.ts'
import type { Argument } from '../arguments.ts'
import { isComplex } from '../input/unpack.ts'

/** Deeper than this nobody would write shorthand. */
const DEEPEST = 4
/** More allowed values than these are not repeated in a syntax. */
const MANY = 20

class TooComplex extends Error {}

/** Undefined where the argument takes none, or one too deep to be of use. */
export function shorthandSyntax({ member, bareMembers, name }: Argument): string | undefined {
  if (member === undefined) return undefined
  const { shape } = member
  if (!takesShorthand(shape)) return undefined
  const only = shape.member?.shape.members[0]
  if (bareMembers && only !== undefined) {
    const one = member.traits.min === 1 && member.traits.max === 1
    return [`--${name}`, ...(one ? ['1'] : ['1', '2', '3']).map((each) => only.name + each)].join(' ')
  }
  try {
    return shape.type === 'list' ? `${shorthandOf(shape.member!.shape, [])} ...` : shorthandOf(shape, [])
  } catch (error) {
    if (error instanceof TooComplex) return undefined
    throw error
  }
}

function takesShorthand(shape: Shape): boolean {
  if (holdsDocument(shape)) return false
  return shape.type === 'list' ? isComplex(shape.member!.shape) : isComplex(shape)
}

function holdsDocument(shape: Shape): boolean {
  if (shape.traits.document === true) return true
  const inner = shape.member?.shape ?? shape.value?.shape
  return inner !== undefined && holdsDocument(inner)
}

function shorthandOf(shape: Shape, above: readonly string[]): string {
  if (above.length >= DEEPEST) throw new TooComplex()
  switch (shape.type) {
    case 'structure': {
      const members = shape.members.filter((member) => !holdsDocument(member.shape))
      const inner = members.map((member) => memberShorthand(member, above)).join(',')
      return above.length === 0 ? inner : `{${inner}}`
    }
    case 'list': {
      const element = shorthandOf(shape.member!.shape, [...above, shape.member!.shape.name])
      const two = `${element},${element}`
      return isComplex(shape.member!.shape) || above.length > 1 ? `[${two}]` : two
    }
    case 'map': {
      const value = shorthandOf(shape.value!.shape, [...above, shape.value!.shape.name])
      const two = `KeyName1=${value},KeyName2=${value}`
      if (above.length > 0) return `{${two}}`
      const keys = shape.key!.shape.traits.enum ?? []
      return keys.length === 0
        ? two
        : `${two}\n\nWhere valid key names are:\n${keys.map((key) => `  ${key}`).join('\n')}`
    }
    default:
      return shape.type
  }
}

function memberShorthand({ name, shape }: Member, above: readonly string[]): string {
  if (above.includes(shape.name)) return '( ... recursive ... )'
  return `${name}=${shorthandOf(shape, [...above, shape.name])}`
}

/** A list of plain values: `"string" "string" ...`. */
export function listSyntax(shape: Shape): string {
  const element = shape.member!.shape
  const word = element.type === 'boolean' ? 'true|false' : isText(element) ? '"string"' : element.type
  const allowed = element.traits.enum ?? []
  const values =
    allowed.length === 0 ? '' : `\n\nWhere valid values are:\n${allowed.map((value) => `  ${value}`).join('\n')}`
  return `${word} ${word} ...${values}`
}

export function jsonSyntax(shape: Shape): string {
  return jsonLines(shape, []).join('\n')
}

/** The lines of a value; the first and the last join what stands around it. */
function jsonLines(shape: Shape, above: readonly string[]): string[] {
  const times = above.filter((name) => name === shape.name).length
  if (times > 1) return [shape.type === 'structure' ? '{ ... recursive ... }' : '']
  const stack = [...above, shape.name]
  switch (shape.type) {
    case 'list': {
      const element = shape.member!.shape
      if (!isComplex(element)) return [`[${scalarJson(element)}, ...]`]
      return ['[', ...indented(jsonLines(element, stack)), '  ...', ']']
    }
    case 'map': {
      const value = shape.value!.shape
      const lines = isComplex(value) ? jsonLines(value, stack) : [scalarJson(value)]
      const [first, ...rest] = lines
      return ['{', ...indented([`${scalarJson(shape.key!.shape)}: ${first}`, ...rest]), '  ...', '}']
    }
    case 'structure': {
      if (shape.traits.document === true) return ['{...}']
      const last = shape.members.length - 1
      const members = shape.members.map(({ name, shape: member }, index) => {
        const lines = isComplex(member) ? jsonLines(member, stack) : [scalarJson(member)]
        lines[0] = `"${name}": ${lines[0]}`
        if (index < last) lines[lines.length - 1] += ','
        return lines
      })
      return ['{', ...indented(members.flat()), '}']
    }
    default:
      return [scalarJson(shape)]
  }
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

function scalarJson(shape: Shape): string {
  if (shape.type === 'boolean') return 'true|false'
  if (!isText(shape)) return shape.type
  const allowed = shape.traits.enum ?? []
  if (allowed.length === 0) return '"string"'
  const shown = allowed.length > MANY ? [...allowed.slice(0, MANY), '...'] : allowed
  return shown
    .map((value) => `"${value}"`)
    .join('|')
    .replace('"..."', '...')
}

function isText({ type }: Shape): boolean {
  return type === 'string' || type === 'character'
}
