// `virga presign s3api get-object --bucket b --key k`: a link with which anybody may make this one call for a while.

import type { Operation } from '../../../model/model.ts'
import { operationAsTyped } from '../../typed-operation.ts'
import { command } from '../command.ts'
import { requireLooking, secondsOf } from './sign.ts'

export const presign = command({
  name: 'presign',
  help: 'Makes a link with which anybody may make one call for a while. The options of the operation follow its name.',
  arguments: {
    service: { positional: true, help: 'The service, as it is called at the command line.' },
    operation: { positional: true, help: 'The operation, as it is called at the command line.' },
    'expires-in': { default: '3600', help: 'How long the link is good, in seconds: up to 604800.' },
    method: { help: 'Another method than the operation’s own, such as GET for a form.' },
  },
  takesRest: true,
  run: async (given, context) => {
    const { operation, input } = await operationAsTyped(
      String(given['service']),
      String(given['operation']),
      given['rest'] as string[],
      context,
    )
    const { link } = await import('../../../client/presign.ts')
    const settings = await context.settings()
    const method = typeof given['method'] === 'string' ? given['method'] : undefined
    await settings.refuse?.(operation)
    // A link to look at an object, used with another method, would put or delete it.
    if (settings.refuse && method !== undefined) requireLooking(method, '')
    const { url, headers } = await link(operation, input, settings, {
      expires: secondsOf(String(given['expires-in'])),
      method,
    })
    context.write(`${url}\n`)
    const needed = Object.entries(headers)
    if (needed.length > 0)
      context.warn(`${whoSends(operation)} ${needed.map(([name, value]) => `${name}: ${value}`).join(', ')}`)
    return 0
  },
})

function whoSends({ name }: Operation): string {
  return `Whoever uses the link to ${name} must send these headers:`
}
