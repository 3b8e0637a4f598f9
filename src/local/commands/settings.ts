// How does the account behave where there is a choice? `settings` shows all, shows one, or changes one; `throttle` says
// whose limits count.

import { readFileSync } from 'node:fs'
import { Failure } from '../../lib/errors.ts'
import { changeSettings, settingsOf, type LocalSettings } from '../settings.ts'
import { parseRules } from '../throttle/rules.ts'
import { parseSetting } from './choices.ts'
import type { Command } from './command.ts'
import { inServedWorld } from './served.ts'

export const settings: Command = async ({ words: [name, value, ...rest] }, place, outside) => {
  if (rest.length > 0)
    throw new Failure('ParamValidation', `settings takes a name and a value, not also ${rest.join(' ')}`)
  return inServedWorld(place, outside, async (world) => {
    if (name !== undefined && value !== undefined) await changeSettings(world, parseSetting(name, value))
    const known = await settingsOf(world)
    if (name !== undefined && !Object.hasOwn(known, name)) parseSetting(name, '')
    for (const each of name === undefined ? Object.keys(known) : [name])
      outside.stdout.write(`${each.padEnd(12)}${told(known[each as keyof LocalSettings])}\n`)
    return 0
  })
}

export const throttle: Command = async ({ words: [whose, ...rest] }, place, outside) => {
  if (whose === undefined || rest.length > 0)
    throw new Failure('ParamValidation', 'throttle takes one of: aws, off, or a file of rules')
  const chosen = whose === 'aws' || whose === 'off' ? whose : parseRules(textOf(whose), whose)
  return inServedWorld(place, outside, async (world) => {
    await changeSettings(world, { throttle: chosen })
    outside.stdout.write(`throttle    ${told(chosen)}\n`)
    return 0
  })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Failure('ParamValidation', `throttle file ${file} cannot be read: ${(error as Error).message}`)
  }
}

function told(value: LocalSettings[keyof LocalSettings]): string {
  return Array.isArray(value) ? `${value.length} rules` : String(value)
}
