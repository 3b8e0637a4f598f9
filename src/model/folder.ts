// Which files make up a botocore model, and which of its versions counts?
//
//   SERVICE/VERSION/service-2.json             the model itself
//                   paginators-1.json  waiters-2.json  endpoint-rule-set-1.json
//                   ANY.sdk-extras.json        merged over the file of that name
//
// Each may also be gzipped, `service-2.json.gz`, as in botocore's own package.

import { join } from '../lib/path.ts'
import { Failure } from '../lib/errors.ts'
import { exists, fs, readFile } from '../lib/files.ts'
import { gunzip } from '../lib/inflate.ts'
import { text } from '../lib/bytes.ts'
import { mergeExtras } from './raw.ts'
import type { RawModel } from './raw.ts'

/** A file of one version of a model: its bytes, or undefined when there is none of that name. */
export type ReadFile = (name: string) => Uint8Array | undefined

/** Undefined when there is no service-2.json. `folder` is what errors name. Throws Failure('Model') for broken JSON. */
export function readRawModel(folder: string, readFile: ReadFile): RawModel | undefined {
  const part = (name: string): unknown => {
    const model = readJson(folder, name, readFile)
    const extras = model === undefined ? undefined : readJson(folder, `${name}.sdk-extras`, readFile)
    return extras === undefined ? model : mergeExtras(model, extras)
  }
  const service = part('service-2')
  if (service === undefined) return undefined
  return {
    service,
    paginators: part('paginators-1'),
    waiters: part('waiters-2'),
    ruleset: part('endpoint-rule-set-1'),
  }
}

/** `partitions.json` and the like, which stand beside the services; `name` is without its ending. */
export function readJson(folder: string, name: string, readFile: ReadFile): unknown {
  const plain = readFile(`${name}.json`)
  const bytes = plain ?? gunzipped(folder, name, readFile)
  if (bytes === undefined) return undefined
  try {
    return JSON.parse(text(bytes).replace(/^\ufeff/, ''))
  } catch (error) {
    const file = join(folder, `${name}.json${plain === undefined ? '.gz' : ''}`)
    throw new Failure('Model', `${file}: is not JSON: ${(error as Error).message}`, { file }, error)
  }
}

function gunzipped(folder: string, name: string, readFile: ReadFile): Uint8Array | undefined {
  const bytes = readFile(`${name}.json.gz`)
  try {
    return bytes && gunzip(bytes)
  } catch (error) {
    const file = join(folder, `${name}.json.gz`)
    throw new Failure('Model', `${file}: is not gzip data: ${(error as Error).message}`, { file }, error)
  }
}

export function filesOf(folder: string): ReadFile {
  return (name) => {
    const path = join(folder, name)
    if (!exists(path)) return undefined
    try {
      return readFile(path)
    } catch (error) {
      throw new Failure('Model', `${path}: cannot be read: ${(error as Error).message}`, { file: path }, error)
    }
  }
}

/** The services in a directory of models: folders that hold at least one version. Empty when it cannot be listed. */
export function servicesIn(directory: string): string[] {
  return foldersIn(directory).filter((service) => latestVersion(join(directory, service)) !== undefined)
}

/** The latest version of a service, as botocore chooses: the greatest name that has a service-2.json. */
export function latestVersion(service: string): string | undefined {
  const isModel = (version: string): boolean =>
    exists(join(service, version, 'service-2.json')) || exists(join(service, version, 'service-2.json.gz'))
  let latest: string | undefined
  for (const version of foldersIn(service)) if (isModel(version)) latest = version
  return latest
}

function foldersIn(directory: string): string[] {
  if (!exists(directory)) return []
  try {
    return fs().readdirSync(directory).sort()
  } catch {
    return []
  }
}
