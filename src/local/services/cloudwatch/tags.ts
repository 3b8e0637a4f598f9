// Which tags does a thing of CloudWatch bear? By its ARN.

import type { Rows } from '../../store/store.ts'
import { invalidValue } from './errors.ts'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

const table = 'tags'

export function tagsOf(rows: Rows, arn: string): Record<string, string> {
  return rows.get<Record<string, string>>(table, arn) ?? {}
}

export function putTags(rows: Rows, arn: string, tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > 0) rows.put(table, arn, tags)
  else rows.delete(table, arn)
}

export function tagged(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}

const most = 50

/** Throws InvalidParameterValue. */
export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > most) throw invalidValue(`Too many tags: there may be ${most} at most.`)
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) throw invalidValue('Tag keys must be unique.')
  if (tags.some(({ Key }) => Key.toLowerCase().startsWith('aws:')))
    throw invalidValue("Tag keys must not begin with 'aws:'.")
}
