// `service operation …`: from the words to the output. The order of the steps is the reference's, because it decides
// which of two mistakes is told.

import type { Structure, Value } from '../lib/value.ts'
import { find, some } from '../lib/iterate.ts'
import type { Operation, Service } from '../model/model.ts'
import { streamedMember } from './arguments.ts'
import type { ArgumentTable } from './arguments.ts'
import { decodeBlobs } from './input/blobs.ts'
import { understand } from './input/build.ts'
import type { Typed } from './input/build.ts'
import type { CommandChange, Surrounding } from './changes/change.ts'
import { named } from './error-operation.ts'
import type { Session } from './session.ts'
import { commandArguments, commandOfService } from './services.ts'
import type { OperationCommand } from './services.ts'
import { presentationOf, resultOf, show } from './show.ts'
import type { Result } from './output/formatter.ts'

/** Returns the exit code. */
export async function runOperation(
  service: Service,
  command: OperationCommand,
  words: readonly string[],
  session: Session,
): Promise<number> {
  const operation = service.operation(command.operation)
  const { table, change } = await commandArguments(service, command)
  const around = aroundOf(operation, session)
  const asked = rehearsal(words, table)
  const typed = await understand(asked.words, {
    operation,
    table,
    change,
    around,
    paginate: session.globals.paginate,
    warn: session.warn,
  })
  if (typed.help) {
    const { help } = await import('./help/help.ts')
    return help([commandOfService(service.name), command.name], session)
  }
  if (typed.skeleton !== undefined && typed.skeleton !== 'output')
    return printSkeleton(operation, typed.skeleton, session)

  const settings = await session.settings()
  if (operation.input !== undefined) decodeBlobs(typed.input, operation.input.shape, await session.binaryFormat())
  if (typed.skeleton === 'output') return printStub(operation, typed.input, session)
  if (asked.how !== undefined) {
    const { rehearse } = await import('./dry-run.ts')
    return rehearse(operation, typed.input, session, asked.how)
  }
  if (change.instead !== undefined) return change.instead(typed.input, session)

  const result = await resultFrom(operation, typed, change, session)
  await show(result, session.query, session.globals, settings, session.outside)
  return 0
}

/**
 * `--dry-run` is ours where the operation has no such argument of its own, `--plan` where it has none that begins so:
 * that is how the reference understands it.
 */
function rehearsal(
  words: readonly string[],
  table: ArgumentTable,
): { how?: 'dry-run' | 'plan'; words: readonly string[] } {
  const ours = (how: 'dry-run' | 'plan'): boolean =>
    words.includes(`--${how}`) &&
    (how === 'plan' ? !some(table.keys(), (name) => name.startsWith('plan')) : !table.has(how))
  const how = find(['plan', 'dry-run'] as const, ours)
  return how === undefined ? { words } : { how, words: words.filter((word) => word !== `--${how}`) }
}

async function resultFrom(
  operation: Operation,
  typed: Typed,
  change: CommandChange,
  session: Session,
): Promise<Result> {
  const settings = await session.settings()
  const { present } = await import('./output/present.ts')
  const presentation = presentationOf(settings)
  const around = aroundOf(operation, session)
  const finished = async (output: Structure): Promise<Structure> => {
    const kept = present(operation, await withoutStream(operation, output, typed.outfile, change), presentation)
    return change.output === undefined ? kept : change.output(kept, typed.given, around)
  }
  const paginator = operation.service.paginator(operation.name)
  if (!typed.paginate || paginator === undefined) {
    return resultOf(operation.name, await finished(await session.send(operation, typed.input)))
  }
  const { paginate } = await import('../client/paginate.ts')
  const { StartingToken: startingToken, MaxItems: maxItems, PageSize: pageSize } = typed.paging
  const paged = paginate(operation, paginator, typed.input, settings, { startingToken, maxItems, pageSize })
  return {
    operation: operation.name,
    paginated: true,
    paging: { resultKeys: listOf(paginator.result_key), nonAggregateKeys: paginator.non_aggregate_keys ?? [] },
    pages: mapped(operation, paged.pages, finished),
    whole: () => named(operation, async () => finished(await paged.whole())),
    resumeToken: () => paged.resumeToken(),
  }
}

async function* mapped(
  operation: Operation,
  pages: AsyncIterable<Structure>,
  finish: (page: Structure) => Promise<Structure>,
): AsyncIterable<Structure> {
  const reading = pages[Symbol.asyncIterator]()
  for (;;) {
    const next = await named(operation, () => reading.next())
    if (next.done) return
    yield await finish(next.value)
  }
}

function listOf(names: string | readonly string[]): readonly string[] {
  return typeof names === 'string' ? [names] : names
}

function aroundOf(operation: Operation, session: Session): Surrounding {
  const { env, home, clock } = session.outside
  const call = (name: string, input: Structure) => session.send(operation.service.operation(name), input)
  return { operation, env, home, clock, call }
}

/** A streamed payload goes to the file, and the rest is printed. */
async function withoutStream(
  operation: Operation,
  output: Structure,
  outfile: string | undefined,
  { streamsEvents }: CommandChange,
): Promise<Structure> {
  const member = streamsEvents === undefined ? streamedMember(operation) : operation.output?.shape.traits.payload
  if (outfile === undefined || member === undefined || output[member] === undefined) return output
  const { [member]: body, ...rest } = output
  const { writeEvents, writeOutfile } = await import('./outfile.ts')
  if (streamsEvents === undefined) await writeOutfile(outfile, body as Value)
  else await writeEvents(outfile, body as AsyncIterable<Value>, streamsEvents)
  return rest
}

export async function printSkeleton(
  operation: Operation,
  kind: 'input' | 'yaml-input',
  session: Session,
): Promise<number> {
  const { inputSkeleton, yamlSkeleton } = await import('./skeleton.ts')
  if (kind === 'yaml-input') {
    session.write(
      yamlSkeleton(operation, await session.outside.models.documentation(operation.service.name, operation.name)),
    )
    return 0
  }
  const { jsonText } = await import('./output/json.ts')
  session.write(`${jsonText(inputSkeleton(operation))}\n`)
  return 0
}

/** `--generate-cli-skeleton output`: the input is checked as for a call, nothing is sent. */
async function printStub(operation: Operation, input: Structure, session: Session): Promise<number> {
  const [{ prepare }, { validate }, { quirksOf }, { outputSkeleton }] = await Promise.all([
    import('../client/prepare.ts'),
    import('../client/validate.ts'),
    import('../client/quirks/index.ts'),
    import('./skeleton.ts'),
  ])
  const exchange = { operation, given: input, settings: await session.settings() }
  await prepare(operation, input, exchange, await quirksOf(operation.service.name))
  const stub = outputSkeleton(operation)
  if (operation.output !== undefined) validate({ ...operation, input: operation.output }, stub)
  await session.show(operation.name, stub)
  return 0
}
