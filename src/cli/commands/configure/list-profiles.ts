// `configure list-profiles`: every profile of both files, one a line.

import { command } from '../command.ts'
import { configurationOf } from './files.ts'

export const listProfiles = command({
  name: 'configure list-profiles',
  help: 'List the profiles available to the AWS CLI.',
  arguments: {},
  run: async (_, context) => {
    const { files } = await configurationOf(context)
    for (const profile of files.profiles.keys()) context.write(`${profile}\n`)
    return 0
  },
})
