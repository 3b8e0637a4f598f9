// Back to the beginning: everything goes but the accounts of the seed and their keys. A database that is damaged is
// moved aside, never deleted.

import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import { readSeed } from '../accounts/seed.ts'
import { openWorld } from '../place.ts'
import { reset as resetWorld } from '../reset.ts'
import type { Command } from './command.ts'
import { running } from './server.ts'

export const reset: Command = async (_asked, place, { models, stdout }) => {
  const note = await running(place)
  const seed = note && readSeed(note.seedFile)
  try {
    const world = await openWorld(place, models, { seed })
    await resetWorld(world)
    await world.store.close()
  } catch (error) {
    if (!(error instanceof Failure && error.message.includes('is damaged')) || note) throw error
    const aside = setAside(place.folder)
    const world = await openWorld(place, models)
    await resetWorld(world)
    await world.store.close()
    stdout.write(`the damaged database is now ${aside}\n`)
  }
  stdout.write('the account is as new; its keys are the same\n')
  return 0
}

function setAside(folder: string): string {
  const file = join(folder, 'account.db')
  const aside = `${file}.damaged-${Date.now()}`
  renameSync(file, aside)
  for (const extra of ['-wal', '-shm']) if (existsSync(file + extra)) renameSync(file + extra, aside + extra)
  return aside
}
