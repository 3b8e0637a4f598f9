// Do recorded responses of services read as botocore reads them? Its tests/unit/response_parsing: 217 XML and 10 JSON.

import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromBase64, text, utf8 } from '../lib/bytes.ts'
import { kebabCase } from '../lib/names.ts'
import { Float, isStructure } from '../lib/value.ts'
import type { Structure } from '../lib/value.ts'
import { openModels } from '../model/load.ts'
import type { Member, Models, Operation } from '../model/model.ts'
import { fileSource } from '../model/source.ts'
import { protocolOf } from './protocols.ts'

const folder = join(process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared'), 'vectors/response-parsing')
const compiled = join(import.meta.dir, '../../build/models.bin')
const missing = [folder, compiled].filter((path) => !existsSync(path))

/** Recordings that are not read as the file says, each with its reason. */
const exceptions: Record<string, string> = Object.fromEntries(
  ['cloudformation-get-template', 'iam-get-user-policy', 'iam-list-roles'].map((file) => [
    `xml/responses/${file}`,
    "the client's quirks, not the protocol, decode the document that is in a string",
  ]),
)

/** Values as the recordings have them: floats are numbers, blobs their bytes as text. */
function plain(member: Member | undefined, value: unknown): unknown {
  if (member?.shape.type === 'blob') return text(fromBase64(value as string))
  if (value instanceof Float) return value.value
  if (Array.isArray(value)) return value.map((item) => plain(member?.shape.member, item))
  if (!isStructure(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const inner = member?.shape.type === 'map' ? member.shape.value : member?.shape.memberNamed(name)
      return [name, plain(inner, item)]
    }),
  )
}

/** `ec2-describe-instances-2` is DescribeInstances of ec2: the longest name of an operation that fits. */
async function operationOf(models: Models, file: string): Promise<Operation | undefined> {
  const dash = file.indexOf('-')
  const service = await models.service(file.slice(0, dash))
  const rest = file.slice(dash + 1)
  const names = service.operationNames.filter((name) => rest.startsWith(kebabCase(name)))
  const [name] = names.sort((a, b) => b.length - a.length)
  return name === undefined ? undefined : service.operation(name)
}

async function check(models: Models, kind: string, file: string, body: string, expected: Structure): Promise<void> {
  const operation = await operationOf(models, file)
  if (!operation) throw new Error('the model has no such operation any more')
  const protocol = await protocolOf(operation)
  const { ResponseMetadata: metadata, ...members } = expected as {
    ResponseMetadata?: { RequestId?: string }
  } & Structure
  if (!kind.includes('errors')) {
    const output = protocol.readResponse(operation, { status: 200, headers: {}, body: utf8(body) }, { scalars: 'wire' })
    expect(plain(operation.output, output)).toEqual(members)
    return
  }
  const error = protocol.readError(operation, { status: 400, headers: {}, body: utf8(body) })
  const { Code, Message } = members['Error'] as Structure
  expect({ code: error.code, message: error.message }).toEqual({ code: String(Code), message: String(Message ?? '') })
  if (metadata?.RequestId !== undefined) expect(error.response.requestId).toBe(metadata.RequestId)
}

test.skipIf(missing.length > 0)('recorded responses', async () => {
  const models = await openModels({ source: fileSource(compiled) })
  const failures: string[] = []
  let count = 0
  const pairs: [kind: string, bodies: string, results: string][] = [
    ['xml/responses', 'xml/responses', 'xml/responses'],
    ['xml/errors', 'xml/errors', 'xml/errors'],
    ['json/errors', 'json/errors', 'json/expected'],
  ]
  for (const [kind, bodies, results] of pairs) {
    for (const name of readdirSync(join(folder, results)).filter((one) => one.endsWith('.json'))) {
      const file = name.slice(0, -'.json'.length)
      const path = join(folder, bodies, `${file}.${kind.split('/')[0]}`)
      if (!existsSync(path)) continue
      count++
      const key = `${kind}/${file}`
      try {
        const expected = JSON.parse(readFileSync(join(folder, results, name), 'utf8')) as Structure
        await check(models, kind, file, readFileSync(path, 'utf8'), expected)
        if (exceptions[key] !== undefined) failures.push(`${key}: passes, so it is no exception`)
      } catch (error) {
        if (exceptions[key] === undefined)
          failures.push(`${key}: ${Bun.stripANSI((error as Error).message).slice(0, 600)}`)
      }
    }
  }
  const excepted = Object.keys(exceptions).length
  console.log(`recorded responses: ${count - failures.length - excepted} of ${count}, ${excepted} excepted`)
  if (failures.length > 0) throw new Error(failures.join('\n'))
  expect(count).toBeGreaterThan(200)
})

for (const path of missing) console.log(`recorded responses: skipped, ${path} is not there`)
