// `configure set NAME VALUE`: writes one key, in place, and leaves everything else in the file as it is.

import { Failure } from '../../../lib/errors.ts'
import type { IniEdit, IniSection } from '../../../lib/ini.ts'
import { profileHeader, sectionHeader, writeSection } from '../../../client/config/write.ts'
import type { Context } from '../command.ts'
import { command } from '../command.ts'
import { configurationOf, writeCredentials } from './files.ts'
import { subsectionArguments, subsectionIn } from './subsections.ts'

const keptInCredentials = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'aws_security_token']

export const set = command({
  name: 'configure set',
  help: 'Set a configuration value of a profile, of an SSO session or of a services section.',
  arguments: {
    varname: { positional: true, required: true, help: 'The name of the config value to set.' },
    value: { positional: true, required: true, help: 'The value to set.' },
    ...subsectionArguments('The name of the sub-section to configure.'),
  },
  run: async (given, context) => {
    const name = given['varname'] as string
    const value = given['value'] as string
    const subsection = subsectionIn(given)
    if (subsection) await setInSubsection(subsection, name, value, context)
    else await setInProfile(name, value, context)
    return 0
  },
})

async function setInProfile(name: string, value: string, context: Context): Promise<void> {
  const { files, profile } = await configurationOf(context)
  const { owner, key, inner } = placeOf(name, profile)
  const inCredentials = keptInCredentials.includes(key)
  const before =
    owner === undefined
      ? files.others.get('plugins')
      : (inCredentials ? files.credentialsProfiles : files.configProfiles).get(owner)
  const edit = editOf(before, key, inner, value)
  if (owner === undefined) await writeSection(files.configPath, 'plugins', edit)
  else if (inCredentials) await writeCredentials(files.credentialsPath, owner, edit, context)
  else await writeSection(files.configPath, profileHeader(owner), edit)
}

/** Neither a value nor a block of values is written over the other. Throws Failure('InvalidValue'). */
function editOf(before: IniSection | undefined, key: string, inner: string | undefined, value: string): IniEdit {
  const old = before?.[key]
  if (inner === undefined) {
    if (typeof old !== 'object') return { [key]: value }
    const names = Object.keys(old).map((name) => `${key}.${name}`)
    throw new Failure('InvalidValue', `${key} holds values of its own (${names.join(', ')}) and cannot be one value`)
  }
  if (typeof old !== 'string' || old === '') return { [key]: { [inner]: value } }
  throw new Failure('InvalidValue', `${key} is one value, so that ${key}.${inner} cannot be set`)
}

/** Whose key it is; `owner` is undefined for the section of plugins. Throws Failure('InvalidValue'). */
function placeOf(name: string, profile: string): { owner: string | undefined; key: string; inner?: string } {
  const words = name.split('.')
  if (words.length === 2 && words[0] === 'plugins') return { owner: undefined, key: words[1]! }
  const [owner, rest] =
    words.length > 1 && words[0] === 'default'
      ? ['default', words.slice(1)]
      : words.length > 1 && words[0] === 'profile'
        ? [words[1]!, words.slice(2)]
        : [profile, words]
  const [key, inner, ...more] = rest
  if (key === undefined) throw new Failure('InvalidValue', `${name} names a profile, but no key of it`)
  return more.length > 0 ? { owner, key } : { owner, key, inner }
}

async function setInSubsection(
  { kind, name }: { kind: string; name: string },
  path: string,
  value: string,
  context: Context,
): Promise<void> {
  if (!/^[\w\-/.%@:+]/.test(name)) {
    throw new Failure('ParamValidation', `aws: [ERROR]: Invalid value for --${kind}.`)
  }
  const [key, inner, ...more] = path.split('.')
  if (more.length > 0) {
    throw new Failure(
      'ParamValidation',
      'Found more than two parts in the property to set. Deep nesting of properties is not supported.',
    )
  }
  const { files } = await configurationOf(context)
  const before = (kind === 'services' ? files.services : files.ssoSessions).get(name)
  const edit = editOf(before, key!, inner, value)
  await writeSection(files.configPath, sectionHeader(kind, name), edit)
}
