// How is a service's documentation kept, so that the help of one operation costs little? In parts, packed apart:
//
//   SERVICE     {service, operations: {name: html}, parts: {operation: [0, 3]}, count}
//   SERVICE/0   {shape: {text, members}}, … the shapes of the first operations
//   SERVICE/1   …
//
// all of them JSON in raw deflate, which Bun and Node 20 can both read. `parts` says where the shapes of an operation's
// input and output are. `scripts/models.ts` makes the blocks.

import { text, utf8 } from '../lib/bytes.ts'
import { inflate } from '../lib/inflate.ts'
import type { Archive } from './archive.ts'
import type { ServiceDocumentation } from './model.ts'
import { documentationOf } from './raw.ts'
import type { ServiceDefinition } from './raw.ts'

interface Head {
  readonly service: string
  readonly operations: Readonly<Record<string, string>>
  readonly parts: Readonly<Record<string, readonly number[]>>
  readonly count: number
}

type Shapes = ServiceDocumentation['shapes']

/**
 * Undefined where there is none. With `operation`, of the shapes only those of its input and output need be there; with
 * '' none.
 */
export async function readDocumentation(
  archive: Archive,
  name: string,
  operation?: string,
): Promise<ServiceDocumentation | undefined> {
  const head = (await readJson(archive, name)) as Head | undefined
  if (head === undefined) return undefined
  const { service, operations, parts, count } = head
  const wanted = operation === undefined ? Array.from({ length: count }, (_, part) => part) : (parts[operation] ?? [])
  const shapes: Record<string, Shapes[string]> = {}
  for (const part of wanted) Object.assign(shapes, await readJson(archive, `${name}/${part}`))
  return { service, operations, shapes }
}

async function readJson(archive: Archive, name: string): Promise<unknown> {
  const block = await archive.read(name)
  return block && JSON.parse(text(inflate(block)))
}

/** Characters of a part: small ones pack badly, large ones are read in vain. */
const PART = 64 * 1024

/** The blocks of a service, not yet deflated: the counterpart of `readDocumentation`. */
export function documentationBlocks(name: string, definition: ServiceDefinition): Map<string, Uint8Array> {
  const { service, operations, shapes } = documentationOf(definition)
  const placed = new Map<string, number>()
  const written: Record<string, Shapes[string]>[] = [{}]
  let size = 0
  const place = (shape: string): void => {
    const texts = shapes[shape]
    if (texts === undefined || placed.has(shape)) return
    if (size > PART) {
      written.push({})
      size = 0
    }
    placed.set(shape, written.length - 1)
    written.at(-1)![shape] = texts
    size += JSON.stringify(texts).length
  }
  const parts: Record<string, number[]> = {}
  for (const [operation, { input, output }] of Object.entries(definition.operations)) {
    const reached = closure([input?.shape, output?.shape], definition)
    reached.forEach(place)
    const numbers = reached.flatMap((shape) => placed.get(shape) ?? [])
    parts[operation] = Array.from(new Set(numbers)).sort((a, b) => a - b)
  }
  Object.keys(shapes).forEach(place)
  const head: Head = { service, operations, parts, count: written.length }
  const blocks = new Map([[name, utf8(JSON.stringify(head))]])
  written.forEach((part, number) => blocks.set(`${name}/${number}`, utf8(JSON.stringify(part))))
  return blocks
}

/** Every shape that one comes to from these, nearest first. */
function closure(from: readonly (string | undefined)[], { shapes }: ServiceDefinition): string[] {
  const reached = new Set<string>()
  const visit = (name: string | undefined): void => {
    if (name === undefined || reached.has(name)) return
    reached.add(name)
    const { members, member, key, value } = shapes[name] ?? {}
    for (const reference of [...Object.values(members ?? {}), member, key, value]) visit(reference?.shape)
  }
  from.forEach(visit)
  return Array.from(reached)
}
