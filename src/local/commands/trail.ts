// What was asked of this account? `trail` lists the requests, `why` draws the decision of one, `policy-from-trail`
// writes the policy that allows what was done.

import { Failure } from '../../lib/errors.ts'
import { drawn } from '../trail/tree.ts'
import type { Entry } from '../trail/entry.ts'
import { entries, entryNamed } from '../trail/keep.ts'
import { leastPrivilege } from '../trail/least-privilege.ts'
import type { Command } from './command.ts'
import { inServedWorld } from './served.ts'

export const trail: Command = async ({ given, on }, place, outside) => {
  const limit = Number(given['limit'] ?? 50)
  if (!Number.isInteger(limit) || limit < 1)
    throw new Failure('ParamValidation', `--limit must be a number from 1, not ${given['limit']}`)
  const { service } = given
  if (service !== undefined && !outside.models.has(service))
    throw new Failure('ParamValidation', `there is no service ${service}; virga local coverage lists their names`)
  return inServedWorld(place, outside, async (world) => {
    const wanted = (await entries(world)).filter((entry) => {
      if (service !== undefined && entry.service !== service) return false
      if (given['principal'] !== undefined && !entry.principal?.endsWith(given['principal'])) return false
      return !on.has('denied') || isDenied(entry)
    })
    const shown = wanted.slice(0, limit).reverse()
    const lines = on.has('json') ? shown.map((entry) => JSON.stringify(entry)) : inColumns(shown.map(cellsOf))
    for (const line of lines) outside.stdout.write(`${line}\n`)
    return 0
  })
}

function isDenied({ decisions }: Entry): boolean {
  return decisions.some(({ effect }) => effect !== 'ALLOW')
}

function cellsOf(entry: Entry): string[] {
  const moment = new Date(entry.time).toISOString().replace(/\.\d+Z/, 'Z')
  const caller = entry.invokedBy ?? entry.principal?.split(':').slice(5).join(':') ?? '-'
  const told = entry.code === undefined ? String(entry.status) : `${entry.status} ${entry.code}`
  const purpose = entry.faults ? `  [fault ${entry.faults.join(', ')}]` : ''
  return [String(entry.number), moment, caller, `${entry.service} ${entry.operation}`, told + purpose]
}

/** No wider than need be: terminals are narrow. The last column is as long as it is. */
function inColumns(rows: readonly string[][]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(cell.length, most[at] ?? 0)), [])
  return rows.map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]!))).join('  '))
}

export const why: Command = async ({ on, words: [id, ...more] }, place, outside) => {
  if (more.length > 0) throw new Failure('ParamValidation', `why takes one id, not also ${more.join(' ')}`)
  return inServedWorld(place, outside, async (world) => {
    const entry = await entryNamed(world, id)
    if (!entry)
      throw new Failure(
        'Local',
        id === undefined
          ? 'nothing was refused yet; virga local why ID draws any request that virga local trail lists'
          : `the trail has no request ${id}; virga local trail lists them`,
      )
    outside.stdout.write(on.has('json') ? `${JSON.stringify(entry, null, 2)}\n` : drawn(entry))
    return 0
  })
}

export const policyFromTrail: Command = async ({ given, on }, place, outside) => {
  return inServedWorld(place, outside, async (world) => {
    const policy = leastPrivilege(await entries(world), { principal: given['principal'], denied: on.has('denied') })
    if (!policy) throw new Failure('Local', 'the trail has nothing that needed a permission')
    outside.stdout.write(`${JSON.stringify(policy, null, 2)}\n`)
    return 0
  })
}
