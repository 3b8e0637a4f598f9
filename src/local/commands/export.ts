// The whole account as one file, as it is at this moment; requests go on meanwhile. `import` is its other half
// (store/archive.ts tells the format).

import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import { archiveOf, isArchive } from '../store/archive.ts'
import { isSettled, settle } from '../world.ts'
import type { Command } from './command.ts'
import { inServedWorld } from './served.ts'
import { withWorkingSnapshot } from './snapshot.ts'

export const exportAccount: Command = async ({ words: [name, ...more] }, place, outside) => {
  if (name === undefined || more.length > 0)
    throw new Failure('ParamValidation', 'export needs a file, and nothing else')
  const file = resolve(name)
  refuseForeign(file)
  return inServedWorld(place, outside, async (world) => {
    if (!(await isSettled(world))) await settle(world)
    const size = await withWorkingSnapshot(world, 'export', async (snapshot) => {
      await world.store.snapshots.take(snapshot)
      return writeWhole(file, archiveOf(world.store, snapshot, new Date()))
    })
    outside.stdout.write(
      `${name} holds the account, its keys too (${size} bytes); to put it in place: virga local import\n`,
    )
    return 0
  })
}

/** An earlier export is replaced; anything else is somebody's. */
function refuseForeign(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found || (found.isFile() && found.size === 0)) return
  const head = new Uint8Array(512)
  if (found.isFile()) {
    const descriptor = openSync(file, 'r')
    readSync(descriptor, head)
    closeSync(descriptor)
  }
  if (!isArchive(head)) throw new Failure('Local', `${file} is there and no account file; it is left as it is`)
}

/** Appears whole or not at all, for its owner alone. The number of bytes. */
async function writeWhole(file: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  const partial = `${file}.${process.pid}.partial`
  let descriptor: number | undefined
  let size = 0
  try {
    rmSync(partial, { force: true })
    descriptor = openSync(partial, 'wx', 0o600)
    for await (const piece of pieces) {
      for (let done = 0; done < piece.length;) done += writeSync(descriptor, piece, done)
      size += piece.length
    }
    fsyncSync(descriptor)
    renameSync(partial, file)
    return size
  } catch (error) {
    rmSync(partial, { force: true })
    throw error instanceof Failure ? error : new Failure('Local', `cannot write ${file}: ${(error as Error).message}`)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
