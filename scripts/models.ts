// Compiles botocore's API models to what the program reads at run time: `npm run models`.
//
//   npm run models                                  from the layer.zip of @aws-cdk/asset-awscli-v1 to build/models.bin
//   npm run models -- --from DIRECTORY --out FILE   from plain botocore data (SERVICE/VERSION/*.json) to FILE
//
// The documentation goes apart: build/docs.bin, or FILE.docs. Both are archives (src/model/archive.ts); a service's
// block is laid out in src/model/compiled.ts, its documentation in src/model/documentation.ts. The same input always
// gives the same bytes.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { utf8 } from '../src/lib/bytes.ts'
import { asciiJson, packArchive } from '../src/model/archive.ts'
import { HOST_PREFIX, PARTITIONS, compile } from '../src/model/compiled.ts'
import type { RulesetReference } from '../src/model/compiled.ts'
import { readRawModel } from '../src/model/folder.ts'
import { documentationBlocks } from '../src/model/documentation.ts'
import { describeRaw } from '../src/model/raw.ts'
import type { ServiceDefinition } from '../src/model/raw.ts'
import { writeWhole } from './files.ts'
import { modelsIn, modelsInLayer } from './model-set.ts'
import type { ModelSet } from './model-set.ts'

const ROOT = join(import.meta.dirname, '..')

function main(): void {
  const { values } = parseArgs({ options: { from: { type: 'string' }, out: { type: 'string' } } })
  const models = values.out ?? join(ROOT, 'build/models.bin')
  const docs = values.out === undefined ? join(ROOT, 'build/docs.bin') : `${values.out}.docs`
  const started = Date.now()
  const set = values.from === undefined ? modelsInLayer() : modelsIn(values.from)
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
    for (const [block, json] of documentationBlocks(name, raw.service as ServiceDefinition))
      docs.set(block, Bun.deflateSync(json as Uint8Array<ArrayBuffer>, { level: 9 }))
    operations += description.operationNames.length
  }
  if (partitions !== undefined) models.set(PARTITIONS, utf8(asciiJson(partitions)))
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
      prefix === ''
        ? json
        : json.replaceAll(new RegExp(`(?<=https://)${RegExp.escape(prefix)}(?=\\.|-fips\\.)`, 'g'), HOST_PREFIX)
    let block = this.#blockOf.get(template)
    if (block === undefined) {
      block = `.ruleset.${this.blocks.size}`
      this.#blockOf.set(template, block)
      this.blocks.set(block, utf8(template))
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
