// What value does the word (or words) after an option stand for, given the shape of the member it fills?
//
// JSON where it looks like JSON or may be nothing else, shorthand where the shape is complex, the type's own text
// otherwise. What does not fit the shape is passed on: validation names it.

import { Failure } from '../../lib/errors.ts'
import { asOrderedMap, isStructure } from '../../lib/value.ts'
import type { Value } from '../../lib/value.ts'
import type { Member, Shape } from '../../model/model.ts'
import { jsonValue, JsonError } from './json.ts'
import { bodyFile, paramFile, ParamFileError } from './param-file.ts'
import type { Environment } from './param-file.ts'
import { fitted, floatingPoint, integer, parseShorthand, ShorthandError } from './shorthand.ts'

/** Where a word stands, for what it means and for the error that names it. */
export interface Place {
  /** `--tags`. */
  readonly name: string
  readonly env: Environment
  /** Each word is the one member of a structure: `--instances i-1 i-2`. */
  readonly bareMembers?: boolean
}

export type Word = string | Uint8Array | readonly string[]

export function parameterError(name: string, message: string): Failure {
  return new Failure('ParamValidation', `Error parsing parameter '${name}': ${message}`)
}

/** What a word is once `file://` and `fileb://` are read. Throws Failure('ParamValidation'). */
export function loaded(word: Word, place: Place): Word {
  const named =
    typeof word === 'string' ? word : Array.isArray(word) && word.length === 1 ? (word[0] as string) : undefined
  if (named === undefined) return word
  try {
    return paramFile(named, place.env) ?? word
  } catch (error) {
    if (error instanceof ParamFileError) throw parameterError(place.name, error.message)
    throw error
  }
}

/** Throws Failure('ParamValidation' | 'InvalidValue'). */
export async function unpack(word: Word, member: Member, place: Place): Promise<Value> {
  if (mayBeShorthand(member.shape) && !looksLikeJson(word)) return fromShorthand(word, member.shape, place)
  return plain(word, member, place)
}

function looksLikeJson(word: Word): boolean {
  const first = Array.isArray(word) ? word[0] : word
  return typeof first === 'string' && /^\s*[[{]/.test(first)
}

/** Structures, maps and lists of them, unless what they hold is untyped. */
export function mayBeShorthand(shape: Shape): boolean {
  if (isDocumentContainer(shape)) return false
  if (shape.type === 'list') return isComplex(shape.member!.shape)
  return isComplex(shape)
}

/** Whether a value is more than one word's text: then shorthand or JSON says it. */
export function isComplex({ type }: Shape): boolean {
  return type === 'structure' || type === 'list' || type === 'map'
}

function isDocumentContainer(shape: Shape): boolean {
  if (shape.type === 'list') return isDocumentContainer(shape.member!.shape)
  if (shape.type === 'map') return isDocumentContainer(shape.value!.shape)
  return shape.traits.document === true
}

function fromShorthand(word: Word, shape: Shape, place: Place): Value {
  const words = typeof word === 'string' || word instanceof Uint8Array ? undefined : word
  if (place.bareMembers && words !== undefined) {
    const { name } = shape.member!.shape.members[0]!
    return words.map((value) => ({ [name]: value }))
  }
  if (takesBareValue(shape) && typeof word === 'string' && !word.includes('=')) return { Value: word }
  try {
    const readFile = (value: string) => paramFile(value, place.env)
    if (words !== undefined)
      return fitted(
        words.map((each) => parseShorthand(each, readFile)),
        shape,
      )
    if (typeof word !== 'string')
      throw new Failure('InvalidValue', "'in <string>' requires string as left operand, not int")
    return fitted(parseShorthand(word, readFile), shape)
  } catch (error) {
    if (error instanceof ShorthandError) throw parameterError(place.name, error.message)
    if (error instanceof ParamFileError) throw new Failure('InvalidValue', error.message)
    throw error
  }
}

/** A structure of one string `Value` is typed as that string: `--instance-initiated-shutdown-behavior stop`. */
export function takesBareValue(shape: Shape): boolean {
  return shape.type === 'structure' && shape.members.length === 1 && shape.memberNamed('Value')?.shape.type === 'string'
}

async function plain(word: Word, member: Member, place: Place): Promise<Value> {
  const { shape, traits } = member
  if (isJsonHeader(member) || shape.traits.document === true) return json(word, place)
  switch (shape.type) {
    case 'structure':
    case 'map':
      return objectFrom(word, place)
    case 'list':
      return listFrom(word, member, place)
    case 'integer':
    case 'long':
      return integer(word as Value)
    case 'float':
    case 'double':
      return floatingPoint(word as Value)
    case 'blob':
      return traits.streaming === true ? streamFrom(word, place) : (word as string | Uint8Array)
    case 'boolean':
      return typeof word === 'string' && word.toLowerCase() === 'false' ? false : word.length > 0
    default:
      return word as string | Uint8Array
  }
}

function isJsonHeader({ shape, traits }: Member): boolean {
  return traits.jsonvalue === true && traits.location === 'header' && shape.type === 'string'
}

function json(word: Word, place: Place): Value {
  try {
    return inOrder(jsonValue(asText(word)))
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw parameterError(place.name, `Invalid JSON: ${error.message}\nJSON received: ${asText(word)}`)
  }
}

/** Python reads an argument's objects as OrderedDicts, which complaints about them name. */
function inOrder(value: Value): Value {
  if (Array.isArray(value)) value.forEach(inOrder)
  else if (isStructure(value)) Object.values(asOrderedMap(value)).forEach((each) => inOrder(each!))
  return value
}

function objectFrom(word: Word, place: Place): Value {
  if (firstCharacter(word) === '{') return json(word, place)
  throw parameterError(place.name, `Invalid JSON:\n${asText(word)}`)
}

async function listFrom(word: Word, { shape }: Member, place: Place): Promise<Value> {
  if (typeof word === 'string') {
    if (firstCharacter(word) === '[') return json(word, place)
  } else if (Array.isArray(word) && word.length === 1 && (word[0] as string).trim().startsWith('[')) {
    return json(word[0] as string, place)
  }
  const list: Value[] = []
  try {
    for (const each of word as Iterable<string>) list.push(await plain(each, shape.member!, place))
  } catch (error) {
    // int('abc') inside a list is named by its argument.
    if (error instanceof Failure && error.kind === 'InvalidValue') throw parameterError(place.name, String(word[0]))
    throw error
  }
  return list
}

async function streamFrom(word: Word, place: Place): Promise<Value> {
  // What fileb:// brings is a path too, and none that there is.
  const file = typeof word === 'string' ? await bodyFile(word, place.env) : undefined
  if (file === undefined) throw parameterError(place.name, 'Blob values must be a path to a file.')
  return file
}

function firstCharacter(word: Word): string {
  const text = asText(word).trimStart()
  if (text === '') throw new Failure('InvalidValue', 'string index out of range')
  return text[0]!
}

function asText(word: Word): string {
  return word instanceof Uint8Array ? new TextDecoder().decode(word) : String(word)
}
