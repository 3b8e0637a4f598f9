import { describe, expect, test } from 'bun:test'
import { Failure } from '../lib/errors.ts'
import { mergeExtras, rawService } from './raw.ts'

const metadata = { apiVersion: '2020-01-01', endpointPrefix: 'trees', serviceId: 'Trees', serviceFullName: 'Trees' }
const json = { ...metadata, protocol: 'json' }

const trees = {
  metadata: json,
  clientContextParams: { Shade: { type: 'boolean' } },
  operations: {
    PlantTree: {
      name: 'PlantTree2020',
      http: { method: 'POST', requestUri: '/trees', responseCode: 201 },
      input: { shape: 'Tree', locationName: 'PlantTreeRequest' },
      output: { shape: 'Tree' },
      errors: [{ shape: 'NoSoil' }, { shape: 'NoSoil', error: { code: 'Soil.Missing', httpStatusCode: 404 } }],
      idempotent: true,
      documentation: '<p>Plants.</p>',
    },
    ListTrees: { output: { shape: 'Trees' } },
  },
  shapes: {
    Tree: {
      type: 'structure',
      required: ['Name'],
      documentation: '<p>A tree.</p>',
      members: {
        Name: { shape: 'Name', documentation: '<p>Its name.</p>' },
        Branches: { shape: 'Trees', locationName: 'branches' },
        Labels: { shape: 'Labels' },
        Planted: { shape: 'Date', timestampFormat: 'iso8601', location: 'header', locationName: 'x-planted' },
      },
    },
    Trees: { type: 'list', member: { shape: 'Tree', locationName: 'tree' }, flattened: true, max: 9 },
    Labels: { type: 'map', key: { shape: 'Name' }, value: { shape: 'Name', locationName: 'text' } },
    Name: { type: 'string', pattern: '[a-z]+', min: 1, max: 20 },
    Date: { type: 'timestamp', timestampFormat: 'unixTimestamp' },
    NoSoil: { type: 'structure', exception: true, members: {} },
  },
}

describe('a service from botocore JSON', () => {
  const service = rawService('trees', {
    service: trees,
    paginators: { pagination: { ListTrees: { input_token: 'From', output_token: 'Next', result_key: 'Trees' } } },
    waiters: { waiters: { TreeTall: { operation: 'ListTrees', delay: 1, maxAttempts: 2, acceptors: [] } } },
    ruleset: { version: '1.0', parameters: {}, rules: [] },
  })
  const plant = service.operation('PlantTree')
  const tree = plant.input!.shape

  test('knows itself', async () => {
    expect(service.protocol).toBe('json')
    expect(service.operationNames).toEqual(['PlantTree', 'ListTrees'])
    expect(service.commandNames).toEqual(['plant-tree', 'list-trees'])
    expect(service.clientContextParams).toEqual({ Shade: { type: 'boolean' } })
    expect(service.hasOperation('ListTrees')).toBe(true)
    expect(service.hasOperation('toString')).toBe(false)
    expect(service.paginator('ListTrees')?.result_key).toBe('Trees')
    expect(service.paginator('PlantTree')).toBeUndefined()
    expect(service.waiters.TreeTall?.delay).toBe(1)
    expect((await service.endpointRuleset())?.version).toBe('1.0')
  })

  test('tells an operation', () => {
    expect(plant.http).toEqual({ method: 'POST', requestUri: '/trees', responseCode: 201 })
    expect(plant.wireName).toBe('PlantTree2020')
    expect(plant.traits).toEqual({ idempotent: true })
    expect(plant.input!.traits.locationName).toBe('PlantTreeRequest')
    expect(service.operation('PlantTree')).toBe(plant)
    expect(service.operation('ListTrees').input).toBeUndefined()
    expect(service.operation('ListTrees').http).toEqual({ method: 'POST', requestUri: '/' })
  })

  test('overlays an error shape with what its reference says', () => {
    expect(plant.errors.map((error) => error.traits)).toEqual([
      { exception: true },
      { exception: true, error: { code: 'Soil.Missing', httpStatusCode: 404 } },
    ])
  })

  test('tells members in order, with their own traits over the shape’s', () => {
    expect(tree.members.map((member) => member.name)).toEqual(['Name', 'Branches', 'Labels', 'Planted'])
    expect(tree.members.map((member) => member.required)).toEqual([true, false, false, false])
    const name = tree.memberNamed('Name')!
    expect(name.traits).toBe(name.shape.traits)
    expect(name.traits).toEqual({ pattern: '[a-z]+', min: 1, max: 20 })
    const planted = tree.memberNamed('Planted')!
    expect(planted.traits.timestampFormat).toBe('iso8601')
    expect(planted.shape.traits.timestampFormat).toBe('unixTimestamp')
    expect(planted.ownTraits).toEqual({ timestampFormat: 'iso8601', location: 'header', locationName: 'x-planted' })
    expect(tree.memberNamed('Bark')).toBeUndefined()
  })

  test('follows a shape that holds itself', () => {
    const branches = tree.memberNamed('Branches')!.shape
    expect(branches.traits).toEqual({ flattened: true, max: 9 })
    expect(branches.member!.ownTraits).toEqual({ locationName: 'tree' })
    expect(branches.member!.shape).toBe(tree)
  })

  test('gives lists and maps their parts, and nothing else', () => {
    const labels = tree.memberNamed('Labels')!.shape
    expect([labels.key!.shape.name, labels.value!.traits.locationName]).toEqual(['Name', 'text'])
    expect([labels.member, labels.members.length]).toEqual([undefined, 0])
    expect([tree.key, tree.value, tree.member]).toEqual([undefined, undefined, undefined])
  })

  test('refuses an operation it does not have', () => {
    expect(() => service.operation('FellTree')).toThrow(
      new Failure('UnknownOperation', 'trees has no operation FellTree'),
    )
  })
})

