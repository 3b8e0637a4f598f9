// The schemas of every input and output there is hold together: what they refer to is there, what they require is named.

import { expect, setDefaultTimeout, test } from 'bun:test'
import type { Structure, Value } from '../lib/value.ts'
import { isStructure } from '../lib/value.ts'
import { jsonSchema } from './json-schema.ts'
import { builtModels } from './outside.fixture.ts'

setDefaultTimeout(60_000)

const models = await builtModels()
if (models === undefined) console.log('SKIPPED: there is no build/models.bin')

/** What is wrong about a schema, in words. */
function faultsOf(schema: Structure): string[] {
  const defined = Object.keys((schema['$defs'] ?? {}) as Structure)
  const used = new Set<string>()
  const faults: string[] = []
  const look = (part: Value): void => {
    if (Array.isArray(part)) part.forEach(look)
    if (!isStructure(part)) return
    const { $ref, required, properties } = part
    if (typeof $ref === 'string') used.add($ref.replace('#/$defs/', ''))
    if (Array.isArray(required) && isStructure(properties))
      for (const name of required) if (!Object.hasOwn(properties, String(name))) faults.push(`${name} is required only`)
    for (const each of Object.values(part)) if (each !== undefined) look(each)
  }
  look(schema)
  for (const name of used) if (!defined.includes(name)) faults.push(`${name} is not defined`)
  for (const name of defined) if (!used.has(name)) faults.push(`${name} is not used`)
  return faults
}

test.skipIf(!models)('of every operation', async () => {
  const wrong: string[] = []
  let count = 0
  for (const name of models!.serviceNames) {
    const service = await models!.service(name)
    for (const operation of service.operationNames) {
      const { input, output } = service.operation(operation)
      for (const [member, closed] of [[input, true] as const, [output, false] as const]) {
        count++
        for (const fault of faultsOf(jsonSchema(member, undefined, { closed })))
          wrong.push(`${name} ${operation}: ${fault}`)
      }
    }
  }
  expect(wrong).toEqual([])
  expect(count).toBeGreaterThan(30_000)
})
