// What is to be said of a shape and of what it holds? The models' words, the limits, and everything inside, step by step
// further right.

import type { Member, ServiceDocumentation, Shape } from '../../model/model.ts'
import { bullets, code, item, paragraph, strong } from './blocks.ts'
import type { Block } from './blocks.ts'
import { blocksFrom } from './html.ts'
import { isComplex } from '../input/unpack.ts'

export type Documentation = ServiceDocumentation | undefined

/** Parts of more items than these are not described a second time on a page. */
const LONG = 12

/** Describes shapes on one page of help, and knows what it has described there. */
export class Describer {
  readonly #docs: Documentation
  /** The place at which a shape with many parts was described: `Definition.Sheets[]`. */
  readonly #places = new Map<string, string>()

  constructor(docs: Documentation) {
    this.#docs = docs
  }

  /** What stands below an argument: its own words, then its parts. */
  argument(member: Member, owner: Shape | undefined): Block[] {
    return [...this.#words(member, owner, member.name), ...this.parts(member.shape, [member.shape.name], member.name)]
  }

  /** The members of a structure, or what a list or a map holds. `above` are the shapes around them. */
  parts(shape: Shape, above: readonly string[] = [], place = ''): Block[] {
    const before = this.#places.get(shape.name)
    if (before !== undefined) return [paragraph('The same as in ', code(before), ' above.')]
    const blocks = this.#allParts(shape, above, place)
    if (place !== '' && countOf(blocks) > LONG) this.#places.set(shape.name, place)
    return blocks
  }

  #allParts(shape: Shape, above: readonly string[], place: string): Block[] {
    const inside = place === '' ? '' : `${place}.`
    switch (shape.type) {
      case 'structure':
        return shape.members.flatMap((member) => this.#part(member.name, member, shape, above, inside + member.name))
      case 'list':
        return this.#part('member', shape.member!, shape, above, `${place}[]`)
      case 'map':
        return [
          ...this.#part('key', shape.key!, shape, above, `${inside}key`),
          ...this.#part('value', shape.value!, shape, above, `${inside}value`),
        ]
      default:
        return []
    }
  }

  /** A member, a key or value, or the elements of a list, which go without a name. A shape inside itself is not described again. */
  #part(name: string, member: Member, owner: Shape, above: readonly string[], place: string): Block[] {
    if (isComplex(member.shape) && above.includes(member.shape.name)) return [paragraph('( ... recursive ... )')]
    const type = `(${typeName(member)})`
    const head = owner.type === 'list' ? [type] : [strong(name), ` -> ${type}`]
    if (member.required) head.push(' [required]')
    const inner = this.parts(member.shape, [...above, member.shape.name], place)
    return [item(head, [...this.#words(member, owner, name), ...inner])]
  }

  #words(member: Member, owner: Shape | undefined, part: string): Block[] {
    const shapes = this.#docs?.shapes
    const html = (owner && shapes?.[owner.name]?.members?.[part]) ?? shapes?.[member.shape.name]?.text ?? ''
    return [...blocksFrom(html), ...unionNote(member.shape), ...limits(member), ...allowedValues(member.shape)]
  }
}

function countOf(blocks: readonly Block[]): number {
  return blocks.reduce((count, block) => count + (block.kind === 'item' ? 1 + countOf(block.blocks) : 0), 0)
}

function unionNote(shape: Shape): Block[] {
  if (shape.traits.union !== true) return []
  const members = shape.members.flatMap(({ name }, index) => (index > 0 ? [', ', code(name)] : [code(name)]))
  const words = ['This is a tagged union: one of its members can be set, and only one. They are ', ...members, '.']
  return [item([strong('Note:')], [paragraph(...words)])]
}

function limits({ traits, shape }: Member): Block[] {
  const { min, max, pattern } = traits
  const stated: string[] = []
  if (min !== undefined) stated.push(`min: ${min}`)
  if (max !== undefined) stated.push(`max: ${max}`)
  if (pattern !== undefined && shape.traits.enum === undefined) stated.push(`pattern: ${pattern}`)
  return stated.length === 0 ? [] : [paragraph(`Constraints: ${stated.join(', ')}`)]
}

/** Below one another while they are few; in a row like words where a column would fill the window. */
const FEW = 12

function allowedValues({ traits }: Shape): Block[] {
  const allowed = traits.enum ?? []
  if (allowed.length === 0) return []
  const title = paragraph('Possible values:')
  if (allowed.length <= FEW) return [title, bullets(allowed.map((value) => [paragraph(code(value))]))]
  return [title, paragraph(...allowed.flatMap((value, index) => (index > 0 ? [', ', code(value)] : [code(value)])))]
}

export function typeName({ shape, traits }: Member): string {
  if (traits.jsonvalue === true) return 'JSON'
  if (shape.traits.document === true) return 'document'
  if (shape.type === 'blob' && traits.streaming === true) return 'streaming blob'
  if (shape.traits.union === true) return 'tagged union structure'
  return shape.type
}
