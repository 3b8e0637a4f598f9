// `configure add-model`: puts a service's model where this program and every SDK that reads ~/.aws/models will find it.

import { join } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import { parseJson } from '../../../lib/json.ts'
import { replaceFile } from '../../../lib/shared-file.ts'
import { isStructure } from '../../../lib/value.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Models } from '../../../model/model.ts'
import { command } from '../command.ts'

export const addModel = command({
  name: 'configure add-model',
  help: 'Adds a service JSON model to the appropriate location in ~/.aws/models.',
  arguments: {
    'service-model': { required: true, help: 'The contents of the service JSON model.' },
    'service-name': { help: 'Overrides the default name used by the service JSON model.' },
  },
  run: async (given, { outside }) => {
    const text = given['service-model'] as string
    const model = modelIn(text)
    const metadata = isStructure(model['metadata']) ? model['metadata'] : {}
    const name = (given['service-name'] as string | undefined) ?? (await nameFor(metadata, outside.models))
    const version = `service-${Math.trunc(Number(model['version'] ?? '2.0'))}.json`
    const path = join(outside.home, '.aws', 'models', name, required(metadata, 'apiVersion'), version)
    replaceFile(path, text, 0o644)
    return 0
  },
})

function modelIn(text: string): Structure {
  let model: unknown
  try {
    model = parseJson(text)
  } catch (error) {
    throw new Failure('InvalidValue', `The service model is not JSON: ${(error as Error).message}`, {}, error)
  }
  if (isStructure(model)) return model
  throw new Failure('InvalidValue', 'The service model is not a JSON object')
}

/** The service that is known by the same endpoint prefix, or the prefix itself. */
async function nameFor(metadata: Structure, models: Models): Promise<string> {
  const prefix = required(metadata, 'endpointPrefix')
  let found: string | undefined
  for (const name of models.serviceNames) {
    if ((await models.service(name)).metadata.endpointPrefix === prefix) found = name
  }
  return found ?? prefix
}

function required(metadata: Structure, key: string): string {
  const value = metadata[key]
  if (typeof value === 'string' && value !== '') return value
  const prefix = typeof metadata['endpointPrefix'] === 'string' ? `: ServiceModel(${metadata['endpointPrefix']})` : ''
  throw new Failure('InvalidValue', `"${key}" not defined in the metadata of the model${prefix}`)
}
