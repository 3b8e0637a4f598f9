// Items written as YAML or JSON into a table: one, or many at a time.

import { text } from '../../../lib/bytes.ts'
import { Failure } from '../../../lib/errors.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { YamlMoment } from '../../input/yaml-scalar.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { Decimal } from './decimal.ts'
import { placed } from './expression.ts'
import { readItems } from './items.ts'
import { attributeMap, Binary, Members } from './values.ts'
import type { Attribute } from './values.ts'

/** BatchWriteItem takes so many at once. */
const BATCH = 25

export const put = command({
  name: 'ddb put',
  help: 'Puts one or more items into a table.',
  arguments: {
    table_name: { positional: true, help: 'The name of the table.' },
    items: { positional: true, help: 'One item or a list of them, as YAML; - for the standard input.' },
    condition: { nargs: '+', help: 'A condition that must hold for an item to be put; for a single item.' },
  },
  run: async (given, context) => {
    const source = given.items as string
    const read = readItems(source === '-' ? text(await context.outside.stdin.read()) : source)
    const items = Array.isArray(read) ? read : [read]
    const table = given.table_name as string
    const condition = given.condition as string[] | undefined
    if (items.length > 1 && condition === undefined) {
      await putMany(items, table, context)
      return 0
    }
    if (items.length > 1) throw new Failure('ParamValidation', '--condition is not supported for multiple items')
    for (const item of items) {
      await context.call('dynamodb', 'PutItem', {
        ReturnConsumedCapacity: 'NONE',
        ...conditionMembers(condition),
        TableName: table,
        Item: itemOf(item),
      })
    }
    return 0
  },
})

function conditionMembers(words: readonly string[] | undefined): Structure {
  if (words === undefined) return {}
  const { expression, names, values } = placed(words.join(' '))
  return {
    ConditionExpression: expression,
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: { ...names } } : {}),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: attributeMap(values) } : {}),
  }
}

/** What is no item is left to be told by validation. */
function itemOf(item: Attribute): Value {
  if (item instanceof Decimal || item instanceof Members || item instanceof Binary || item instanceof YamlMoment)
    return String(item)
  return typeof item === 'object' && item !== null && !Array.isArray(item) ? attributeMap(item) : (item as Value)
}

/** What a full table sends back is tried again. */
async function putMany(items: readonly Attribute[], table: string, context: Context): Promise<void> {
  let waiting: Structure[] = items.map((item) => ({ PutRequest: { Item: itemOf(item) } }))
  while (waiting.length > 0) {
    const batch = waiting.slice(0, BATCH)
    const { UnprocessedItems } = await context.call('dynamodb', 'BatchWriteItem', {
      ReturnConsumedCapacity: 'NONE',
      RequestItems: { [table]: batch },
    })
    const left = (UnprocessedItems as Structure | undefined)?.[table] as Structure[] | undefined
    waiting = [...waiting.slice(BATCH), ...(left ?? [])]
  }
}
