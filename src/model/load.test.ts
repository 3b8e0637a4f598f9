import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { utf8 } from '../lib/bytes.ts'
import { asciiJson, packArchive } from './archive.ts'
import { compile } from './compiled.ts'
import { modelDirectories, openModels } from './load.ts'
import { describeRaw } from './raw.ts'
import type { RawModel } from './raw.ts'
import { fileSource } from './source.ts'

const scratch = mkdtempSync(join(tmpdir(), 'virga-models-'))
afterAll(() => rmSync(scratch, { recursive: true }))

function model(greeting: string, operations: readonly string[] = ['SayHello']): RawModel {
  const metadata = { apiVersion: 'x', serviceId: 'Hello', serviceFullName: greeting, protocol: 'json' }
  const shapes = {
    Text: { type: 'string', enum: ['ü', '"\\'] },
    In: { type: 'structure', members: { T: { shape: 'Text' } } },
  }
  return {
    service: {
      metadata,
      shapes,
      documentation: `<p>${greeting}</p>`,
      operations: Object.fromEntries(operations.map((name) => [name, { input: { shape: 'In' }, documentation: name }])),
    },
    paginators: { pagination: { SayHello: { input_token: 'a', output_token: 'b', result_key: 'c' } } },
    waiters: { waiters: { Said: { operation: 'SayHello', delay: 1, maxAttempts: 1, acceptors: [] } } },
  }
}

/** models.bin with a `hello` of version 2020-01-01 and a `bye`, which share a ruleset. */
function compiledFile(): string {
  const path = join(scratch, 'models.bin')
  const blocks = new Map<string, Uint8Array>()
  for (const name of ['hello', 'bye']) {
    const description = describeRaw(name, model(`compiled ${name}`))
    const block = compile({ ...description, version: '2020-01-01' }, { block: '.ruleset.0', prefix: name })
    blocks.set(name, block)
  }
  blocks.set('.ruleset.0', utf8(asciiJson({ version: '1.0', rules: [{ url: 'https://\u0001.{Region}' }] })))
  blocks.set('.partitions', utf8(asciiJson({ partitions: [] })))
  writeFileSync(path, packArchive('MO', blocks))
  return path
}

let directories = 0
function userDirectory(files: Readonly<Record<string, unknown>>): string {
  const directory = join(scratch, `user-${directories++}`)
  mkdirSync(directory)
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  }
  return directory
}

const compiled = compiledFile()
const open = (...extraDirectories: string[]) => openModels({ source: fileSource(compiled), extraDirectories })
const greeting = async (name: string, ...directories: string[]) =>
  (await (await open(...directories)).service(name)).metadata.serviceFullName

