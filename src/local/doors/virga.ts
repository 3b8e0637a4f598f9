// The server's own interface: /_virga/…
//
//   GET    /_virga/health                 is it up, and whose accounts are there
//   POST   /_virga/reset                  forget everything but the accounts and their keys
//   GET    /_virga/clock                  what time is it in the account
//   POST   /_virga/clock                  {"advance": "90m"}, {"set": "2027-01-01T00:00:00Z"}, {"real": true}
//   GET    /_virga/faults                 what goes wrong on purpose
//   POST   /_virga/faults                 {"kind": "error", "code": "SlowDown", "service": "s3", "rate": 0.1, "seed": 7}
//   DELETE /_virga/faults, /_virga/faults/1

import { text } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { readWhole } from '../bodies.ts'
import { moveClock, type Move } from '../clock.ts'
import { addFault, clearFaults } from '../faults/faults.ts'
import { settingsOf } from '../settings.ts'
import { flushTrail } from '../trail/keep.ts'
import { reset } from '../reset.ts'
import { json, nothingHere, type Room } from './room.ts'

export const virga: Room = async (request, path, { world }) => {
  const body = async (): Promise<unknown> => parsed(text((await readWhole(request)).body as Uint8Array))
  const [what, id, ...more] = path.split('/')
  const asked = more.length > 0 || (id !== undefined && what !== 'faults') ? '' : `${request.method} ${what}`
  try {
    switch (asked) {
      case 'GET health':
      case 'HEAD health':
        // Whoever reads the trail asks this first: what was answered is in it then.
        await flushTrail(world)
        return json(200, {
          status: 'running',
          pid: process.pid,
          accounts: world.seed.accounts.map((account) => account.id),
        })
      case 'POST reset':
        await reset(world)
        return json(200, { reset: true })
      case 'GET clock':
        return json(200, { now: await moveClock({}, world) })
      case 'POST clock':
        return json(200, { now: await moveClock(moveOf(await body()), world) })
      case 'GET faults':
        return json(200, { faults: (await settingsOf(world)).faults })
      case 'POST faults':
        return json(201, await addFault(await body(), world))
      case 'DELETE faults':
        return (await clearFaults(id, world)) ? json(200, { cleared: true }) : nothingHere(request)
      default:
        return nothingHere(request)
    }
  } catch (error) {
    if (error instanceof Failure && error.kind === 'ParamValidation') return json(400, { message: error.message })
    throw error
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new Failure('ParamValidation', `the body is not JSON (${(error as Error).message})`)
  }
}

function moveOf(asked: unknown): Move {
  const [name, value] = Object.entries(typeof asked === 'object' && asked !== null ? asked : {})[0] ?? []
  if (name === 'real' && value === true) return { real: true }
  if ((name === 'advance' || name === 'set') && typeof value === 'string') return { [name]: value }
  throw new Failure('ParamValidation', 'the clock takes {"advance": "90m"}, {"set": "TIME"} or {"real": true}')
}
