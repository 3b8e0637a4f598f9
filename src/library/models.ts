// Which services can a program call? Each is a module of its own, so that a bundler ships those that are imported and
// nobody reads a file: `virga/s3` hands its model in here when it is loaded.
//
// A model is a block of models.bin, with the block of its endpoint rules: deflated, as base64; or, behind a `=`, as it is, a
// character a byte.

import { fromBase64 } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import { inflate } from '../lib/inflate.ts'
import type { Archive } from '../model/archive.ts'
import { modelDirectories, modelsOf } from '../model/load.ts'
import type { Models } from '../model/model.ts'
import type { ModelSource } from '../model/source.ts'
import { WIRE_NAMES } from '../model/wire-names.ts'

/** Blocks by their names in models.bin: `s3`, `.ruleset.12`, `.partitions`. */
export type Blocks = Readonly<Record<string, string>>

export interface Modules {
  /** The model names of all services there are. */
  readonly names: readonly string[]
  /** Loads a service's module, which then hands its blocks to `register`. */
  load(name: string): Promise<unknown>
  readonly actions?: () => Promise<ModelSource>
}

const packed = new Map<string, string>()
const blocks = new Map<string, Uint8Array>()
let modules: Modules | undefined

export function register(given: Blocks): void {
  for (const name of Object.keys(given)) packed.set(name, given[name]!)
}

/** Where services that are not registered come from. */
export function findModules(found: Modules): void {
  modules = found
}

/** Loads what is not there yet. Throws Failure('UnknownService' | 'Model'). */
async function fetched(name: string): Promise<void> {
  if (packed.has(name) || (modules && ![...modules.names, WIRE_NAMES].includes(name))) return
  try {
    await modules?.load(name)
  } catch (error) {
    const why = `The description of ${name} is not here: add import 'virga/${name}' to a program that is bundled`
    throw new Failure('Model', why, { service: name }, error)
  }
}

const archive: Archive = {
  get names() {
    return modules?.names ?? [...packed.keys()]
  },
  has: (name) => packed.has(name) || (modules?.names.includes(name) ?? false),
  async read(name, from = 0, length = Number.POSITIVE_INFINITY) {
    await fetched(name)
    let block = blocks.get(name)
    if (block === undefined) {
      const text = packed.get(name)
      if (text === undefined) return undefined
      blocks.set(name, (block = blockOf(text)))
    }
    return length === Number.POSITIVE_INFINITY && from === 0
      ? block
      : block.subarray(from, Math.min(block.length, from + length))
  },
}

function blockOf(text: string): Uint8Array {
  return text.startsWith('=') ? new Uint8Array(Buffer.from(text.slice(1), 'latin1')) : inflate(fromBase64(text))
}

/** `cognitoIdp` → `cognito-idp`; a model's own name stays. */
export function modelNameOf(name: string): string {
  if (packed.has(name) || modules?.names.includes(name)) return name
  return modules?.names.find((each) => camelCased(each) === name) ?? name
}

export function camelCased(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

let models: Models | undefined

/** All services, overlaid by the user's own models as at the command line. */
export function theModels(env: Readonly<Record<string, string | undefined>>, home: string): Models {
  return (models ??= modelsOf(archive, 'virga', {
    actions: modules?.actions,
    extraDirectories: modelDirectories(env['AWS_DATA_PATH'], home),
  }))
}
