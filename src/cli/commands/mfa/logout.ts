// `virga mfa logout`: forgets the session with MFA of a profile. It goes on being valid until it ends; nobody here uses it.

import { existsSync, rmSync } from 'node:fs'
import { mfaSessionFile } from '../../../client/credentials/mfa-session.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import { chainOf } from '../../chain.ts'
import { command } from '../command.ts'

export const mfaLogout = command({
  name: 'mfa logout',
  help: 'Forgets the session with MFA of a profile.',
  arguments: {},
  run: async (_, context) => {
    const { context: links } = await chainOf(context)
    const file = textOf(links.section, 'mfa_serial') === undefined ? undefined : await mfaSessionFile(links)
    if (file === undefined || !existsSync(file)) {
      context.write(`The profile ${links.profile} has no session with MFA.\n`)
      return 0
    }
    rmSync(file)
    context.write(`The session with MFA of the profile ${links.profile} is forgotten.\n`)
    return 0
  },
})
