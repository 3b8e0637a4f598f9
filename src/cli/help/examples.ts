// How does a command look as it is typed? Made from the shapes: the arguments that are required, with the types of
// their values, and the ways to give all of them.

import { keysOf } from '../../lib/value.ts'
import type { Operation } from '../../model/model.ts'
import type { Argument, ArgumentTable } from '../arguments.ts'
import { codeLines, item, section } from './blocks.ts'
import type { Block } from './blocks.ts'
import { isComplex } from '../input/unpack.ts'
import { jsonSyntax, shorthandSyntax } from './syntax.ts'

/** A shorthand longer than this explains nothing; JSON of one line may be as long. */
const LONGEST = 60

export function examples(words: readonly string[], operation: Operation, table: ArgumentTable): Block {
  const command = words.join(' ')
  const required = Array.from(table.values()).filter((argument) => argument.required && !argument.hidden)
  const options = required.filter(({ positional, flag }) => !positional && flag !== false)
  const typed = [
    ...options.map(optionExample),
    ...required.filter(({ positional }) => positional).map(({ name }) => name),
  ]
  const blocks: Block[] = [
    item(
      [required.length === 0 ? 'Nothing is required:' : 'With what is required:'],
      [codeLines([command, ...typed].join(' \\\n    '))],
    ),
  ]
  if (table.has('cli-input-json')) {
    blocks.push(
      item(
        ['With an input from a file, which holds as much as you like:'],
        [codeLines(`${command} --generate-cli-skeleton > input.json\n${command} --cli-input-json file://input.json`)],
      ),
    )
  }
  const query = queryExample(operation)
  if (query !== undefined) {
    blocks.push(item(['With one thing of the answer:'], [codeLines(`${command} … --query '${query}' --output text`)]))
  }
  return section('EXAMPLES', blocks)
}

function optionExample(argument: Argument): string {
  const { name, type, member, flag } = argument
  if (flag !== undefined) return `--${name}`
  const shape = member?.shape
  if (shape === undefined || !isComplex(shape)) return `--${name} <${shape?.traits.enum?.[0] ?? type}>`
  if (shape.type === 'list' && !isComplex(shape.member!.shape)) return `--${name} <${shape.member!.shape.type}> ...`
  const shorthand = shorthandSyntax(argument)
  if (shorthand !== undefined && shorthand.length <= LONGEST && !shorthand.includes('\n'))
    return `--${name} ${shorthand}`
  const json = jsonSyntax(shape).replace(/\s+/g, ' ')
  return json.length <= LONGEST ? `--${name} '${json}'` : `--${name} file://${name}.json`
}

/** The way to the first plain value of the output. */
function queryExample({ output, service, name }: Operation): string | undefined {
  const paginator = service.paginator(name)
  const keys = paginator === undefined ? [] : [paginator.result_key].flat()
  const first = keys[0] ?? keysOf(Object.fromEntries((output?.shape.members ?? []).map((each) => [each.name, 0])))[0]
  if (first === undefined || !/^\w+$/.test(first)) return first
  let path = first
  let shape = output?.shape.memberNamed(first)?.shape
  for (let depth = 0; shape !== undefined && isComplex(shape) && depth < 3; depth++) {
    if (shape.type === 'map') return path
    if (shape.type === 'list') {
      path += '[]'
      shape = shape.member!.shape
    }
    const inner = shape.members.find((member) => !isComplex(member.shape)) ?? shape.members[0]
    if (inner === undefined) return path
    path += `.${inner.name}`
    shape = inner.shape
  }
  return path
}
