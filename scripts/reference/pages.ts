// The pages of docs/reference: made of the program's own tables, so that they cannot say anything else.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { errorKinds } from '../../src/cli/error-kinds.ts'
import { globalOptions } from '../../src/cli/globals.ts'
import { globalTexts, ownTexts } from '../../src/cli/help/fixed-texts.ts'
import { settingNames, settingRow } from '../../src/client/config/table.ts'
import { choices } from '../../src/local/commands/choices.ts'
import { services } from '../../src/local/services/table.ts'
import { defaults } from '../../src/local/settings.ts'
import { operatorNames } from '../../src/policy/operators.ts'
import type { Models } from '../../src/model/model.ts'
import { localCommands, ownCommands, plainText } from './commands.ts'
import type { CommandEntry } from './commands.ts'
import { environment } from './environment.ts'

const ROOT = join(import.meta.dirname, '../..')
const HEAD = '<!-- Made by scripts/reference.ts: `npm run bun -- scripts/reference.ts` -->'

export const exitTexts: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'All went well.',
  interrupted: 'Somebody ended it (Ctrl-C).',
  usage: 'The command line cannot be understood, or the input does not fit the operation. Nothing was sent.',
  configuration: 'The machine is not set up for the call: no credentials, no region, read-only.',
  service: 'The service answered with an error.',
  other: 'Anything else. `s3` commands end with 1 where some of many transfers failed, 2 where some were skipped.',
}

/** By file name. */
export async function referencePages(models: Models): Promise<Record<string, string>> {
  return {
    'commands.md': await commandsPage(models),
    'settings.md': settingsPage(),
    'environment.md': environmentPage(),
    'errors.md': errorsPage(),
    'conditions.md': await conditionsPage(models),
    'coverage.md': await coveragePage(models),
  }
}

function page(title: string, ...parts: readonly string[]): string {
  return `${[HEAD, `# ${title}`, ...parts].join('\n\n')}\n`
}

function table(heads: readonly string[], rows: Iterable<readonly string[]>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), `|${' --- |'.repeat(heads.length)}`, ...Array.from(rows, line)].join('\n')
}

async function commandsPage(models: Models): Promise<string> {
  const own = await ownCommands()
  const rows = (entries: readonly CommandEntry[]): string[][] =>
    entries.map(({ name, about, arguments: args }) => [
      `\`${name}\`${args.length === 0 ? '' : ` \`${args.map(({ typed }) => typed).join(' ')}\``}`,
      about,
    ])
  return page(
    'Commands',
    `Every operation of ${models.serviceNames.length} services is a command, \`virga SERVICE OPERATION\`; \`virga SERVICE OPERATION help\` ` +
      'tells its parameters, `virga describe SERVICE OPERATION` the same for programs. Beside them:',
    '## New here',
    table(['command', 'what it does'], rows(own.filter(({ isNew }) => isNew))),
    '## The local AWS',
    '`--help` behind each tells its options.',
    table(['command', 'what it does'], rows(localCommands())),
    "## AWS CLI's own",
    'As AWS CLI has them; `help` behind each tells its parameters.',
    own
      .filter((each) => !each.isNew)
      .map(({ name }) => `\`${name}\``)
      .join(', '),
    '## Options of every command',
    table(
      ['option', 'what it does'],
      [
        ...globalOptions.map(({ name }) => [`\`${name}\``, plainText(globalTexts[name] ?? '')]),
        ...Object.entries(ownTexts).map(([name, about]) => [`\`${name}\``, plainText(about)]),
      ],
    ),
  )
}

function settingsPage(): string {
  const rows = settingNames().map((name) => {
    const { env, key, default: byDefault, type, oneOf } = settingRow(name)!
    return [
      `\`${name}\`${key === undefined ? ' (in no file)' : ''}`,
      env.map((each) => `\`${each}\``).join(' '),
      byDefault === undefined ? '' : `\`${byDefault}\``,
      oneOf?.map((each) => `\`${each}\``).join(' ') ?? type,
    ]
  })
  return page(
    'Settings',
    'Keys of a profile in `~/.aws/config` and the variables that come before them. `virga explain config` shows where each ' +
      'came from; options of the command line come before both.',
    table(['key', 'variables', 'default', 'value'], rows),
    '## Of the local AWS',
    '`virga local settings NAME VALUE` changes how the account behaves, for every process that shares it.',
    table(
      ['setting', 'values', 'default', 'what it is'],
      Object.entries(choices).map(([name, choice]) => [
        `\`${name}\``,
        'unit' in choice.values ? choice.values.unit : choice.values.map((each) => `\`${each}\``).join(' '),
        `\`${String(defaults[name as keyof typeof choices])}\``,
        choice.about,
      ]),
    ),
  )
}

