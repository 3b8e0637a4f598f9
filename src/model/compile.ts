// Botocore's models become the two files that the program reads: the models, and the documentation apart from them.
// The same models always give the same bytes. At build time for what is embedded, and for `models update`.

import { utf8 } from '../lib/bytes.ts'
import { asciiJson, packArchive } from './archive.ts'
import { HOST_PREFIX, PARTITIONS, compile } from './compiled.ts'
import type { RulesetReference } from './compiled.ts'
import { documentationBlocks } from './documentation.ts'
import { readRawModel } from './folder.ts'
import type { ReadFile } from './folder.ts'
import { describeRaw } from './raw.ts'
import type { ServiceDefinition } from './raw.ts'
import { protocolOf } from './service.ts'
import { WIRE_NAMES, wireNamesOf } from './wire-names.ts'
import type { Named } from './wire-names.ts'

/** The latest version of each service; `folder` is what errors name. */
export interface ModelSet {
  readonly services: readonly { name: string; version: string; folder: string; readFile: ReadFile }[]
  readonly partitions: unknown
  /** Where they come from. */
  readonly about: ModelsAbout
}

/** `{from: '@aws-cdk/asset-awscli-v1 2.2.296', date: '2026-10-26'}`: the package, and the day it was packed. */
export interface ModelsAbout {
  readonly from: string
  readonly date: string
}

export interface CompiledModels {
  readonly models: Uint8Array
  readonly docs: Uint8Array
  readonly operations: number
}

/** `deflated`: raw deflate (RFC 1951). Throws Failure('Model') for a model that cannot be read. */
export function compileModels(
  { services, partitions }: ModelSet,
  deflated: (json: Uint8Array) => Uint8Array,
): CompiledModels {
  const rulesets = new Rulesets()
  const models = new Map<string, Uint8Array>()
  const docs = new Map<string, Uint8Array>()
  const named: Named[] = []
  let operations = 0
  for (const { name, version, folder, readFile } of services) {
    const raw = readRawModel(folder, readFile)!
    const description = describeRaw(name, raw, `${folder}/service-2.json`)
    const ruleset = raw.ruleset === undefined ? undefined : rulesets.add(raw.ruleset)
    models.set(name, compile({ ...description, version }, ruleset))
    for (const [block, json] of documentationBlocks(name, raw.service as ServiceDefinition))
      docs.set(block, deflated(json))
    named.push({ name, metadata: description.metadata, protocol: protocolOf(description.metadata) })
    operations += description.operationNames.length
  }
  models.set(WIRE_NAMES, utf8(asciiJson(wireNamesOf(named))))
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
        : json.replaceAll(new RegExp(`(?<=https://)${prefix.replaceAll('.', '\\.')}(?=\\.|-fips\\.)`, 'g'), HOST_PREFIX)
    let block = this.#blockOf.get(template)
    if (block === undefined) {
      block = `.ruleset.${this.blocks.size}`
      this.#blockOf.set(template, block)
      this.blocks.set(block, utf8(template))
    }
    return { block, prefix }
  }
}
