// Which operation do words name that another command is about, and with which input?

import { Failure } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import type { Operation } from '../model/model.ts'
import type { Context } from './commands/command.ts'
import { decodeBlobs } from './input/blobs.ts'
import { understand } from './input/build.ts'
import { commandArguments, operationCommands, serviceOfCommand } from './services.ts'

/**
 * `s3api get-object --bucket b`: the operation and the input of its options, of which none is required. Without a word for
 * the operation it is the service's first. Throws Failure('ParamValidation').
 */
export async function operationAsTyped(
  service: string,
  word: string | undefined,
  options: readonly string[],
  { outside, settings, warn }: Context,
): Promise<{ operation: Operation; input: Structure }> {
  // Its operations are the commands of s3api; whoever asks about them says s3.
  const name = service === 's3' ? 's3' : serviceOfCommand(service)
  const { models } = outside
  if (name === undefined || !models.has(name)) throw new Failure('ParamValidation', `There is no service '${service}'`)
  const model = await models.service(name)
  if (word === undefined) return { operation: model.operation(model.operationNames[0]!), input: {} }
  const command = operationCommands(model).get(word)
  if (command === undefined) throw new Failure('ParamValidation', `'${service}' has no operation '${word}'`)
  const operation = model.operation(command.operation)
  if (options.length === 0) return { operation, input: {} }
  const { table: whole, change } = await commandArguments(model, command)
  // No file is written here, and what must be there for a call need not be for a question about it.
  const table = new Map(
    [...whole]
      .filter(([, { kind }]) => kind !== 'outfile')
      .map(([key, argument]) => [key, { ...argument, required: false }]),
  )
  const { input } = await understand(options, {
    operation,
    table,
    change,
    around: { operation, ...outside },
    paginate: false,
    warn,
  })
  if (operation.input)
    decodeBlobs(
      input,
      operation.input.shape,
      (await settings()).key('cli_binary_format') === 'raw-in-base64-out' ? 'raw-in-base64-out' : 'base64',
    )
  return { operation, input }
}
