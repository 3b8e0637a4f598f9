// Which sections does a page of help have? One function for each level of the command tree.

import { kebabCase } from '../../lib/names.ts'
import type { Models, Operation, Paginator, Service, Shape, WaiterModel } from '../../model/model.ts'
import { isOurs, ours } from '../commands/ours.ts'
import type { Place } from '../complete/place.ts'
import { ownCommand } from '../own-command.ts'
import { commandOfService, operationCommand, serviceOfCommand } from '../services.ts'
import { globalSection, optionsSection, ownSection, synopsis } from './arguments.ts'
import { bullets, code, codeLines, firstSentence, paragraph, section } from './blocks.ts'
import type { Block } from './blocks.ts'
import { examples } from './examples.ts'
import { blocksFrom } from './html.ts'
import { Describer } from './shapes.ts'

/** The program as it is called in help. */
const PROGRAM = 'virga'

/** What the groups of commands are for that AWS CLI has and no model describes. */
const groups: Readonly<Record<string, string>> = {
  ddb: 'Puts items into DynamoDB tables and selects them, in a shorter notation than JSON.',
  history: 'Lists and shows earlier calls. They are recorded while cli_history = enabled stands in the profile.',
  s3: 'Copies, moves, lists and deletes objects, and keeps folders and buckets in sync.',
}

export async function pageFor(place: Place, models: Models, width: number): Promise<Block[]> {
  const { path, waiter, operation, service } = place
  if (path.length === 0) return topPage(place, models)
  if (operation !== undefined && waiter !== undefined) return waiterPage(place, operation, waiter, models, width)
  if (operation !== undefined) return operationPage(place, operation, models, width)
  if (path.length === 1 && service !== undefined) return servicePage(place, service, models)
  return ownPage(place, width)
}

async function topPage(place: Place, models: Models): Promise<Block[]> {
  const children = await place.children('')
  const services = children.filter((name) => models.has(serviceOfCommand(name) ?? ''))
  const own = children.filter((name) => !services.includes(name) && !isOurs(name))
  return [
    name(PROGRAM, 'the AWS command line, and an AWS to try it on'),
    section('DESCRIPTION', [
      paragraph('Calls every operation of every AWS service, with the grammar, the files and the output of AWS CLI.'),
    ]),
    section('SYNOPSIS', [
      codeLines(`${PROGRAM} [options] <command> <subcommand> [parameters]`),
      paragraph(
        'Use ',
        code(`${PROGRAM} command help`),
        ' for a command, and ',
        code(`${PROGRAM} help topics`),
        ' for the list of topics. The synopsis of each command shows its parameters; those in square brackets can be left out.',
      ),
    ]),
    globalSection(),
    ownSection(),
    section('COMMANDS THAT AWS CLI DOES NOT HAVE', [described(Object.entries(ours))]),
    section('AVAILABLE COMMANDS', [bullets(own)]),
    section('AVAILABLE SERVICES', [bullets(services)]),
    section('SEE ALSO', [bullets([`${PROGRAM} help topics`])]),
  ]
}

/** Commands with the first sentence of what each does. */
async function servicePage(place: Place, name_: string, models: Models): Promise<Block[]> {
  const [service, docs] = await Promise.all([models.service(name_), models.documentation(name_, '')])
  const commands = (await place.children('')).map((command) => {
    const operation = operationCommand(service, command)?.operation
    const about =
      operation === undefined ? '' : firstSentence(blocksFrom(firstParagraph(docs?.operations[operation] ?? '')))
    return [command, command === 'wait' ? 'Waits until a condition holds.' : about] as const
  })
  return [
    name(place.path.join(' '), service.metadata.serviceFullName),
    section('DESCRIPTION', blocksFrom(docs?.service || service.metadata.serviceFullName)),
    section('AVAILABLE COMMANDS', [described(commands)]),
  ]
}

/** Commands, each with what it does. */
function described(commands: Iterable<readonly [command: string, about: string]>): Block {
  return bullets(
    Array.from(commands, ([command, about]) => [paragraph(code(command), about === '' ? '' : ` - ${about}`)]),
  )
}

function firstParagraph(html: string): string {
  const end = html.indexOf('</p>')
  return end < 0 ? html : html.slice(0, end)
}

async function operationPage(place: Place, operation: Operation, models: Models, width: number): Promise<Block[]> {
  const docs = await models.documentation(operation.service.name, operation.name)
  const words = blocksFrom(docs?.operations[operation.name] ?? '')
  const command = place.path.at(-1)!
  const describer = new Describer(docs)
  return [
    name(command, firstSentence(words)),
    section('DESCRIPTION', [...words, ...notes(operation, command)]),
    synopsis([command], place.table, width),
    optionsSection(place.table, operation.input?.shape, describer, width),
    globalSection(),
    ownSection(),
    examples([PROGRAM, ...place.path], operation, place.table),
    section('OUTPUT', outputBlocks(operation.output?.shape, describer)),
  ]
}

function outputBlocks(output: Shape | undefined, describer: Describer): Block[] {
  const parts = output === undefined ? [] : describer.parts(output)
  return parts.length === 0 ? [paragraph('None')] : parts
}

