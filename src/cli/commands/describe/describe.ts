// `virga describe [SERVICE [OPERATION]]`: what can be called, and with what? For programs: `--output json` gives the
// input and the output as JSON Schema.

import { command } from '../command.ts'
import {
  describedOperation,
  describedOperations,
  describedServices,
  operationNamed,
  serviceNamed,
} from '../../described.ts'
import { commandOfService } from '../../services.ts'

export const describe = command({
  name: 'describe',
  help:
    '<p>Describes an operation for programs: what it does, the permissions it needs, whether it only looks, and its input, ' +
    'output and errors, as JSON Schema. Without an operation the operations of the service, without a service all ' +
    'services.</p>',
  arguments: {
    service: { positional: true, nargs: '?', help: 'As on the command line, or as its model is called.' },
    operation: {
      positional: true,
      nargs: '?',
      help: 'As on the command line (list-users) or in the model (ListUsers).',
    },
  },
  run: async (given, { outside: { models }, show }) => {
    const word = given['service'] as string | undefined
    if (word === undefined) {
      await show('Services', { Services: await describedServices(models) })
      return 0
    }
    const service = await serviceNamed(word, models)
    const operation = given['operation'] as string | undefined
    if (operation === undefined)
      await show('Operations', {
        Service: commandOfService(service.name),
        Name: service.metadata.serviceFullName,
        Operations: await describedOperations(service, models),
      })
    else await show('Operation', await describedOperation(operationNamed(service, operation), models))
    return 0
  },
})
