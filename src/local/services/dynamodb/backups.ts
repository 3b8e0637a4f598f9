// What is kept of a backup, and from when until when a table could be restored without one.

import { AwsError } from '../../../lib/errors.ts'
import { invalid } from './errors.ts'
import { arnOf, type Table } from './records.ts'
import type { Dynamo } from './state.ts'

/** A row of `backups`, by `account/region/id`; its items are the rows of `backup ID`. */
export interface Backup {
  readonly id: string
  readonly name: string
  readonly created: number
  readonly table: Table
  readonly items: number
  readonly bytes: number
}

export function backupRow({ account, region }: Dynamo, id: string): string {
  return `${account}/${region}/${id}`
}

export function backupArn({ table, id }: Backup): string {
  return `${arnOf(table)}/backup/${id}`
}

/** Throws ValidationException, AccessDeniedException, BackupNotFoundException. */
export function findBackup(state: Dynamo, arn: string): Backup {
  const [, region, account] = /^arn:aws[\w-]*:dynamodb:([^:]*):(\d*):table\/[^/]+\/backup\/[^/]+$/.exec(arn) ?? []
  if (region === undefined) throw invalid('Invalid Backup ARN')
  if (account !== state.account) throw new AwsError('AccessDeniedException', 'Access is denied')
  const id = arn.slice(arn.lastIndexOf('/') + 1)
  const backup = state.rows.get<any>('backups', backupRow(state, id)) as Backup | undefined
  if (!backup || backupArn(backup) !== arn) throw new AwsError('BackupNotFoundException', `Backup not found: ${arn}`)
  return backup
}

/** From when until when a table can be restored. */
export function restorable({ now }: Dynamo, { since, days }: NonNullable<Table['recovery']>): [number, number] {
  return [Math.max(since, now - days * 86_400_000), Math.max(since, now - 300_000)]
}
