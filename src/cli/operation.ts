// `service operation …`: from the words to the output. The order of the steps is the reference's, because it decides
// which of two mistakes is told.

import type { Structure, Value } from '../lib/value.ts'
import type { Operation, Service } from '../model/model.ts'
import { streamedMember } from './arguments.ts'
import { decodeBlobs } from './input/blobs.ts'
import type { BinaryFormat } from './input/blobs.ts'
import { understand } from './input/build.ts'
import type { Typed } from './input/build.ts'
import type { CommandChange } from './changes/change.ts'
import { named } from './session.ts'
import type { Session } from './session.ts'
import { commandArguments, commandOfService } from './services.ts'
import type { OperationCommand } from './services.ts'
import { resultOf, show } from './show.ts'
import type { Result } from './output/formatter.ts'

/** Returns the exit code. */
export async function runOperation(
  service: Service, command: OperationCommand, words: readonly string[], session: Session,
): Promise<number> {
  const operation = service.operation(command.operation)
  const { table, change } = await commandArguments(service, command)
  const around = { operation, ...session.outside }
  const typed = await understand(words, { operation, table, change, around, paginate: session.globals.paginate, warn: session.warn })
  if (typed.help) {
    const { help } = await import('./help/help.ts')
    return help([commandOfService(service.name), command.name], session)
  }
  if (typed.skeleton !== undefined && typed.skeleton !== 'output') return printSkeleton(operation, typed.skeleton, session)

  const settings = await session.settings()
  if (operation.input !== undefined) decodeBlobs(typed.input, operation.input.shape, binaryFormat(session, settings.key('cli_binary_format')))
  if (typed.skeleton === 'output') return printStub(operation, typed.input, session)

  const result = await resultFrom(operation, typed, change, session)
  await show(result, session.query, session.globals, settings, session.outside)
  return 0
}

function binaryFormat({ globals }: Session, configured: unknown): BinaryFormat {
  return globals.binaryFormat ?? (configured === 'raw-in-base64-out' ? configured : 'base64')
}

async function resultFrom(operation: Operation, typed: Typed, change: CommandChange, session: Session): Promise<Result> {
  const around = { operation, ...session.outside }
  const reworked = async (output: Structure): Promise<Structure> => {
    const kept = await withoutStream(operation, output, typed.outfile)
    return change.output === undefined ? kept : change.output(kept, typed.given, around)
  }
  if (typed.paginate) {
    const [{ paginate }, { present }] = await Promise.all([import('../client/paginate.ts'), import('./output/present.ts')])
    const settings = await session.settings()
    const pages = paginate(operation, typed.input, settings, typed.paging)
    return present(operation, pages, settings, reworked, (act) => named(operation, act))
  }
  const output = await reworked(await session.send(operation, typed.input))
  return resultOf(operation.name, output)
}

/** A streamed payload goes to the file, and the rest is printed. */
async function withoutStream(operation: Operation, output: Structure, outfile: string | undefined): Promise<Structure> {
  const member = streamedMember(operation)
  if (outfile === undefined || member === undefined || output[member] === undefined) return output
  const { [member]: body, ...rest } = output
  const { writeOutfile } = await import('./outfile.ts')
  await writeOutfile(outfile, body as Value)
  return rest
}

async function printSkeleton(operation: Operation, kind: 'input' | 'yaml-input', session: Session): Promise<number> {
  const { inputSkeleton, yamlSkeleton } = await import('./skeleton.ts')
  if (kind === 'yaml-input') {
    session.write(yamlSkeleton(operation, await session.outside.models.documentation(operation.service.name)))
    return 0
  }
  const { jsonText } = await import('./output/json.ts')
  session.write(`${jsonText(inputSkeleton(operation))}\n`)
  return 0
}

/** `--generate-cli-skeleton output`: the input is checked as for a call, nothing is sent. */
async function printStub(operation: Operation, input: Structure, session: Session): Promise<number> {
  const [{ prepare }, { validate }, { quirksOf }, { outputSkeleton }] = await Promise.all([
    import('../client/prepare.ts'), import('../client/validate.ts'), import('../client/quirks/index.ts'),
    import('./skeleton.ts'),
  ])
  await prepare(operation, input, await session.settings(), await quirksOf(operation.service.name))
  const stub = outputSkeleton(operation)
  if (operation.output !== undefined) validate({ ...operation, input: operation.output }, stub)
  await session.show(operation.name, stub)
  return 0
}
