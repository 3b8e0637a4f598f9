// Where are the API models that get compiled? In a folder of botocore data, or inside the zip of an npm package.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../src/lib/errors.ts'
import type { ModelSet } from '../src/model/compile.ts'
import { filesOf, latestVersion, readJson, servicesIn } from '../src/model/folder.ts'
import { MODELS_PACKAGE, modelsInLayer } from '../src/model/layer.ts'

const PACKAGE = join(import.meta.dirname, '../node_modules', MODELS_PACKAGE)

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
  return {
    services,
    partitions: readJson(directory, 'partitions', filesOf(directory)),
    about: { from: directory, date: '' },
  }
}

/** Those of the npm package that is a dependency of ours. */
export function modelsInstalled(): ModelSet {
  const layer = join(PACKAGE, 'lib/layer.zip')
  if (!existsSync(layer)) throw new Failure('Model', `${layer}: there is no such file; run npm ci first`)
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }
  return modelsInLayer(readFileSync(layer), layer, `${MODELS_PACKAGE} ${version}`)
}
