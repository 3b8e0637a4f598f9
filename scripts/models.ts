// Compiles botocore's API models to what the program reads at run time: `npm run models`.
//
//   npm run models                                  from the layer.zip of @aws-cdk/asset-awscli-v1 to build/models.bin
//   npm run models -- --from DIRECTORY --out FILE   from plain botocore data (SERVICE/VERSION/*.json) to FILE
//
// The documentation goes apart: build/docs.bin, or FILE.docs. Both are archives (src/model/archive.ts); a service's
// block is laid out in src/model/compiled.ts, its documentation is JSON in raw deflate, which Bun and Node 20 can both
// read. The same input always gives the same bytes.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { unzipSync } from 'fflate'
import { utf8 } from '../src/lib/bytes.ts'
import { Failure } from '../src/lib/errors.ts'
import { asciiBytes, asciiJson, packArchive } from '../src/model/archive.ts'
import { HOST_PREFIX, PARTITIONS, compile } from '../src/model/compiled.ts'
import type { RulesetReference } from '../src/model/compiled.ts'
import { filesOf, latestVersion, readJson, readRawModel, servicesIn } from '../src/model/folder.ts'
import type { ReadFile } from '../src/model/folder.ts'
import { describeRaw, documentationOf } from '../src/model/raw.ts'
import type { ServiceDefinition } from '../src/model/raw.ts'
import { writeWhole } from './files.ts'

const ROOT = join(import.meta.dirname, '..')
const LAYER = join(ROOT, 'node_modules/@aws-cdk/asset-awscli-v1/lib/layer.zip')

/** A set of models: `folder` names a version of a service in errors. */
interface ModelSet {
  readonly services: readonly { name: string; version: string; folder: string; readFile: ReadFile }[]
  readonly partitions: unknown
}

function main(): void {
  const { values } = parseArgs({ options: { from: { type: 'string' }, out: { type: 'string' } } })
  const models = values.out ?? join(ROOT, 'build/models.bin')
  const docs = values.out === undefined ? join(ROOT, 'build/docs.bin') : `${values.out}.docs`
  const started = Date.now()
  const set = values.from === undefined ? modelsInLayer(LAYER) : modelsIn(values.from)
  const compiled = compileSet(set)
  writeWhole(models, compiled.models)
  writeWhole(docs, compiled.docs)
  const megabytes = (bytes: Uint8Array): string => `${(bytes.length / 1e6).toFixed(1)} MB`
  console.log(
    `models: ${set.services.length} services, ${compiled.operations} operations: ` +
      `${models} ${megabytes(compiled.models)}, ${docs} ${megabytes(compiled.docs)} ` +
      `(${((Date.now() - started) / 1000).toFixed(1)} s)`,
  )
}

/** A directory as botocore has it. */
function modelsIn(directory: string): ModelSet {
  if (!existsSync(directory)) throw new Failure('Model', `${directory}: there is no such directory`)
  const services = servicesIn(directory).map((name) => {
    const version = latestVersion(join(directory, name))!
    const folder = join(directory, name, version)
    return { name, version, folder, readFile: filesOf(folder) }
  })
  if (services.length === 0)
    throw new Failure('Model', `${directory}: holds no models; SERVICE/VERSION/service-2.json is expected`)
  return { services, partitions: readJson(directory, 'partitions', filesOf(directory)) }
}

/** The same files inside a zip. */
function modelsInLayer(path: string): ModelSet {
  if (!existsSync(path)) throw new Failure('Model', `${path}: there is no such file; run npm ci first`)
  const data = /^.*botocore\/data\/(?!.*examples-1\.json$)/
  const files = new Map<string, Uint8Array>()
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(path), { filter: ({ name }) => data.test(name) })))
    files.set(name.replace(data, ''), bytes)
  const latest = new Map<string, string>()
  for (const name of [...files.keys()].sort()) {
    const [service, version, file] = name.split('/')
    if (file === 'service-2.json') latest.set(service!, version!)
  }
  const services = [...latest].map(([name, version]) => {
    const folder = `${name}/${version}`
    return { name, version, folder: `${path}/${folder}`, readFile: (file: string) => files.get(`${folder}/${file}`) }
  })
  return { services, partitions: readJson(path, 'partitions', (file) => files.get(file)) }
}

function compileSet({ services, partitions }: ModelSet): { models: Uint8Array; docs: Uint8Array; operations: number } {
  const rulesets = new Rulesets()
  const models = new Map<string, Uint8Array>()
  const docs = new Map<string, Uint8Array>()
  let operations = 0
  for (const { name, version, folder, readFile } of services) {
    const raw = readRawModel(folder, readFile)!
    const description = describeRaw(name, raw, `${folder}/service-2.json`)
    const ruleset = raw.ruleset === undefined ? undefined : rulesets.add(raw.ruleset)
    models.set(name, compile({ ...description, version }, ruleset))
    const documentation = JSON.stringify(documentationOf(raw.service as ServiceDefinition))
    docs.set(name, Bun.deflateSync(utf8(documentation) as Uint8Array<ArrayBuffer>, { level: 9 }))
    operations += description.operationNames.length
  }
  if (partitions !== undefined) models.set(PARTITIONS, asciiBytes(asciiJson(partitions)))
  for (const [block, bytes] of rulesets.blocks) models.set(block, bytes)
  return { models: packArchive('MO', models), docs: packArchive('DO', docs), operations }
}

/** Each distinct ruleset once: 427 services share 91, once the first label of the host name is taken out. */
class Rulesets {
  readonly blocks = new Map<string, Uint8Array>()
  readonly #blockOf = new Map<string, string>()

  add(ruleset: unknown): RulesetReference {
    const json = asciiJson(ruleset)
    const prefix = /https:\/\/([a-z0-9.-]+?)(?:-fips)?\.\{(?:Region|PartitionResult)/.exec(json)?.[1] ?? ''
    const template =
      prefix === '' ? json : json.replaceAll(new RegExp(`(?<=https://)${RegExp.escape(prefix)}(?=\\.|-fips\\.)`, 'g'), HOST_PREFIX)
    let block = this.#blockOf.get(template)
    if (block === undefined) {
      block = `.ruleset.${this.blocks.size}`
      this.#blockOf.set(template, block)
      this.blocks.set(block, asciiBytes(template))
    }
    return { block, prefix }
  }
}

try {
  main()
} catch (error) {
  console.error(`models: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
