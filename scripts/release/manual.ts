// The manual page, virga(1), of the same tables as docs/reference. https://man7.org/linux/man-pages/man7/man-pages.7.html

import { EXIT } from '../../src/cli/exit-codes.ts'
import { globalOptions } from '../../src/cli/globals.ts'
import { globalTexts, ownTexts } from '../../src/cli/help/fixed-texts.ts'
import { embeddedModels } from '../../src/cli/models-in-use.ts'
import { VERSION } from '../../src/cli/version.ts'
import type { Models } from '../../src/model/model.ts'
import { localCommands, ownCommands, plainText } from '../reference/commands.ts'
import { environment } from '../reference/environment.ts'
import { exitTexts } from '../reference/pages.ts'

export async function manual(models: Models): Promise<string> {
  const own = await ownCommands()
  const commands = own.filter(({ isNew }) => isNew)
  const options = [
    ...globalOptions.map(({ name }) => [name, plainText(globalTexts[name] ?? '')] as const),
    ...Object.entries(ownTexts).map(([name, about]) => [name, plainText(about)] as const),
  ]
  return [
    `.TH VIRGA 1 "${embeddedModels.date}" "virga ${VERSION}"`,
    '.SH NAME',
    'virga \\- the AWS command line, and an AWS to try it on',
    '.SH SYNOPSIS',
    '.B virga\n[options] command subcommand [parameters]',
    '.SH DESCRIPTION',
    escaped(
      `Calls every operation of ${models.serviceNames.length} AWS services, with the grammar, the files and the output of AWS CLI. ` +
        'The profile `local` is an AWS account inside the program: no network, no server, with IAM as AWS enforces it.',
    ),
    '.PP',
    escaped('`virga help` lists the commands, `virga SERVICE OPERATION help` the parameters of one.'),
    '.SH COMMANDS',
    escaped('Beside the services and the commands that AWS CLI has:'),
    ...[...commands, ...localCommands()].flatMap(({ name, about, arguments: args }) =>
      entry(`${name} ${args.map(({ typed }) => typed).join(' ')}`.trim(), about),
    ),
    '.SH OPTIONS',
    ...options.flatMap(([name, about]) => entry(name, about)),
    '.SH ENVIRONMENT',
    escaped('The variables of AWS CLI, and:'),
    ...Object.entries(environment).flatMap(([name, about]) => entry(name, about.replaceAll(/\[(.*?)\]\(.*?\)/g, '$1'))),
    '.SH EXIT STATUS',
    ...Object.entries(EXIT).flatMap(([name, code]) => entry(String(code), exitTexts[name as keyof typeof EXIT])),
    '.SH FILES',
    ...entry('~/.aws/config, ~/.aws/credentials', 'Profiles and keys, as AWS CLI has them.'),
    ...entry('~/.virga', 'The local account, fetched models and state.'),
    '.SH SEE ALSO',
    escaped('`virga help topics`, aws(1)'),
    '',
  ].join('\n')
}

function entry(head: string, about: string): string[] {
  return ['.TP', `.B ${escaped(head)}`, escaped(about)]
}

/** Backslashes, hyphens and a dot or quote at the start mean something in roff. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '')
    .replaceAll('’', "'")
    .replaceAll('…', '...')
    .replace(/^([.'])/, '\\&$1')
}
