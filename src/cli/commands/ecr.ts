// The password that `docker login` takes for a registry.

import { fromBase64, text } from '../../lib/bytes.ts'
import type { Structure } from '../../lib/value.ts'
import { command } from './command.ts'
import type { Command } from './command.ts'

const login = (name: string, service: string, one: (data: Structure | Structure[]) => Structure): Command =>
  command({
    name,
    help: 'Get a password to be used with container clients such as Docker.',
    arguments: {},
    run: async (_, context) => {
      const output = await context.call(service, 'GetAuthorizationToken', {})
      const { authorizationToken } = one(output.authorizationData as Structure)
      // The token is `AWS:password`.
      context.write(`${text(fromBase64(authorizationToken as string)).split(':')[1]}\n`)
      return 0
    },
  })

export const ecrLogin = login('ecr get-login-password', 'ecr', (data) => (data as Structure[])[0]!)
export const ecrPublicLogin = login('ecr-public get-login-password', 'ecr-public', (data) => data as Structure)
