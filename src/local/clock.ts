// What time is it in the account, and how is it moved? Ahead of the machine's clock or behind it by so many
// milliseconds (a setting): to see sessions end, codes change, objects expire and whatever else is due.

import { Failure } from '../lib/errors.ts'
import { atItsTime, changeSettings, settingsOf } from './settings.ts'
import type { World } from './world.ts'

/** `advance 90m`, `set 2027-01-01T00:00:00Z`, `real`; nothing leaves it. */
export interface Move {
  readonly advance?: string
  readonly set?: string
  readonly real?: boolean
}

/** Moves the account's clock and says what it shows. Throws Failure('ParamValidation'). */
export async function moveClock({ advance, set, real }: Move, world: World): Promise<Date> {
  const { clock } = await settingsOf(world)
  if (real) await changeSettings(world, { clock: 0 })
  else if (advance !== undefined) await changeSettings(world, { clock: clock + millisecondsOf(advance) })
  else if (set !== undefined) await changeSettings(world, { clock: momentOf(set) - world.clock().getTime() })
  return atItsTime(world, await settingsOf(world)).clock()
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function millisecondsOf(amount: string): number {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(amount) ?? []
  if (number === undefined)
    throw new Failure(
      'ParamValidation',
      `advance takes an amount such as 30s, 90m, 12h or 2d, not ${amount || 'nothing'}`,
    )
  return Number(number) * units[unit!]!
}

/** `2027-01-01`, `2027-01-01T12:00:00Z`, seconds since 1970. */
function momentOf(text: string): number {
  const time = /^\d{9,11}$/.test(text)
    ? Number(text) * 1000
    : /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d))?$/.test(text)
      ? Date.parse(text)
      : NaN
  if (Number.isNaN(time))
    throw new Failure('ParamValidation', `set takes a time such as 2027-01-01T00:00:00Z, not ${text || 'nothing'}`)
  return time
}
