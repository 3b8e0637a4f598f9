// The password that `docker login` takes for a registry.

import { fromBase64, text } from '../../lib/bytes.ts'
import type { Structure, Value } from '../../lib/value.ts'
import { needed } from '../clients.ts'
import { command } from './command.ts'
import type { Command } from './command.ts'

const login = (name: string, service: string): Command =>
  command({
    name,
    help: 'Get a password to be used with container clients such as Docker.',
    arguments: {},
    run: async (_, context) => {
      const output = await context.call(service, 'GetAuthorizationToken', {})
      // A list of one where registries are of an account, the one itself where they are public.
      const [data] = [needed<Value>(output, 'authorizationData')].flat() as Structure[]
      // The token is `AWS:password`.
      context.write(`${text(fromBase64(needed(data, 'authorizationToken'))).split(':')[1]}\n`)
      return 0
    },
  })

export const ecrLogin = login('ecr get-login-password', 'ecr')
export const ecrPublicLogin = login('ecr-public get-login-password', 'ecr-public')
