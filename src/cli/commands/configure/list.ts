// `configure list`: profile, keys and region in use, and where each came from.
//
//   NAME       : VALUE                    : TYPE             : LOCATION
//   access_key : ****************MPLE     : shared-credentials-file :

import type { Credentials } from '../../../lib/credentials.ts'
import type { Settings } from '../../../client/settings.ts'
import { chainOf } from '../../chain.ts'
import { command } from '../command.ts'
import { configurationOf } from './files.ts'

interface Row {
  readonly value?: string
  readonly type?: string
  readonly location?: string
}

export const list = command({
  name: 'configure list',
  help: 'Lists the profile, access key, secret key and region in use, and where each was found.',
  arguments: {},
  run: async (_, context) => {
    const print = (name: string, { value = '<not set>', type = 'None', location = 'None' }: Row): void =>
      context.write(`${name.padEnd(10)} : ${value.padEnd(24)} : ${type.padEnd(16)} : ${location}\n`)

    const configuration = await configurationOf(context)
    print('NAME', { value: 'VALUE', type: 'TYPE', location: 'LOCATION' })
    print(
      'profile',
      configuration.profileNamedBy === undefined
        ? {}
        : configuration.profileNamedBy === 'option'
          ? { value: configuration.profile, type: 'manual', location: '--profile' }
          : { value: configuration.profile, type: 'env', location: "['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']" },
    )
    // The keys are shown even where nothing is to be signed.
    const { settings, find } = await chainOf(context)
    const found = await find()
    print('access_key', keyRow(found, 'accessKeyId'))
    print('secret_key', keyRow(found, 'secretAccessKey'))
    print('region', await regionRow(settings, context.outside.env))
    return 0
  },
})

function keyRow(found: Credentials | undefined, key: 'accessKeyId' | 'secretAccessKey'): Row {
  if (!found) return {}
  return { value: '*'.repeat(16) + found[key].slice(-4), type: found.source, location: '' }
}

async function regionRow(settings: Settings, env: Readonly<Record<string, string | undefined>>): Promise<Row> {
  const fromEnvironment = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION']
  if (fromEnvironment !== undefined) {
    return { value: fromEnvironment, type: 'env', location: "['AWS_REGION', 'AWS_DEFAULT_REGION']" }
  }
  const configured = settings.configuration?.section?.['region']
  if (typeof configured === 'string') {
    return { value: configured, type: 'config-file', location: env['AWS_CONFIG_FILE'] ?? '~/.aws/config' }
  }
  const ofInstance = await settings.lastRegion?.()
  return ofInstance === undefined ? {} : { value: ofInstance, type: 'imds', location: '' }
}