/** What holds for the command beside what AWS says of the operation. */
function notes(operation: Operation, command: string): Block[] {
  const { uid } = operation.service.metadata
  const paginator = operation.service.paginator(operation.name)
  const link = `https://docs.aws.amazon.com/goto/WebAPI/${uid}/${operation.name}`
  return [
    ...(uid === undefined ? [] : [paragraph(`See also: AWS API Documentation, ${link}`)]),
    ...(operation.traits.deprecated === true ? [paragraph('This operation is deprecated.')] : []),
    ...(usesDocuments(operation) ? [documentNote(command)] : []),
    ...(paginator === undefined ? [] : [paginationNote(command, paginator)]),
  ]
}

function paginationNote(command: string, { result_key }: Paginator): Block {
  const keys = (typeof result_key === 'string' ? [result_key] : result_key).map((key) => code(key))
  const listed = keys.flatMap((key, index) => (index > 0 ? [', ', key] : [key]))
  return paragraph(
    code(command),
    ' is paginated: several requests may be made to get the whole result. ',
    code('--no-paginate'),
    ' makes one. With ',
    code('--output text'),
    ' and ',
    code('--query'),
    ', the query is applied to each page and must start from: ',
    ...listed,
    '.',
  )
}

function documentNote(command: string): Block {
  return paragraph(
    code(command),
    ' takes or gives documents: any JSON, of strings, numbers, booleans, null, arrays and objects. In ' +
      'options and members of the type ',
    code('document'),
    ' they are written as JSON; there is no shorthand for them.',
  )
}

function usesDocuments({ input, output }: Operation): boolean {
  const seen = new Set<string>()
  const holds = (shape: Shape | undefined): boolean => {
    if (shape === undefined || seen.has(shape.name)) return false
    seen.add(shape.name)
    return (
      shape.traits.document === true ||
      [shape.member, shape.key, shape.value, ...shape.members].some((part) => holds(part?.shape))
    )
  }
  return holds(input?.shape) || holds(output?.shape)
}

async function waiterPage(
  place: Place,
  operation: Operation,
  waiter: string,
  models: Models,
  width: number,
): Promise<Block[]> {
  const docs = await models.documentation(operation.service.name, operation.name)
  const command = place.path.at(-1)!
  const about = waiterWords(operation.service, waiter)
  return [
    name(command, firstSentence(about)),
    section('DESCRIPTION', [...about, ...notes(operation, command)]),
    synopsis([command], place.table, width),
    optionsSection(place.table, operation.input?.shape, new Describer(docs), width),
    globalSection(),
    section('OUTPUT', [paragraph('None')]),
  ]
}

function waiterWords(service: Service, waiter: string): Block[] {
  const { operation, delay, maxAttempts, acceptors } = service.waiters[waiter]!
  const success = acceptors.find(({ state }) => state === 'success')
  const polled = operationName(service, operation)
  return [
    paragraph(
      'Waits until ',
      ...(success === undefined ? ['the condition holds'] : conditionWords(success)),
      ', asking ',
      code(polled),
      ` every ${delay} seconds. Exits with return code 255 after ${maxAttempts} failed checks.`,
    ),
  ]
}

function conditionWords({
  matcher,
  argument,
  expected,
}: WaiterModel['acceptors'][number]): (string | ReturnType<typeof code>)[] {
  const value = code(typeof expected === 'string' ? expected : JSON.stringify(expected))
  const path = code(argument ?? '')
  switch (matcher) {
    case 'path':
      return [path, ' is ', value]
    case 'pathAll':
      return [path, ' is ', value, ' everywhere']
    case 'pathAny':
      return [path, ' is ', value, ' somewhere']
    case 'error':
      return typeof expected === 'string'
        ? ['the error ', value, ' comes']
        : [expected === true ? 'an error comes' : 'no error comes']
    case 'status':
      return ['the answer’s status is ', value]
  }
}

function operationName(service: Service, operation: string): string {
  return `${commandOfService(service.name)} ${kebabCase(operation)}`
}

async function ownPage(place: Place, width: number): Promise<Block[]> {
  const { path, own, table } = place
  const children = await place.children('')
  const words = blocksFrom(own?.help ?? (path.length === 1 ? (ours[path[0]!] ?? groups[path[0]!]) : undefined) ?? '')
  const command = path.at(-1)!
  const waits = command === 'wait' && place.service !== undefined
  const about = waits
    ? [paragraph('Waits until a condition holds: asks again and again until the answer says so.')]
    : words
  return [
    name(command, firstSentence(about)),
    ...(about.length === 0 ? [] : [section('DESCRIPTION', about)]),
    ...(own === undefined
      ? [section('SYNOPSIS', [codeLines(`${PROGRAM} ${path.join(' ')} <subcommand> [parameters]`)])]
      : [
          synopsis([PROGRAM, ...path], table, width),
          optionsSection(table, undefined, new Describer(undefined), width),
          globalSection(),
        ]),
    ...(children.length === 0 ? [] : [section('AVAILABLE COMMANDS', [described(await aboutEach(path, children))])]),
  ]
}

/** Of the commands below `path`, the first sentence of what each does; of waiters and of those that hold others nothing. */
function aboutEach(path: readonly string[], children: readonly string[]) {
  return Promise.all(
    children.map(async (child) => {
      const command = await ownCommand([...path, child].join(' '))
      return [child, firstSentence(blocksFrom(command?.help ?? ''))] as const
    }),
  )
}

function name(words: string, about: string): Block {
  return section('NAME', [paragraph(about === '' ? `${words} -` : `${words} - ${about}`)])
}
