// `virga local clock`: what time it is in the account; `advance`, `set` and `real` move it.

import { Failure } from '../../lib/errors.ts'
import { moveClock, type Move } from '../clock.ts'
import type { Command } from './command.ts'
import { inServedWorld } from './served.ts'

export const clock: Command = async ({ words }, place, outside) => {
  const move = moveOf(words)
  return inServedWorld(place, outside, async (world) => {
    const now = await moveClock(move, world)
    outside.stdout.write(`${now.toISOString().replace(/\.\d+Z/, 'Z')}\n`)
    return 0
  })
}

function moveOf([verb, amount, ...rest]: readonly string[]): Move {
  const isAlone = amount === undefined && rest.length === 0
  if (verb === undefined) return {}
  if ((verb === 'real' || verb === 'reset') && isAlone) return { real: true }
  if (verb === 'advance' && rest.length === 0) return { advance: amount ?? '' }
  if (verb === 'set' && rest.length === 0) return { set: amount ?? '' }
  throw new Failure(
    'ParamValidation',
    'clock takes: advance AMOUNT (30s, 90m, 12h, 2d), set TIME (2027-01-01T00:00:00Z), or real',
  )
}
