// `sso logout`: every token of Identity Center is given back and deleted, and the keys that were fetched with them.

import { join } from 'node:path'
import { AwsError } from '../../../lib/errors.ts'
import { sweepCache } from '../../../client/credentials/session-cache.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { command } from '../command.ts'

export const ssoLogout = command({
  name: 'sso logout',
  help: 'Removes all cached AWS IAM Identity Center access tokens and any credentials retrieved with them.',
  arguments: {},
  run: async (_, { outside, settings }) => {
    const inHome = (...folders: string[]): string => join(outside.home, '.aws', ...folders)
    await sweepCache(inHome('sso', 'cache'), async (token) => {
      const { accessToken, region } = token
      if (accessToken === undefined) return false
      if (typeof region === 'string') {
        const ready = { ...settingsFor(await settings(), { region }), anonymous: true }
        await callWith(ready, 'sso', 'Logout', { accessToken }).catch((error: unknown) => {
          // It may have ended already.
          if (!(error instanceof AwsError)) throw error
        })
      }
      return true
    })
    await sweepCache(inHome('cli', 'cache'), ({ ProviderType }) => ProviderType === 'sso')
    return 0
  },
})
