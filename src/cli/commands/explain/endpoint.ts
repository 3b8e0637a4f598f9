// `virga explain endpoint s3api get-object --bucket b`: where a call goes, how it is signed, and who decided so.

import { operationAsTyped } from '../../typed-operation.ts'
import { command } from '../command.ts'

export const endpoint = command({
  name: 'explain endpoint',
  help: 'Tells where a call goes, how it is signed, and who decided so. The options of the operation may follow its name.',
  arguments: {
    service: { positional: true, help: 'The service, as it is called at the command line.' },
    operation: { positional: true, nargs: '?', help: 'The operation, as it is called at the command line.' },
  },
  takesRest: true,
  run: async (given, context) => {
    const word = given['operation'] === undefined ? undefined : String(given['operation'])
    const { operation, input } = await operationAsTyped(
      String(given['service']),
      word,
      given['rest'] as string[],
      context,
    )
    const { explainEndpoint } = await import('../../../client/endpoint/explain.ts')
    await context.show('Endpoint', await explainEndpoint(operation, input, await context.settings()))
    return 0
  },
})
