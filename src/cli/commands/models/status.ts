// `virga models status`: which API models are in use, and of what day? `virga models remove`: those inside the program again.

import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { updatedModels, updatesFolder } from '../../../model/updated.ts'
import { embeddedModels, newerModels } from '../../models-in-use.ts'
import { command } from '../command.ts'

export const status = command({
  name: 'models status',
  help: 'Shows which API models are in use: those inside the program, or newer ones that were fetched.',
  arguments: {},
  run: async (_given, { outside, show }) => {
    const { env, home } = outside
    const updated = updatedModels(env, home)
    const used = env['VIRGA_MODELS'] || newerModels(env, home)?.file
    await show('Models', {
      Used: used ?? 'embedded',
      Embedded: { From: embeddedModels.from, Date: embeddedModels.date },
      ...(updated !== undefined && { Fetched: { From: updated.from, Date: updated.date, File: updated.file } }),
    })
    return 0
  },
})

export const remove = command({
  name: 'models remove',
  help: 'Removes models that were fetched: those inside the program are used again.',
  arguments: {},
  run: async (_given, { outside, write }) => {
    const folder = updatesFolder(outside.env, outside.home)
    const had = updatedModels(outside.env, outside.home)
    rmSync(dirname(folder), { recursive: true, force: true })
    write(had === undefined ? 'There was nothing to remove.\n' : `Removed the models of ${had.date}.\n`)
    return 0
  },
})
