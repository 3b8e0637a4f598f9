// `virga local faults`: what goes wrong on purpose; `add`, `list`, `clear`.

import { Failure } from '../../lib/errors.ts'
import { addFault, clearFaults, describeFault } from '../faults/faults.ts'
import { settingsOf } from '../settings.ts'
import type { Command } from './command.ts'
import { inServedWorld } from './served.ts'

export const faults: Command = async ({ given, on, words: [verb = 'list', ...rest] }, place, outside) => {
  if (!['add', 'list', 'clear'].includes(verb) || (rest.length > 0 && (verb !== 'clear' || rest.length > 1)))
    throw new Failure('ParamValidation', `faults takes: add …, list, or clear [ID], not ${[verb, ...rest].join(' ')}`)
  const [option] = [...Object.keys(given), ...on]
  if (verb !== 'add' && option !== undefined)
    throw new Failure('ParamValidation', `--${option} goes with faults add, not with faults ${verb}`)
  return inServedWorld(place, outside, async (world) => {
    if (verb === 'add') outside.stdout.write(`${describeFault(await addFault(asked(given, on), world))}\n`)
    else if (verb === 'clear') {
      if (!(await clearFaults(rest[0], world)))
        throw new Failure('ParamValidation', `there is no fault ${rest[0]}; virga local faults list shows them`)
      outside.stdout.write('cleared\n')
    } else {
      const { faults: known } = await settingsOf(world)
      outside.stdout.write(
        known.length === 0 ? 'no faults\n' : known.map((each) => `${describeFault(each)}\n`).join(''),
      )
    }
    return 0
  })
}

/** The rule that the options say, as it may also be sent to /_virga/faults. */
function asked(given: Partial<Record<string, string>>, on: ReadonlySet<string>): object {
  const kinds = [...on, ...['latency', 'error'].filter((name) => given[name] !== undefined)]
  if (kinds.length !== 1)
    throw new Failure(
      'ParamValidation',
      'faults add needs one of --latency 200ms (or 100ms-2s), --error CODE, --throttle, --drop, --drop-answer',
    )
  return {
    kind: kinds[0],
    ...(given['service'] !== undefined && { service: given['service'] }),
    ...(given['operation'] !== undefined && { operations: given['operation'].split(',').map((name) => name.trim()) }),
    ...(given['rate'] !== undefined && { rate: rateOf(given['rate']) }),
    ...(given['seed'] !== undefined && { seed: Number(given['seed']) }),
    ...(given['times'] !== undefined && { times: Number(given['times']) }),
    ...(given['latency'] !== undefined && { milliseconds: given['latency'].split('-').map(millisecondsOf) }),
    ...(given['error'] !== undefined && { code: given['error'] }),
    ...(given['status'] !== undefined && { status: Number(given['status']) }),
    ...(given['message'] !== undefined && { message: given['message'] }),
  }
}

/** `0.1` or `10%`. */
function rateOf(text: string): number {
  return text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
}

function millisecondsOf(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text.trim()) ?? []
  if (number === undefined)
    throw new Failure('ParamValidation', `--latency takes a time such as 200ms, 1.5s or 100ms-2s, not ${text}`)
  return Number(number) * (unit === 's' ? 1000 : 1)
}
