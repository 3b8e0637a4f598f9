// An account out of a file that `export` wrote, in place of the one that is here. The file is read to its end and found
// whole before anything changes; then all changes in one step.

import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import { isMark } from '../accounts/seed.ts'
import { readArchive, type Unwanted } from '../store/archive.ts'
import { isSettled, settle } from '../world.ts'
import type { Command } from './command.ts'
import { inServedWorld } from './served.ts'
import { withWorkingSnapshot } from './snapshot.ts'

export const importAccount: Command = async ({ words: [name, ...more] }, place, outside) => {
  if (name === undefined || more.length > 0)
    throw new Failure('ParamValidation', 'import needs a file, and nothing else')
  return inServedWorld(place, outside, async (world) => {
    await withWorkingSnapshot(world, 'import', async (snapshot) => {
      // Without these rows the keys of this folder's seed are put there at the first request, whatever happens to us.
      const marks: Unwanted = ({ space, table, key }) => space === 'iam' && isMark(table, key)
      await readArchive(world.store, snapshot, piecesOfFile(resolve(name)), name, marks)
      await world.store.snapshots.restore(snapshot)
    })
    if (!(await isSettled(world))) await settle(world)
    outside.stdout.write(`the account is that of ${name}; its keys work, and those of this folder too\n`)
    return 0
  })
}

async function* piecesOfFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 256 * 1024 })) yield piece as Uint8Array
  } catch (error) {
    throw new Failure('Local', `cannot read ${file}: ${(error as Error).message}`)
  }
}
