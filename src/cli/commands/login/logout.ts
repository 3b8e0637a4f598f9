// `logout`: the keys that `login` stored are deleted, of one profile or of all.

import { existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { readConfiguration } from '../../../client/config/configuration.ts'
import { loginCachePath } from '../../../client/credentials/login-session.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import { sweepCache } from '../../../client/credentials/session-cache.ts'
import { givenFrom } from '../../globals.ts'
import { surroundings } from '../../session.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'

export const logout = command({
  name: 'logout',
  help: 'Clears cached login credentials for the specified profile.',
  arguments: {
    all: { flag: true, help: 'Removes cached credentials for all profiles that use "login".' },
  },
  run: async (given, context) => {
    if (given['all'] === true) await logoutAll(context)
    else await logoutOne(context)
    return 0
  },
})

async function logoutAll({ outside, write }: Context): Promise<void> {
  const folder = dirname(loginCachePath({ surroundings: surroundings(outside) }, ''))
  const count = await sweepCache(folder, ({ accessToken }) => accessToken?.accessKeyId !== undefined)
  write(
    count === 0
      ? 'No cached login session tokens found.\n'
      : `Removed ${count} cached login credential${count === 1 ? '' : 's'}. Note, any local developer tools that have ` +
          'already loaded access tokens may continue to use them until their expiration. Access tokens expire in 15 minutes.\n',
  )
}

async function logoutOne({ globals, outside, warn, write }: Context): Promise<void> {
  const around = surroundings(outside)
  const { profile, section = {} } = await readConfiguration(givenFrom(globals, undefined), around)
  const session = textOf(section, 'login_session')
  if (session === undefined) return warn(`warning: no login session found for profile '${profile}'`)
  const file = loginCachePath({ surroundings: around }, session)
  if (existsSync(file)) rmSync(file)
  write(
    `Removed cached login credentials for profile '${profile}'. Note, any local developer tools that have already loaded ` +
      'the access token may continue to use it until its expiration. Access tokens expire in 15 minutes.\n',
  )
}
