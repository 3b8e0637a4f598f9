// Does the compiled set say what AWS's JSON says? Every operation of every service is followed to its last shape and
// compared with the definitions themselves, once compiled and once read raw.

import { beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { modelsInstalled } from '../scripts/model-set.ts'
import { readRawModel } from '../src/model/folder.ts'
import { openModels } from '../src/model/load.ts'
import type { Member, Models, Operation, Service, Shape } from '../src/model/model.ts'
import { rawService } from '../src/model/raw.ts'
import { fileSource } from '../src/model/source.ts'

const build = join(import.meta.dirname, '../build')
const { services, partitions } = modelsInstalled()
let models: Models

beforeAll(async () => {
  models = await openModels({
    source: fileSource(join(build, 'models.bin')),
    docs: fileSource(join(build, 'docs.bin')),
  })
})

test('the services are those of the package', async () => {
  expect(models.serviceNames).toEqual(services.map(({ name }) => name))
  expect(services.length).toBeGreaterThan(420)
  expect(await models.partitions()).toEqual(partitions)
})

describe('compiled, raw and definition are the same', () => {
  for (const { name, folder, readFile } of services) {
    test(name, async () => {
      const raw = readRawModel(folder, readFile)!
      const compiled = await models.service(name)
      for (const service of [compiled, rawService(name, raw)]) expect(differences(service, raw)).toEqual([])
      expect(await compiled.endpointRuleset()).toEqual(raw.ruleset as never)
    })
  }
})

test('the protocols are those that AWS CLI uses', async () => {
  const counts: Record<string, number> = {}
  for (const name of models.serviceNames) {
    const { protocol } = await models.service(name)
    counts[protocol] = (counts[protocol] ?? 0) + 1
  }
  // Counted in AWS CLI 2.36.12, one service more or less a release.
  expect(counts).toEqual({ 'rest-json': 252, json: 152, query: 17, 'rest-xml': 4, ec2: 1, 'smithy-rpc-v2-cbor': 1 })
})

test('documentation is carried for every service', async () => {
  const sts = (await models.documentation('sts'))!
  expect(sts.operations.GetCallerIdentity).toContain('<p>Returns details about the IAM user or role')
  expect(sts.shapes.GetCallerIdentityResponse!.members!.Account).toContain('account')
  for (const name of models.serviceNames) expect(await models.documentation(name)).toBeDefined()
})

type Definition = Record<string, any>

const NOT_TRAITS = [
  'type',
  'members',
  'member',
  'key',
  'value',
  'required',
  'shape',
  'documentation',
  'documentationUrl',
]

/** Everything in which a service differs from its definition. Compared piece by piece: a whole service is too large to print. */
function differences(service: Service, raw: Definition): string[] {
  const { operations, shapes, metadata } = raw.service as Definition
  const found: string[] = []
  const same = (where: string, actual: unknown, expected: unknown): void => {
    if (!Bun.deepEquals(actual, expected, true)) found.push(where)
  }
  const seen = new Set<Shape>()
  const reference = (where: string, member: Member | undefined, definition: Definition | undefined): void => {
    if (member === undefined || definition === undefined) return same(where, member, definition)
    same(`${where} refers`, member.shape.name, definition.shape)
    same(`${where} own traits`, member.ownTraits, without(definition, NOT_TRAITS))
    const all = { ...without(shapes[definition.shape], NOT_TRAITS), ...without(definition, NOT_TRAITS) }
    same(`${where} traits`, { ...member.traits }, all)
    shape(member.shape)
  }
  const shape = (it: Shape): void => {
    if (seen.has(it)) return
    seen.add(it)
    const definition: Definition = shapes[it.name]
    const isStructure = definition.type === 'structure'
    same(`${it.name} type`, it.type, definition.type)
    same(
      `${it.name} members`,
      it.members.map(({ name }) => name),
      isStructure ? Object.keys(definition.members) : [],
    )
    for (const member of it.members) {
      same(`${it.name}.${member.name} required`, member.required, definition.required?.includes(member.name) ?? false)
      reference(`${it.name}.${member.name}`, member, definition.members[member.name])
    }
    for (const part of ['member', 'key', 'value'] as const) reference(`${it.name} ${part}`, it[part], definition[part])
  }
  const compare = (operation: Operation, definition: Definition): void => {
    const { name } = operation
    same(`${name} http`, operation.http, definition.http)
    same(`${name} wire name`, operation.wireName ?? name, definition.name)
    const others = ['name', 'http', 'input', 'output', 'errors', 'documentation', 'documentationUrl']
    same(`${name} traits`, operation.traits, without(definition, others))
    reference(`${name} input`, operation.input, definition.input)
    reference(`${name} output`, operation.output, definition.output)
    const errors: Definition[] = definition.errors ?? []
    same(
      `${name} errors`,
      operation.errors.map((error) => error.name),
      errors.map((error) => error.shape),
    )
    same(`${name} paginator`, service.paginator(name), raw.paginators?.pagination[name])
  }
  same('metadata', service.metadata, metadata)
  same('operations', service.operationNames, Object.keys(operations))
  same('commands', service.commandNames.length, service.operationNames.length)
  same('waiters', service.waiters, raw.waiters?.waiters ?? {})
  same('client context', service.clientContextParams, raw.service.clientContextParams ?? {})
  for (const name of service.operationNames) compare(service.operation(name), operations[name])
  return found
}

function without(definition: Definition, names: readonly string[]): Definition {
  return Object.fromEntries(Object.entries(definition).filter(([name]) => !names.includes(name)))
}
