// `virga use PROFILE`: how to switch a shell to a profile, the lines that do it, and what a prompt may show.
//
//   eval "$(virga use dev --shell)"            the profile; keys in the environment are forgotten, for they would win
//   eval "$(virga use dev --shell --keys)"     its keys, for programs that know no profiles
//   PS1='$(virga use --prompt) $ '             dev 52 min

import { Failure } from '../../../lib/errors.ts'
import type { Credentials } from '../../../lib/credentials.ts'
import { chain, climb } from '../../../client/credentials/chain.ts'
import { chainOf } from '../../chain.ts'
import { timeLeft } from '../../lasting.ts'
import { currentShell, identityLines, keyVariables, shellArgument } from '../../shells.ts'
import type { Shell } from '../../shells.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'

export const use = command({
  name: 'use',
  help: 'Shows how to switch a shell to a profile; with --shell, prints the lines for it to read.',
  arguments: {
    name: { positional: true, nargs: '?', help: 'The profile. Without one: the profile that is in use.' },
    shell: shellArgument,
    keys: { flag: true, help: 'The keys themselves instead of the name of the profile.' },
    prompt: { flag: true, help: 'Prints the profile in use and the time its session has left; asks nobody.' },
  },
  run: async (given, context) => {
    const { outside } = context
    if (given['prompt'] === true) {
      context.write(await promptText(context))
      return 0
    }
    const named = given['name'] as string | undefined
    const chosen = await chainOf(context, named === undefined ? {} : { given: { profile: named } })
    const { profile } = chosen.context
    if (given['shell'] === undefined) {
      context.write(advice(profile, currentShell(outside.env)))
      return 0
    }
    const values =
      given['keys'] === true ? keyVariables(await keysOf(chosen.find(), profile)) : { AWS_PROFILE: profile }
    context.write(identityLines(given['shell'] as string, values, outside.env))
    return 0
  },
})

async function keysOf(finding: Promise<Credentials | undefined>, profile: string): Promise<Credentials> {
  const found = await finding
  if (found) return found
  throw new Failure('NoCredentials', `The profile ${profile} has no credentials (virga explain credentials)`)
}

function advice(profile: string, shell: Shell): string {
  const typed = `virga use ${profile} --shell`
  const line = {
    sh: `eval "$(${typed})"`,
    fish: `${typed} fish | source`,
    powershell: `${typed} powershell | Invoke-Expression`,
    cmd: `for /f "delims=" %i in ('${typed} cmd') do %i`,
  }[shell]
  return (
    `To work as ${profile} in this shell:\n\n  ${line}\n\n` +
    `For one command: --profile ${profile}. For the prompt: $(virga use --prompt)\n`
  )
}

/** `dev 52 min`. Only what is at hand: a prompt waits for no network, no program and nobody's code. */
async function promptText(context: Context): Promise<string> {
  const { context: links } = await chainOf(context)
  const silent = { ...links, call: () => Promise.reject(new Failure('NoCredentials', 'not asked for a prompt')) }
  const rungs = chain.filter(({ name }) => !['custom-process', 'container-role', 'iam-role'].includes(name))
  const found = await climb({ ...silent, surroundings: { ...links.surroundings, ask: undefined } }, rungs).catch(
    () => undefined,
  )
  const left = found?.expiration ? ` ${timeLeft(found.expiration, context.outside.clock())}` : ''
  const name = found?.source === 'env' ? 'keys in the environment' : links.profile
  return `${name}${left}\n`
}
