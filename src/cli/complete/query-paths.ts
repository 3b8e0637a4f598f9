// Which names may follow in a half-typed `--query`? Those of the output's shapes at the point that the expression so
// far leads to: `Reservations[].Instances[].` → `InstanceId`, …

import type { Operation } from '../../model/model.ts'
import { isStructure, keysOf } from '../../lib/value.ts'
import type { Value } from '../../lib/value.ts'
import { NOTHING, choices } from './choices.ts'
import type { Choices } from './choices.ts'

/** Where the path that is being typed begins: behind `|`, `(`, `{Name: `, `,` or a blank. Closed brackets belong to it. */
function startOfPath(expression: string): number {
  const masked = expression.replace(/\[[^[\]]*\]/g, (bracket) => '_'.repeat(bracket.length))
  return /[^\s|(,{[:&=<>!]*$/.exec(masked)!.index
}

export async function queryChoices(expression: string, operation: Operation): Promise<Choices> {
  const { outputSkeleton } = await import('../skeleton.ts')
  const start = startOfPath(expression)
  const [before, path] = [expression.slice(0, start), expression.slice(start)]
  const dot = path.lastIndexOf('.')
  // Below a projection, `{…}` and `[…]` stand at what their left side leads to.
  const left = [leftOfBracket(before), path.slice(0, Math.max(dot, 0))].filter((part) => part !== '').join('.')
  const reached = await valueAt(left, outputSkeleton(operation))
  if (reached === undefined) return NOTHING
  return choices(path.slice(dot + 1), keysOf(reached), before + path.slice(0, dot + 1))
}

/** `Users[].{Name: ` → `Users[]` */
function leftOfBracket(before: string): string {
  const open = /^(.*?)\.?[{[][^{}[\]]*$/s.exec(before)
  return open === null || /[|(&?]/.test(before) ? '' : open[1]!
}

/** Lists in a skeleton have one element, so every index is the first and every filter holds. */
async function valueAt(path: string, skeleton: Value): Promise<Record<string, Value> | undefined> {
  const { JmesPathError, search } = await import('../../lib/jmespath/jmespath.ts')
  const simple = path.replace(/\[\d+\]/g, '[0]').replace(/\[\?[^\]]*\]/g, '[]')
  let value: Value
  try {
    value = simple === '' ? skeleton : search(simple, skeleton)
  } catch (error) {
    if (error instanceof JmesPathError) return undefined
    throw error
  }
  while (Array.isArray(value) && /[\]*]/.test(simple)) value = value[0] ?? null
  return isStructure(value) ? (value as Record<string, Value>) : undefined
}
