// What stands for arguments that were not typed? The `emr =` block of the profile.
// https://docs.aws.amazon.com/cli/latest/reference/emr/create-cluster.html ("configuration file")

import { Failure } from '../../../lib/errors.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import type { Context, GivenWords } from '../command.ts'

export type Words = Record<string, Value | undefined>

/** The block; empty where there is none. */
export async function blockOf(context: Context): Promise<Readonly<Record<string, string>>> {
  const { key } = await context.settings()
  const block = key('emr')
  return typeof block === 'object' ? block : {}
}

/** Of `given`, and of the block what is not given. `takes`: the names of the arguments of the command. */
export async function withBlock(given: GivenWords, takes: readonly string[], context: Context): Promise<Words> {
  const block = await blockOf(context)
  const words: Words = { ...given }
  for (const [name, argument] of Object.entries({
    service_role: 'service-role',
    log_uri: 'log-uri',
    key_pair_file: 'key-pair-file',
  })) {
    const servesRoles = name === 'service_role' && words['use-default-roles'] === true
    if (takes.includes(argument) && block[name] !== undefined && !servesRoles) words[argument] ||= block[name]
  }
  for (const [name, member] of Object.entries({ instance_profile: 'InstanceProfile', key_name: 'KeyName' })) {
    const servesRoles = name === 'instance_profile' && words['use-default-roles'] === true
    if (!takes.includes('ec2-attributes') || block[name] === undefined || servesRoles) continue
    words['ec2-attributes'] = { [member]: block[name], ...(words['ec2-attributes'] as Structure | undefined) }
  }
  if (takes.includes('enable-debugging') && block.enable_debugging !== undefined) {
    if (!words['enable-debugging'] && !words['no-enable-debugging']) {
      const wanted = await truthOf(block.enable_debugging, context)
      words[wanted ? 'enable-debugging' : 'no-enable-debugging'] = true
    }
  }
  return words
}

async function truthOf(value: string, context: Context): Promise<boolean> {
  const word = value.toLowerCase()
  if (word === 'true' || word === 'false') return word === 'true'
  const { configuration } = await context.settings()
  const named = configuration?.profileNamedBy === undefined ? 'default' : `profile.${configuration.profile}`
  throw new Failure(
    'ParamValidation',
    `${value} for enable_debugging in the config file is invalid. The value should be either 'True' or 'False'. Use ` +
      `'aws configure set ${named}.emr.enable_debugging <value>' command to set a valid value.`,
  )
}
