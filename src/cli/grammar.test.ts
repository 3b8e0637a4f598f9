// Is our command line the reference's, argument by argument? `reference/grammar.jsonl.gz` holds every command and
// argument of AWS CLI 2.36.12; with the reference's own models every difference is ours.

import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'bun:test'
import { fileSource } from '../model/source.ts'
import { openModels } from '../model/load.ts'
import { kebabCase } from '../lib/names.ts'
import { argumentFrom, argumentsOf } from './arguments.ts'
import type { ArgumentTable } from './arguments.ts'
import { ownCommand } from './own-command.ts'
import { ownNames } from './own-names.ts'
import { commandArguments, commandOfService, operationCommands } from './services.ts'

const grammar = `${process.env.VIRGA_SHARED ?? '../shared'}/reference/grammar.jsonl.gz`
/** The reference's models, compiled: `npm run models -- --from …/awscli/botocore/data --out FILE`. */
const models = process.env.VIRGA_REFERENCE_MODELS ?? ''

interface GrammarArgument {
  type: string
  member?: string
  required?: boolean
  choices?: string[]
  nargs?: string | number
  undocumented?: boolean
  action?: string
}
interface GrammarCommand {
  command: string
  operation?: string
  custom?: boolean
  undocumented?: boolean
  args: Record<string, GrammarArgument>
}

/** What a table looks like in the reference's words. */
function described(table: ArgumentTable): Record<string, GrammarArgument> {
  return Object.fromEntries(
    [...table.values()].map((argument) => {
      const { name, type, fills, required, nargs, choices, hidden, kind, flag } = argument
      const isPair = kind === 'value pair'
      return [
        name,
        {
          type,
          ...(required ? { required } : {}),
          ...(choices === undefined ? {} : { choices: [...choices] }),
          ...(nargs === undefined || isPair ? {} : { nargs }),
          ...(hidden ? { undocumented: true } : {}),
          ...(fills === undefined ? {} : { member: fills }),
          ...(flag === undefined ? {} : { action: flag || isPair ? 'store_true' : 'store_false' }),
        },
      ]
    }),
  )
}

/** Positionals that the dump does not call required; the official binary refuses to go on without them (252). */
const asked: Readonly<Record<string, readonly string[]>> = {
  'configure get': ['varname'],
  'configure set': ['varname', 'value'],
}

function wanted(args: Record<string, GrammarArgument>): Record<string, GrammarArgument> {
  return Object.fromEntries(
    Object.entries(args).map(([name, argument]) => {
      const { type, member, required, choices, nargs, undocumented, action } = argument
      // Other actions are classes of the reference's own.
      const flag = action === 'store_true' || action === 'store_false' ? { action } : {}
      const allowed = typeof choices === 'string' ? pythonKeys(choices) : choices
      return [name, clean({ type, member, required, choices: allowed, nargs, undocumented, ...flag })]
    }),
  )
}

/** `dict_keys(['detailed'])`, as the reference's own dump has it once. */
function pythonKeys(text: string): string[] {
  return [...text.matchAll(/'([^']*)'/g)].map(([, key]) => key!)
}

function clean(argument: GrammarArgument): GrammarArgument {
  return Object.fromEntries(
    Object.entries(argument).filter(([, value]) => value !== undefined),
  ) as unknown as GrammarArgument
}

const missing = !existsSync(grammar)
  ? `${grammar} is not there`
  : !existsSync(models)
    ? 'VIRGA_REFERENCE_MODELS names no file'
    : ''
if (missing !== '') console.log(`skipped: the grammar is not compared: ${missing}`)

test.skipIf(missing !== '')(
  "every command and argument is the reference's",
  async () => {
    const text = gunzipSync(readFileSync(grammar)).toString()
    const reference = new Map(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as GrammarCommand)
        .map((c) => [c.command, c]),
    )
    const ours = await openModels({ source: fileSource(models) })
    const differences: string[] = []
    const seen = new Set<string>()
    let compared = 0
    const compare = (command: string, operation: string | undefined, table: ArgumentTable) => {
      seen.add(command)
      const theirs = reference.get(command)
      if (theirs === undefined) return void differences.push(`${command}: not in the reference`)
      if (theirs.operation !== operation) differences.push(`${command}: ${operation}, not ${theirs.operation}`)
      const mine = described(table)
      const theirArguments = wanted(theirs.args)
      for (const name of asked[command] ?? []) theirArguments[name] = { ...theirArguments[name]!, required: true }
      for (const name of new Set([...Object.keys(theirArguments), ...Object.keys(mine)])) {
        compared++
        const [a, b] = [theirArguments[name], mine[name]]
        if (!Bun.deepEquals(a, b))
          differences.push(`${command} --${name}: ${JSON.stringify(b)}, not ${JSON.stringify(a)}`)
      }
      if (Object.keys(mine).join() !== Object.keys(theirArguments).join() && Bun.deepEquals(mine, theirArguments)) {
        differences.push(`${command}: order ${Object.keys(mine).join(' ')}`)
      }
    }
    for (const name of ours.serviceNames) {
      const service = await ours.service(name)
      const command = commandOfService(name)
      for (const each of operationCommands(service).values()) {
        const full = `${command} ${each.name}`
        if (reference.get(full)?.custom) continue
        compare(full, each.operation, (await commandArguments(service, each)).table)
      }
      for (const [waiter, { operation }] of Object.entries(service.waiters)) {
        compare(`${command} wait ${kebabCase(waiter)}`, operation, argumentsOf(service.operation(operation)))
      }
    }
    for (const [command, { custom }] of reference) {
      if (!custom || command.endsWith(' wait')) continue
      const definition = await ownCommand(command)
      const shown = Object.entries(definition?.arguments ?? {}).filter(([, { beside }]) => !beside)
      const own = shown.map(([name, added]) => argumentFrom(name, added))
      compare(command, undefined, new Map(own.map((argument) => [argument.name, argument])))
      if (definition === undefined && (await ownNames(command)).length === 0) differences.push(`${command}: missing`)
    }
    for (const [command, { operation, undocumented }] of reference) {
      if (operation !== undefined && !seen.has(command))
        differences.push(`${command}: missing${undocumented ? ' (hidden)' : ''}`)
    }
    console.log(`${compared} arguments compared, ${differences.length} differences`)
    if (process.env.VIRGA_SHOW_GRAMMAR) console.log(differences.join('\n'))
    expect(differences.slice(0, 20)).toEqual([])
  },
  120_000,
)
