// What is built? For each service: operations that answer; those that are only authorized, by actions that the service
// authorization data or a table of ours knows; and those of which nothing is known, which are asked for by their own name.

import { Failure } from '../../lib/errors.ts'
import { mappingOf } from '../../model/authorization/mapping.ts'
import type { Operation } from '../../model/model.ts'
import { services } from '../services/table.ts'
import type { Command, Outside } from './command.ts'

type Kind = 'built' | 'authorized' | 'unmapped'

export const coverage: Command = async ({ on, words }, _place, outside) => {
  const [service, ...more] = words
  if (more.length > 0) throw new Failure('ParamValidation', `coverage takes one service, not also ${more.join(' ')}`)
  if (service !== undefined) return ofService(service, outside)
  const { models, stdout } = outside
  const rows: ({ name: string } & Record<Kind, number>)[] = []
  for (const name of models.serviceNames) {
    const kinds = [...(await kindsOf(name, outside)).values()]
    const count = (kind: Kind): number => kinds.filter((each) => each === kind).length
    rows.push({ name, built: count('built'), authorized: count('authorized'), unmapped: count('unmapped') })
  }
  rows.sort((a, b) => b.built - a.built)
  for (const { name, built, authorized, unmapped } of rows)
    if (unmapped > 0 || !on.has('unmapped'))
      stdout.write(
        `${name.padEnd(36)}${column(built)} built${column(authorized)} authorized${column(unmapped)} unmapped\n`,
      )
  const sum = (kind: Kind): string => column(rows.reduce((count, row) => count + row[kind], 0))
  stdout.write(
    `\nof ${rows.length} services:\n` +
      `${sum('built')} operations built\n` +
      `${sum('authorized')} authorized by their actions, then answered 501 NotImplemented\n` +
      `${sum('unmapped')} unmapped: authorized by their own names, then answered 501\n`,
  )
  return 0
}

function column(count: number): string {
  return String(count).padStart(6)
}

async function ofService(name: string, outside: Outside): Promise<number> {
  for (const [operation, kind] of await kindsOf(name, outside)) {
    const needed = await neededBy(await outside.models.operation(name, operation), outside)
    outside.stdout.write(`${kind.padEnd(10)}  ${operation.padEnd(40)}  ${needed}\n`)
  }
  return 0
}

async function kindsOf(name: string, { models }: Outside): Promise<Map<string, Kind>> {
  const service = await models.service(name)
  const definition = Object.hasOwn(services, name) ? await services[name]!() : undefined
  const built = new Set([...Object.keys(definition?.operations ?? {}), ...Object.keys(definition?.slow ?? {})])
  const actions = await models.actions()
  const kinds = new Map<string, Kind>()
  for (const operation of service.operationNames) {
    if (built.has(operation)) kinds.set(operation, 'built')
    else
      kinds.set(
        operation,
        (await mappingOf(service.operation(operation), actions)).kind === 'unmapped' ? 'unmapped' : 'authorized',
      )
  }
  return kinds
}

/** The actions of the reference; a service of ours may ask in more detail. */
async function neededBy(operation: Operation, { models }: Outside): Promise<string> {
  const { kind, actions } = await mappingOf(operation, await models.actions())
  return kind === 'open' ? 'no permission' : actions.map(({ prefix, name }) => `${prefix}:${name}`).join(' ')
}