describe('the compiled set', () => {
  test('lists services, not its other blocks', async () => {
    const models = await open()
    expect(models.serviceNames).toEqual(['hello', 'bye'])
    expect(['hello', 'nobody', '.partitions', 'hel', ''].map((name) => models.has(name))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
    expect(await models.partitions()).toEqual({ partitions: [] })
  })

  test('gives services and operations', async () => {
    const models = await open()
    const operation = await models.operation('hello', 'SayHello')
    expect(operation.input!.shape.memberNamed('T')!.shape.traits.enum).toEqual(['ü', '"\\'])
    expect(operation.service).toBe(await models.service('hello'))
    expect(operation.service.paginator('SayHello')?.result_key).toBe('c')
    expect(operation.service.waiters.Said?.operation).toBe('SayHello')
    expect((await operation.service.endpointRuleset())!.rules).toEqual([{ url: 'https://hello.{Region}' }])
  })

  test.each(['nobody', '.partitions', '../hello', ''])('refuses the service %j', async (name) => {
    const opening = (await open(scratch)).service(name)
    await expect(opening).rejects.toMatchObject({ kind: 'UnknownService', message: `there is no service ${name}` })
  })
})

describe('a user’s model', () => {
  const service = { 'hello/2020-01-01/service-2.json': model('mine').service }
  const named = (version: string, text: string) =>
    userDirectory({ [`hello/${version}/service-2.json`]: model(text).service })

  test('of the same version wins', async () => expect(await greeting('hello', userDirectory(service))).toBe('mine'))
  test('of a newer version wins', async () => expect(await greeting('hello', named('2021-01-01', 'new'))).toBe('new'))
  test('of an older version loses', async () =>
    expect(await greeting('hello', named('2019-01-01', 'old'))).toBe('compiled hello'))
  test('in an earlier directory wins over a later one', async () =>
    expect(await greeting('hello', named('2022-01-01', 'first'), named('2022-01-01', 'second'))).toBe('first'))
  test('that is newest wins wherever it is', async () =>
    expect(await greeting('hello', named('2022-01-01', 'first'), named('2023-01-01', 'second'))).toBe('second'))

  test('may add a service, and a directory need not exist', async () => {
    const directory = userDirectory({ 'aloha/2020-01-01/service-2.json': model('aloha').service, 'empty/x/README': '' })
    const models = await open(join(scratch, 'nowhere'), directory)
    expect(models.serviceNames).toEqual(['aloha', 'bye', 'hello'])
    expect([models.has('aloha'), models.has('empty')]).toEqual([true, false])
    expect((await models.service('aloha')).operationNames).toEqual(['SayHello'])
  })

  test('without paginators, waiters and ruleset has those of its version in the compiled set', async () => {
    const added = { 'hello/2020-01-01/service-2.json': model('mine', ['SayMore', 'SayHello']).service }
    const hello = await (await open(userDirectory(added))).service('hello')
    expect(hello.paginator('SayHello')?.result_key).toBe('c')
    expect(hello.paginator('SayMore')).toBeUndefined()
    expect(hello.waiters.Said).toBeDefined()
    expect(await hello.endpointRuleset()).toBeDefined()
  })

  test('has its own where it brings them, with sdk-extras merged', async () => {
    const directory = userDirectory({
      ...service,
      'hello/2020-01-01/service-2.sdk-extras.json': { merge: { metadata: { serviceFullName: 'merged' } } },
      'hello/2020-01-01/paginators-1.json': { pagination: {} },
      'hello/2020-01-01/waiters-2.json': { waiters: {} },
      'hello/2020-01-01/endpoint-rule-set-1.json': { version: 'own' },
    })
    const hello = await (await open(directory)).service('hello')
    expect(hello.metadata.serviceFullName).toBe('merged')
    expect(hello.paginator('SayHello')).toBeUndefined()
    expect(hello.waiters).toEqual({})
    expect((await hello.endpointRuleset())!.version).toBe('own')
  })

  test('may be gzipped', async () => {
    const directory = userDirectory({ 'hello/2020-01-01/README': '' })
    const zipped = Bun.gzipSync(Buffer.from(JSON.stringify(model('zipped').service)))
    writeFileSync(join(directory, 'hello/2020-01-01/service-2.json.gz'), zipped)
    expect(await greeting('hello', directory)).toBe('zipped')
  })

  test('has its own documentation', async () => {
    const models = await open(userDirectory(service))
    expect(await models.documentation('hello')).toEqual({
      service: '<p>mine</p>',
      operations: { SayHello: 'SayHello' },
      shapes: {},
    })
    expect(await models.documentation('bye')).toBeUndefined()
  })

  test.each([
    ['{"metadata":', 'is not JSON: '],
    ['[]', 'a service model is a JSON object'],
    ['', 'is not JSON: '],
  ])('that is broken (%j) is refused, naming the file; other services go on', async (content, message) => {
    const directory = userDirectory({ 'hello/2020-01-01/service-2.json': content })
    const file = join(directory, 'hello/2020-01-01/service-2.json')
    await expect(greeting('hello', directory)).rejects.toMatchObject({
      kind: 'Model',
      message: expect.stringMatching(new RegExp(`^${file}: ${message}[^\n]*$`)),
    })
    expect(await greeting('bye', directory)).toBe('compiled bye')
  })
})

describe('a file that is not a compiled model', () => {
  const whole = readFileSync(compiled)
  const cases: [string, Uint8Array | undefined, string | RegExp][] = [
    ['missing', undefined, /^.*: cannot be read: ENOENT[^\n]*$/],
    ['empty', Buffer.alloc(0), /: it is not a compiled model file$/],
    ['something else', Buffer.from('{"metadata": {"apiVersion": "2006-03-01"}}'), /: it is not a compiled model file$/],
    [
      'of another format',
      Buffer.concat([whole.subarray(0, 8), Buffer.from([99, 0, 0, 0]), whole.subarray(12)]),
      /format 99/,
    ],
    ['cut in its index', whole.subarray(0, 40), /: it ends in the middle of its index$/],
    ['cut in a block', whole.subarray(0, 200), /: it ends in the middle of hello$/],
  ]
  test.each(cases)('%s', async (name, bytes, message) => {
    const path = join(scratch, `${name}.bin`)
    if (bytes !== undefined) writeFileSync(path, bytes)
    const opening = openModels({ source: fileSource(compiled), file: path }).then((models) => models.service('hello'))
    await expect(opening).rejects.toMatchObject({ kind: 'Model', message: expect.stringMatching(message) })
  })

  test('a directory', async () => {
    await expect(openModels({ source: fileSource(scratch) })).rejects.toMatchObject({ kind: 'Model' })
  })
})

test('VIRGA_MODELS replaces the embedded set', async () => {
  const models = await openModels({ source: fileSource('/nowhere'), file: compiled })
  expect(models.serviceNames).toEqual(['hello', 'bye'])
})

test('a user’s models are in AWS_DATA_PATH, then in ~/.aws/models', () => {
  expect(modelDirectories(undefined, '/h')).toEqual(['/h/.aws/models'])
  expect(modelDirectories('/a::~/b', '/h')).toEqual(['/a', '/h/b', '/h/.aws/models'])
})
