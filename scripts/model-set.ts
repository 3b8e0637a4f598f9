// Where are the API models that get compiled? In a folder of botocore data, or inside the zip of an npm package.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { Failure } from '../src/lib/errors.ts'
import { filesOf, latestVersion, readJson, servicesIn } from '../src/model/folder.ts'
import type { ReadFile } from '../src/model/folder.ts'

const LAYER = join(import.meta.dirname, '../node_modules/@aws-cdk/asset-awscli-v1/lib/layer.zip')

/** The latest version of each service; `folder` is what errors name. */
export interface ModelSet {
  readonly services: readonly { name: string; version: string; folder: string; readFile: ReadFile }[]
  readonly partitions: unknown
}

/** A directory as botocore has it. */
export function modelsIn(directory: string): ModelSet {
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

/** The same files inside a zip: by default the one in the npm package that carries AWS CLI v1. */
export function modelsInLayer(path = LAYER): ModelSet {
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
