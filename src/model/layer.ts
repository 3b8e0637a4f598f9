// The API models inside the npm package that carries AWS CLI: a zip, for Lambda layers, with botocore's data in it.

import { Failure } from '../lib/errors.ts'
import { zipEntries } from '../lib/unzip.ts'
import type { ZipEntry } from '../lib/unzip.ts'
import type { ModelSet } from './compile.ts'
import { readJson } from './folder.ts'

/** `lib/layer.zip` of it is what `modelsInLayer` reads. */
export const MODELS_PACKAGE = '@aws-cdk/asset-awscli-v1'

const DATA = /^.*botocore\/data\/(?!.*examples-1\.json$)/

/** `name` is what errors call the zip, `from` what the models say they come from. Throws Failure('Model'). */
export function modelsInLayer(zip: Uint8Array, name: string, from: string): ModelSet {
  const files = filesIn(zip, name)
  const latest = new Map<string, string>()
  for (const path of [...files.keys()].sort()) {
    const [service, version, file] = path.split('/')
    if (file === 'service-2.json' || file === 'service-2.json.gz') latest.set(service!, version!)
  }
  if (latest.size === 0) throw new Failure('Model', `${name}: holds no models`, { file: name })
  const read = (path: string): Uint8Array | undefined => bytesOf(files.get(path), name)
  const services = [...latest].map(([service, version]) => {
    const folder = `${service}/${version}`
    return {
      name: service,
      version,
      folder: `${name}/${folder}`,
      readFile: (file: string) => read(`${folder}/${file}`),
    }
  })
  const date = [...files.values()]
    .map((entry) => entry.date)
    .sort()
    .at(-1)!
  return { services, partitions: readJson(name, 'partitions', read), about: { from, date } }
}

function filesIn(zip: Uint8Array, name: string): Map<string, ZipEntry> {
  try {
    const wanted = zipEntries(zip).filter((entry) => DATA.test(entry.name))
    return new Map(wanted.map((entry) => [entry.name.replace(DATA, ''), entry]))
  } catch (error) {
    throw new Failure('Model', `${name}: ${(error as Error).message}`, { file: name }, error)
  }
}

function bytesOf(entry: ZipEntry | undefined, name: string): Uint8Array | undefined {
  try {
    return entry?.bytes()
  } catch (error) {
    throw new Failure('Model', `${name}: ${(error as Error).message}`, { file: name }, error)
  }
}
