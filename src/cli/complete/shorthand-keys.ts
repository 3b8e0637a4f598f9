// How may a half-typed shorthand value go on? `Name=vpc-id,Val` → `Values=`.
//
// The text is walked as far as it goes, beside the shape it fills: at each point it stands either at a key of a
// structure or at a value of some shape.

import type { Shape } from '../../model/model.ts'
import { NOTHING, choices } from './choices.ts'
import type { Candidate, Choices } from './choices.ts'

/** A structure, map or list that is open where the text ends. */
interface Level {
  readonly shape: Shape
  readonly used: Set<string>
  /** The shape of the value that is being typed; undefined at a key. */
  value: Shape | undefined
}

/** `shape` is what one word fills: for a list, what its element is. */
export function shorthandChoices(text: string, shape: Shape): Choices {
  if (isScalar(shape)) return choices(text, scalarLabels(shape))
  if (text.startsWith('[') || (text.startsWith('{') && shape.type !== 'list')) return NOTHING // JSON
  const levels: Level[] = [levelOf(shape)]
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const level = levels.at(-1)!
    const word = text.slice(from, at)
    switch (text[at]) {
      case '=':
        if (level.shape.type === 'list') continue
        // A key after a list's last value: `Values=a,b,Name=`.
        level.value = memberShape(level.shape, word.replace(/@$/, ''))
        if (level.value === undefined) return NOTHING
        level.used.add(word.replace(/@$/, ''))
        break
      case '{':
      case '[': {
        const inner = level.value
        if (word !== '' || inner === undefined || isScalar(inner)) continue
        levels.push(levelOf(inner))
        break
      }
      case '}':
      case ']':
        if (levels.length === 1) continue
        levels.pop()
        break
      case ',':
        if (level.shape.type !== 'list' && level.value?.type !== 'list') level.value = undefined
        break
      default:
        continue
    }
    from = at + 1
  }
  const typed = text.slice(from)
  return { prefix: text.slice(0, from), typed, candidates: candidatesAt(levels.at(-1)!, text[from - 1]) }
}

function levelOf(shape: Shape): Level {
  return { shape, used: new Set(), value: shape.type === 'list' ? shape.member!.shape : undefined }
}

function candidatesAt(level: Level, before: string | undefined): Candidate[] {
  const { value } = level
  if (value === undefined) return keyCandidates(level)
  if (level.shape.type === 'list') return valueCandidates(value)
  // `Values=a,` may go on with another element or with another key.
  if (value.type === 'list' && before === ',') return [...keyCandidates(level), ...valueCandidates(value.member!.shape)]
  return value.type === 'list' ? valueCandidates(value.member!.shape, '[') : valueCandidates(value)
}

function keyCandidates({ shape, used }: Level): Candidate[] {
  if (shape.type === 'map') {
    return (shape.key?.traits.enum ?? []).map((key) => ({ label: `${key}=${opening(shape.value!.shape)}` }))
  }
  const left = shape.members.filter(({ name }) => !used.has(name))
  return left.map(({ name, required, shape: member }) => {
    return { label: `${name}=${opening(member)}`, type: member.type, ...(required ? { required } : {}) }
  })
}

function valueCandidates(shape: Shape, bracket = ''): Candidate[] {
  if (isScalar(shape)) return scalarLabels(shape).map((label) => ({ label }))
  return [{ label: shape.type === 'list' || bracket === '[' ? '[' : '{' }]
}

/** What a value begins with. A list of plain values needs no bracket: `Values=a,b`. */
function opening(shape: Shape): string {
  if (shape.type === 'list') return isScalar(shape.member!.shape) ? '' : '['
  return isScalar(shape) ? '' : '{'
}

export function scalarLabels(shape: Shape): readonly string[] {
  return shape.type === 'boolean' ? ['true', 'false'] : (shape.traits.enum ?? [])
}

function memberShape(shape: Shape, key: string): Shape | undefined {
  return shape.type === 'map' ? shape.value!.shape : shape.memberNamed(key)?.shape
}

export function isScalar({ type }: Shape): boolean {
  return type !== 'structure' && type !== 'list' && type !== 'map'
}
