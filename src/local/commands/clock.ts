// What time is it in the account? Ahead of the machine's by as much as it was advanced: to see sessions end, codes
// change and requests for quotas answered without waiting.

import { Failure } from '../../lib/errors.ts'
import { atItsTime, changeSettings, settingsOf } from '../settings.ts'
import type { Command } from './command.ts'
import { inWorld } from './trail.ts'

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export const clock: Command = async ([verb, amount, ...rest], place, outside) => {
  if (
    rest.length > 0 ||
    (verb !== undefined && verb !== 'reset' && verb !== 'advance') ||
    (verb === 'reset' && amount !== undefined)
  )
    throw new Failure('ParamValidation', 'clock takes: advance AMOUNT (30s, 90m, 12h, 2d), or reset')
  const by = verb === 'advance' ? millisecondsOf(amount) : 0
  return inWorld(place, outside, async (world) => {
    const before = await settingsOf(world)
    if (verb !== undefined) await changeSettings(world, { clock: verb === 'reset' ? 0 : before.clock + by })
    const now = atItsTime(world, await settingsOf(world)).clock()
    outside.stdout.write(`${now.toISOString().replace(/\.\d+Z/, 'Z')}\n`)
    return 0
  })
}

function millisecondsOf(amount = ''): number {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(amount) ?? []
  if (number === undefined)
    throw new Failure(
      'ParamValidation',
      `advance takes an amount such as 30s, 90m, 12h or 2d, not ${amount || 'nothing'}`,
    )
  return Number(number) * units[unit!]!
}
