import { describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { openModels } from './load.ts'
import { overlaid, parseFragment } from './long-enum.ts'
import type { Traits } from './model.ts'
import { fileSource } from './source.ts'

const many = Array.from({ length: 500 }, (_, at) => `value.${at}`)

describe('a fragment is what JSON says', () => {
  const cases: Record<string, unknown> = {
    short: [3, 'Short', { enum: ['a', 'b'] }],
    long: [3, 'Long', { enum: many }],
    'between other traits': [3, 'Between', { pattern: '"enum":[', enum: many, max: 3 }],
    'with brackets': [3, 'Brackets', { enum: [...many, '[a]', 'a]', ']'] }],
    'with quotation marks': [3, 'Quoted', { enum: [...many, '"', 'a"]', '\\'] }],
    'long for another reason': [3, 'Patterned', { pattern: 'a'.repeat(5000) }],
    'without traits': [0, 'Structure', 0, ...many.flatMap((name) => [name, 1, 0])],
  }
  for (const [name, fragment] of Object.entries(cases)) {
    test(name, () => {
      const parsed = parseFragment(JSON.stringify(fragment))
      expect(JSON.stringify(parsed)).toBe(JSON.stringify(fragment))
      expect(parsed).toEqual(fragment as never)
    })
  }
})

test('what a reference says stands over it, and the values stay', () => {
  const traits = parseFragment(JSON.stringify([3, 'Long', { enum: many, locationName: 'a' }]))[2] as Traits
  const both = overlaid(overlaid(traits, { locationName: 'b' }), { sensitive: true })
  expect({ ...both }).toEqual({ enum: many, locationName: 'b', sensitive: true })
  expect(overlaid({ locationName: 'a' }, { locationName: 'b' })).toEqual({ locationName: 'b' })
})

test.skipIf(!existsSync('build/models.bin'))('the instance types of ec2', async () => {
  const models = await openModels({ source: fileSource('build/models.bin') })
  const { input, output } = await models.operation('ec2', 'RunInstances')
  const types = input!.shape.memberNamed('InstanceType')!.traits.enum!
  expect(types.length).toBeGreaterThan(1000)
  expect(types).toContain('t3.micro')
  const instance = output!.shape.memberNamed('Instances')!.shape.member!.shape
  expect(instance.memberNamed('InstanceType')!.traits.enum).toEqual(types)
})
