// What is remembered between runs, and where: `~/.virga/s3/`.

import { join, resolve } from 'node:path'
import { sha256Hex } from '../../../lib/hash.ts'
import { isS3Uri } from '../../../transfer/places.ts'
import { Journal } from '../../../transfer/journal.ts'
import type { Context, GivenWords } from '../command.ts'
import type { Checked, TransferCommand } from './check.ts'

export function stateFolder({ outside: { env, home } }: Context): string {
  return join(env.VIRGA_HOME || join(home, '.virga'), 's3')
}

/** The journal of this command: the same words in the same folder go on with the same one. */
export function journalOf(
  command: TransferCommand,
  { from, to, tree }: Checked,
  given: GivenWords,
  context: Context,
): Journal {
  const places = [from, to].map((path) => (isS3Uri(path) ? path : resolve(path)))
  const identity = JSON.stringify([command, ...places, tree, given.filters ?? []])
  return new Journal(join(stateFolder(context), 'journals', `${sha256Hex(identity).slice(0, 24)}.jsonl`))
}