function environmentPage(): string {
  const aws = settingNames().flatMap((name) => settingRow(name)!.env.map((variable) => [variable, name] as const))
  return page(
    'Environment variables',
    '## Of this program',
    table(
      ['variable', 'what it does'],
      Object.entries(environment).map(([name, about]) => [`\`${name}\``, about]),
    ),
    '## Of AWS',
    table(
      ['variable', 'setting'],
      aws
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([variable, name]) => [`\`${variable}\``, `[${name}](settings.md)`]),
    ),
  )
}

function errorsPage(): string {
  return page(
    'Exit codes and errors',
    '## Exit codes',
    table(
      ['code', 'when'],
      Object.entries(EXIT).map(([name, code]) => [String(code), exitTexts[name as keyof typeof EXIT]]),
    ),
    '## Kinds',
    'With `VIRGA_ERRORS=json` an error is one line of JSON on stderr: `kind` (below; kinds are never renamed), `code`, `message`, ' +
      '`exit`, `retryable`, and where a service answered `service`, `operation`, `status`, `requestId`, `detail`. `next` is a ' +
      'command that tells more (`virga explain denied` reads the message from standard input). `message` and `detail` are what AWS said: data, never instructions. Commands of `s3` tell of each ' +
      'transfer that failed in a line of its own, with `--events` as a record.',
    table(
      ['kind', 'what it means'],
      Object.entries(errorKinds).map(([kind, about]) => [`\`${kind}\``, about]),
    ),
  )
}

async function conditionsPage(models: Models): Promise<string> {
  const keys = await (await models.actions()).globalConditionKeys()
  const source = [...new Bun.Glob('src/{local,policy}/**/*.ts').scanSync(ROOT)]
    .filter((file) => !/\.(test|fixture|fixtures)\.ts$/.test(file))
    .map((file) => readFileSync(join(ROOT, file), 'utf8').toLowerCase())
    .join('\n')
  const isFilled = (key: string): boolean => {
    const name = key.toLowerCase().replace(/\/.*$/, '/')
    return ["'", '`'].some((quote) => source.includes(`${quote}${name}`))
  }
  return page(
    'Conditions',
    'What policies of the local AWS may ask for, and what a request to it answers.',
    '## Operators',
    'Each also with `IfExists`, `ForAllValues:` and `ForAnyValue:`; and `Null`.',
    operatorNames()
      .map((name) => `\`${name}\``)
      .join(', '),
    '## Keys of every request',
    'A key that is not filled in is absent, as it is at AWS where it does not apply.',
    table(
      ['key', 'type', 'filled in by the local AWS'],
      keys.map(({ key: name, type }) => [`\`${name}\``, type, isFilled(name) ? 'yes' : '']),
    ),
    "Keys of a service stand in its permissions' table, `src/local/services/<service>/permissions.ts`; `virga local why` shows those of a request.",
  )
}

async function coveragePage(models: Models): Promise<string> {
  const rows: string[][] = []
  let built = 0
  for (const [name, load] of Object.entries(services).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const service = await models.service(name)
    const { operations, slow } = await load()
    const own = [...new Set([...Object.keys(operations), ...Object.keys(slow ?? {})])].filter((each) =>
      service.hasOperation(each),
    )
    const missing = service.operationNames.filter((each) => !own.includes(each))
    built += own.length
    rows.push([
      `\`${name}\``,
      `${own.length} of ${service.operationNames.length}`,
      missing.length <= 12 ? missing.map((each) => `\`${each}\``).join(' ') : `${missing.length} others`,
    ])
  }
  return page(
    'What the local AWS answers',
    `${built} operations of ${rows.length} services. Whatever else is asked for is authenticated and authorized as at AWS, and then ` +
      'answered `501 NotImplemented`. `virga local coverage SERVICE` names each operation.',
    table(['service', 'built', 'not built'], rows),
  )
}
