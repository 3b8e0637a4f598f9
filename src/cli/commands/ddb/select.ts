// The items of a table or an index, with names and values in the conditions as they are.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { paginate } from '../../../client/paginate.ts'
import { named } from '../../error-operation.ts'
import { compiledQuery, showText } from '../../show.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { placed } from './expression.ts'
import { yamlOf } from './items.ts'
import { attributeMap, plainResponse } from './values.ts'
import type { Attribute } from './values.ts'

export const select = command({
  name: 'ddb select',
  help: 'Searches a table or index: with query where --key-condition is given, else with scan.',
  arguments: {
    table_name: { positional: true, help: 'The name of the table.' },
    'index-name': { help: 'The name of an index.' },
    projection: { nargs: '+', help: 'The attributes to show, by name, separated by commas.' },
    filter: { nargs: '+', help: 'A condition on items: "price > 10 AND contains(tags, \\"new\\")".' },
    'key-condition': { nargs: '+', help: 'A condition on the keys.' },
    attributes: { choices: ['ALL', 'ALL_PROJECTED', 'COUNT'], help: 'Which attributes to return.' },
    'consistent-read': { flag: true, default: true, help: 'Read what was last written: the default.' },
    'no-consistent-read': {
      flag: false,
      into: 'consistent-read',
      help: 'Read what may be a little old, for half the price.',
    },
    'return-consumed-capacity': { flag: true, default: false, help: 'Show what the call took of the capacity.' },
    'no-return-consumed-capacity': { flag: false, into: 'return-consumed-capacity', help: 'The default.' },
    'starting-token': { help: 'Where a former call ended.' },
    'max-items': { type: 'integer', help: 'The number of items to return.' },
    'page-size': { type: 'integer', help: 'The number of items to ask for at a time.' },
  },
  run: async (given, context) => {
    const { output } = context.globals
    if (output !== undefined && output !== 'yaml') {
      throw new Failure('ParamValidation', `${output} output format is not supported for ddb commands`)
    }
    const operation = given['key-condition'] === undefined ? 'Scan' : 'Query'
    const input = inputOf(given)
    const response = await answered(operation, input, given, context)
    if (response.ConsumedCapacity === null) delete response.ConsumedCapacity
    await print(plainResponse(response), context)
    return 0
  },
})

function inputOf(given: GivenWords): Structure {
  const index = given['index-name'] as string | undefined
  const input: Structure = { TableName: given.table_name, ConsistentRead: given['consistent-read'] }
  if (index !== undefined) input.IndexName = index
  const names: Record<string, string> = {}
  const values: Record<string, Attribute> = {}
  let count = 0
  const expressions = [
    ['ProjectionExpression', given.projection],
    ['FilterExpression', given.filter],
    ['KeyConditionExpression', given['key-condition']],
  ] as const
  for (const [member, words] of expressions) {
    if (words === undefined) continue
    const one = placed((words as string[]).join(' '), count)
    input[member] = one.expression
    Object.assign(names, one.names)
    Object.assign(values, one.values)
    count += one.count
  }
  if (Object.keys(names).length > 0) input.ExpressionAttributeNames = names
  if (Object.keys(values).length > 0) input.ExpressionAttributeValues = attributeMap(values)
  const attributes = given.attributes as string | undefined
  if (attributes !== undefined) input.Select = attributes === 'COUNT' ? attributes : `${attributes}_ATTRIBUTES`
  const capacity = index === undefined ? 'TOTAL' : 'INDEXES'
  input.ReturnConsumedCapacity = given['return-consumed-capacity'] === true ? capacity : 'NONE'
  return input
}

async function answered(name: string, input: Structure, given: GivenWords, context: Context): Promise<Structure> {
  const asked = ['starting-token', 'page-size', 'max-items'].filter((option) => given[option])
  if (!context.globals.paginate) {
    if (asked.length > 0) {
      throw new Failure(
        'ParamValidation',
        `Cannot specify --no-paginate along with pagination arguments: ${asked.map((option) => `--${option}`).join(', ')}`,
      )
    }
    return context.call('dynamodb', name, input)
  }
  const operation = await context.outside.models.operation('dynamodb', name)
  const limits = {
    ...(given['starting-token'] ? { startingToken: given['starting-token'] as string } : {}),
    ...(given['max-items'] ? { maxItems: given['max-items'] as number } : {}),
    ...(given['page-size'] ? { pageSize: given['page-size'] as number } : {}),
  }
  const paged = paginate(operation, operation.service.paginator(name)!, input, await context.settings(), limits)
  const whole = await named(operation, () => paged.whole())
  return { ...whole }
}

async function print(response: unknown, context: Context): Promise<void> {
  const { globals, outside } = context
  const query = await compiledQuery(globals.query)
  const shown = query === undefined ? response : query(response as Structure)
  await showText(yamlOf(shown), globals, await context.settings(), outside)
}
