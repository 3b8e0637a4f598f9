// On what does IAM decide? A table or an index by its ARN, with its tags and what the request says of itself.

import type { Context } from '../../../policy/types.ts'
import type { Permission } from '../../service.ts'
import { policiesOf } from './policies.ts'
import type { DynamoContext } from './state.ts'
import type { Item } from './values.ts'

/** Condition keys, names in lower case. */
export type Keys = Record<string, string | readonly string[]>

/** On a table by name or ARN, or on one of its indexes. */
export function permissionOn(
  { state }: DynamoContext,
  action: string,
  nameOrArn: string,
  keys: Keys,
  index?: string,
): Permission {
  const { account, region, name } = state.refer(nameOrArn)
  const table = state.look(nameOrArn)
  const tags = Object.fromEntries((table?.tags ?? []).map(({ Key, Value }) => [`aws:resourcetag/${Key}`, Value]))
  return {
    action: `dynamodb:${action}`,
    resource: `arn:aws:dynamodb:${region}:${account}:table/${name}${index === undefined ? '' : `/index/${index}`}`,
    ...(account !== state.account && { resourceAccountId: account }),
    policies: policiesOf(table),
    context: { ...tags, ...keys } as Context,
  }
}

export function attributes(names: readonly string[]): Keys {
  return names.length > 0 ? { 'dynamodb:attributes': distinct(names) } : {}
}

/** Mostly of one request about one item: they are distinct already. */
export function distinct(texts: readonly string[]): readonly string[] {
  return texts.length === 1 ? texts : [...new Set(texts)]
}

/** A partition key as dynamodb:LeadingKeys has it. */
export function keyText({ S, N, B }: Item[string]): string {
  return S ?? N ?? B ?? ''
}