describe('the protocol is the first that AWS CLI prefers', () => {
  const cases: [object, string][] = [
    [{ protocol: 'query' }, 'query'],
    [{ protocol: 'smithy-rpc-v2-cbor', protocols: ['smithy-rpc-v2-cbor', 'json'] }, 'json'],
    [{ protocol: 'json', protocols: ['smithy-rpc-v2-cbor'] }, 'smithy-rpc-v2-cbor'],
    [{ protocols: ['query', 'rest-xml'] }, 'rest-xml'],
    [{ protocols: ['ec2'] }, 'ec2'],
  ]
  test.each(cases)('%j → %s', (given, protocol) => {
    const service = { metadata: { ...metadata, ...given }, operations: {}, shapes: {} }
    expect(rawService('x', { service }).protocol as string).toBe(protocol)
  })
})

describe('a broken model is refused in one line that names the file', () => {
  const cases: [string, unknown, string][] = [
    ['not an object', [], 'a service model is a JSON object'],
    ['no metadata', { operations: {}, shapes: {} }, 'it has no "metadata"'],
    ['no shapes', { metadata: json, operations: {} }, 'it has no "shapes"'],
    [
      'a shape that is text',
      { metadata: json, operations: {}, shapes: { A: 'b' } },
      '"A" in "shapes" is not an object',
    ],
    ['no protocol', { metadata, operations: {}, shapes: {} }, 'it lists no protocol that is known: none'],
    [
      'an operation whose input is nowhere',
      { metadata: json, operations: { A: { input: { shape: 'B' } } }, shapes: {} },
      'there is no shape "B"',
    ],
    [
      'a list without elements',
      { metadata: json, operations: { A: { input: { shape: 'B' } } }, shapes: { B: { type: 'list' } } },
      'list B has no member',
    ],
    [
      'an unknown type',
      { metadata: json, operations: { A: { input: { shape: 'B' } } }, shapes: { B: { type: 'tuple' } } },
      'shape B has the type "tuple"',
    ],
  ]
  test.each(cases)('%s', (_, service, message) => {
    const use = () => rawService('x', { service }, '/m/x.json').operation('A').input?.shape
    expect(use).toThrow(expect.objectContaining({ kind: 'Model', message: `/m/x.json: ${message}` }))
  })
})

test('sdk-extras are merged deep, and replace what is not an object', () => {
  const model = { shapes: { A: { type: 'string', enum: ['x', 'y'] } }, version: '2' }
  const extras = { version: 1, merge: { shapes: { A: { enum: ['z'] }, B: { type: 'blob' } } } }
  const merged = { shapes: { A: { type: 'string', enum: ['z'] }, B: { type: 'blob' } }, version: '2' }
  expect(mergeExtras(model, extras)).toEqual(merged)
  expect(mergeExtras(model, {})).toBe(model)
})
