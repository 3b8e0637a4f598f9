// Is help right, whole and readable? Its syntaxes beside the reference's, pages of every service, and the built binary.
//
// help.cases.json holds "Shorthand Syntax", "JSON Syntax" and "Syntax" of 49 commands as AWS CLI 2.36.12 prints them,
// without blanks.

import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placeAt } from '../src/cli/complete/place.ts'
import { pageText } from '../src/cli/help/layout.ts'
import { pageFor } from '../src/cli/help/pages.ts'
import { jsonSyntax, listSyntax, shorthandSyntax } from '../src/cli/help/syntax.ts'
import { isComplex, takesBareValue } from '../src/cli/input/unpack.ts'
import { commandOfService } from '../src/cli/services.ts'
import { openModels } from '../src/model/load.ts'
import type { Models } from '../src/model/model.ts'
import { fileSource } from '../src/model/source.ts'
import recorded from './help.cases.json'
import { program, referenceModels, scratch } from './witnesses/witnesses.ts'

const reference = await referenceModels()
const noReference = 'missing' in reference ? `the reference's models are missing: ${reference.missing}` : undefined
if (noReference) console.log(`SKIPPED the reference's syntaxes: ${noReference}`)

describe.skipIf(noReference !== undefined)('syntaxes as the reference prints them', async () => {
  const models = 'found' in reference ? await openModels({ source: fileSource(reference.found) }) : undefined
  test.each(Object.entries(recorded))('%s', async (words, theirs) => {
    const [service, command, option, kind] = words.split(' ') as [
      string,
      string,
      string,
      'Shorthand' | 'JSON' | 'Syntax',
    ]
    const { table } = (await placeAt([service, command], models!))!
    const argument = table.get(option.slice(2))!
    const { shape } = argument.member!
    expect(isComplex(shape) && !takesBareValue(shape)).toBe(true)
    const mine = {
      Shorthand: () => shorthandSyntax(argument),
      JSON: () => jsonSyntax(shape),
      Syntax: () => listSyntax(shape),
    }
    const printed = mine[kind]()!.replace(/\s+/g, '').split('Wherevalid')[0]!
    // A row of very many allowed values is cut short on purpose.
    if (!printed.includes('|...')) expect(printed).toBe(theirs.split('Wherevalid')[0]!)
  })
})

const built = ['models', 'docs'].map((name) => join('build', `${name}.bin`))
const noModels = built.every((file) => existsSync(file)) ? undefined : 'the models are not compiled: npm run models'
if (noModels) console.log(`SKIPPED the pages of help: ${noModels}`)

describe.skipIf(noModels !== undefined)('pages', async () => {
  const [source, docs] = built.map((file) => fileSource(file)) as [
    ReturnType<typeof fileSource>,
    ReturnType<typeof fileSource>,
  ]
  const models = noModels ? undefined : await openModels({ source, docs })
  const page = async (words: readonly string[], width = 80, from: Models = models!): Promise<string> =>
    pageText(await pageFor((await placeAt(words, from))!, from, width), { width, decorated: false })
  const sections = (text: string): string[] => text.split('\n').filter((line) => /^[A-Z]/.test(line))

  test('an operation', async () => {
    const text = await page(['dynamodb', 'get-item'])
    expect(sections(text)).toEqual([
      'NAME',
      'DESCRIPTION',
      'SYNOPSIS',
      'OPTIONS',
      'GLOBAL OPTIONS',
      'OPTIONS THAT AWS CLI DOES NOT HAVE',
      'EXAMPLES',
      'OUTPUT',
    ])
    expect(text).toContain('\n   --table-name (string) [required]\n')
    expect(text).toContain(
      '\n     --table-name <value>\n     --key <value>\n     [--attributes-to-get <value> [<value>...]]\n',
    )
    expect(text).toContain('\n     [--consistent-read | --no-consistent-read]\n')
    expect(text).toContain('\n      JSON Syntax:\n         {\n           "string": {\n')
    expect(text).toContain('virga dynamodb get-item \\\n          --table-name <string>')
  })

  test('what was described is not described again', async () => {
    const text = await page(['dynamodb', 'put-item'])
    expect(text.match(/An attribute of type String Set/g)).toHaveLength(1)
    expect(text).toContain('The same as in Item.value above.')
  })

  test.each<[words: string, sections: string[], contained: string]>([
    [
      '',
      [
        'NAME',
        'DESCRIPTION',
        'SYNOPSIS',
        'GLOBAL OPTIONS',
        'OPTIONS THAT AWS CLI DOES NOT HAVE',
        'COMMANDS THAT AWS CLI DOES NOT HAVE',
        'AVAILABLE COMMANDS',
        'AVAILABLE SERVICES',
        'SEE ALSO',
      ],
      '\n   o s3api\n',
    ],
    [
      'sts',
      ['NAME', 'DESCRIPTION', 'AVAILABLE COMMANDS'],
      '\n   o assume-role - Returns a set of temporary security credentials',
    ],
    ['ec2 wait', ['NAME', 'DESCRIPTION', 'SYNOPSIS', 'AVAILABLE COMMANDS'], '\n   o instance-running\n'],
    [
      'ec2 wait instance-running',
      ['NAME', 'DESCRIPTION', 'SYNOPSIS', 'OPTIONS', 'GLOBAL OPTIONS', 'OUTPUT'],
      'Waits until Reservations[].Instances[].State.Name is running everywhere,',
    ],
    ['s3', ['NAME', 'SYNOPSIS', 'AVAILABLE COMMANDS'], '\n   o cp - '],
    [
      'mfa',
      ['NAME', 'DESCRIPTION', 'SYNOPSIS', 'AVAILABLE COMMANDS'],
      '\n   o status - Shows the profiles that have an MFA device',
    ],
    ['completion', ['NAME', 'DESCRIPTION', 'SYNOPSIS', 'OPTIONS', 'GLOBAL OPTIONS'], '\n     <shell>\n'],
  ])('virga %s help', async (words, wanted, contained) => {
    const text = await page(words.split(' ').filter((word) => word !== ''))
    expect(sections(text).filter((title) => title !== 'DESCRIPTION' || wanted.includes(title))).toEqual(wanted)
    expect(text).toContain(contained)
  })

  test('of every fiftieth operation: whole, without markup, and as wide as the window', async () => {
    let count = 0
    const wrong: string[] = []
    for (const service of models!.serviceNames) {
      const command = commandOfService(service)
      for (const word of await (await placeAt([command], models!))!.children('')) {
        const operation = (await placeAt([command, word], models!))?.operation
        if (operation === undefined || count++ % 50 > 0) continue
        const text = await page([command, word], 72)
        const description = text.split('\nSYNOPSIS\n')
        if (description.length < 2) wrong.push(`${command} ${word}: no synopsis`)
        const wide = description[0]!
          .split('\n')
          .find((line) => line.length > 72 && line.trim().includes(' ') && !/^ {3,}[{"[]/.test(line))
        if (wide !== undefined && !/^\s*(?:o |\d+\. )?\S+$/.test(wide)) wrong.push(`${command} ${word}: ${wide}`)
        if (/<\/?(?:p|code|li|ul|note)>/.test(text)) wrong.push(`${command} ${word}: markup`)
      }
    }
    expect(count).toBeGreaterThan(18_000)
    expect(wrong).toEqual([])
  }, 60_000)

  test('a model of one’s own, without documentation', async () => {
    const folder = scratch('help-models')
    const model = {
      metadata: {
        apiVersion: '2020-01-01',
        endpointPrefix: 'mini',
        protocol: 'json',
        serviceFullName: 'Mini',
        serviceId: 'Mini',
        jsonVersion: '1.1',
      },
      operations: { DoIt: { input: { shape: 'In' }, output: { shape: 'Out' } } },
      shapes: {
        In: { type: 'structure', required: ['Name'], members: { Name: { shape: 'Text' }, Deep: { shape: 'In' } } },
        Out: { type: 'structure', members: {} },
        Text: { type: 'string' },
      },
    }
    mkdirSync(join(folder, 'mini', '2020-01-01'), { recursive: true })
    writeFileSync(join(folder, 'mini', '2020-01-01', 'service-2.json'), JSON.stringify(model))
    const own = await openModels({ source, docs, extraDirectories: [folder] })
    expect(await page(['mini'], 80, own)).toContain(
      'NAME\n   mini - Mini\n\nDESCRIPTION\n   Mini\n\nAVAILABLE COMMANDS\n   o do-it\n',
    )
    const text = await page(['mini', 'do-it'], 80, own)
    expect(text).toContain(
      '\n   --name (string) [required]\n\n   --deep (structure)\n      Name -> (string) [required]\n\n      ( ... recursive ... )\n',
    )
    expect(text).toEndWith('OUTPUT\n   None\n')
    rmSync(folder, { recursive: true })
  })
})

const virga = join(import.meta.dir, '..', 'dist', 'virga')
const noBinary = existsSync(virga) ? undefined : 'there is no dist/virga: npm run build'
if (noBinary) console.log(`SKIPPED help from the built binary: ${noBinary}`)

describe.skipIf(noBinary !== undefined)('the built binary', () => {
  const home = scratch('help')
  afterAll(() => rmSync(home, { recursive: true, force: true }))
  const run = (words: string): { exit: number; stdout: string; stderr: string } => {
    const done = Bun.spawnSync([virga, ...words.split(' ')], {
      env: { HOME: home, PATH: process.env.PATH!, PAGER: 'false' },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    return { exit: done.exitCode, stdout: done.stdout.toString(), stderr: done.stderr.toString() }
  }

  test.each([
    ['help', 'NAME\n   virga - '],
    ['help topics', 'NAME\n   topics - '],
    ['help return-codes', 'NAME\n   return-codes - '],
    ['help config-vars', 'NAME\n   config-vars - '],
    ['help s3-config', 'NAME\n   s3-config - '],
    ['help s3-faq', 'NAME\n   s3-faq - '],
    ['help s3-case-insensitivity', 'NAME\n   s3-case-insensitivity - '],
    ['help ddb-expressions', 'NAME\n   ddb-expressions - '],
    ['iam help', 'NAME\n   iam - AWS Identity and Access Management\n'],
    ['s3api get-object help', 'NAME\n   get-object - '],
    ['iam list-users --max-items 3 help', 'NAME\n   list-users - '],
    ['ec2 wait help', 'NAME\n   wait - '],
    ['dynamodb wait table-exists help', 'NAME\n   table-exists - Waits until'],
    ['s3 cp help', 'NAME\n   cp -'],
    ['configure set help', 'NAME\n   set -'],
    ['--profile nobody sts help', 'NAME\n   sts - '],
    ['--help', 'NAME\n   virga - '],
    ['-h', 'NAME\n   virga - '],
    ['--profile nobody --help', 'NAME\n   virga - '],
    ['iam --help', 'NAME\n   iam - AWS Identity and Access Management\n'],
    ['iam list-users --max-items 3 --help', 'NAME\n   list-users - '],
    ['s3 cp here s3://there -h', 'NAME\n   cp -'],
    ['dynamodb wait table-exists --table-name t --help', 'NAME\n   table-exists - Waits until'],
    ['configure set --help', 'NAME\n   set -'],
    ['explain --help', 'NAME\n   explain - '],
    ['mfa status --help', 'NAME\n   status - '],
    ['local start --help', 'virga local start [options]\n'],
  ])('virga %s', (words, beginning) => {
    const { exit, stdout, stderr } = run(words)
    expect({ exit, stderr, beginning: stdout.slice(0, beginning.length) }).toEqual({ exit: 0, stderr: '', beginning })
    expect(stdout).not.toContain('\x1b')
  })

  test.each(['help nonsense', 'nonsense help', 'nonsense --help', 'ec2 nonsense help', 'ec2 wait nonsense help'])(
    'virga %s is a mistake',
    (words) => {
      const { exit, stdout } = run(words)
      expect({ exit, stdout }).toEqual({ exit: 252, stdout: '' })
    },
  )

  test('what holds others says which', () => {
    expect(run('explain')).toEqual({
      exit: 252,
      stdout: '',
      stderr:
        '\naws: [ERROR]: An error occurred (ParamValidation): explain takes one of: denied, endpoint, policy, config, ' +
        'credentials. To see what they do: virga explain help\n',
    })
  })

  const tmux = program('tmux')
  if ('missing' in tmux) console.log(`SKIPPED help in a terminal: ${tmux.missing}`)
  test.skipIf('missing' in tmux)(
    'in a terminal it is paged, as wide as the terminal, and in bold',
    async () => {
      const socket = join(home, 'tmux')
      const tmuxRun = (...args: string[]): string =>
        Bun.spawnSync(['tmux', '-S', socket, ...args], { stdout: 'pipe', stderr: 'pipe' }).stdout.toString()
      const command = `env HOME=${home} TERM=xterm 'PAGER=sed s/^/paged:/' sh -c '${virga} help topics; echo; sleep 60'`
      tmuxRun('-f', '/dev/null', 'new-session', '-d', '-x', '60', '-y', '200', command)
      try {
        let shown = ''
        for (let tries = 0; tries < 200 && !shown.includes('ddb-expressions'); tries++) {
          await Bun.sleep(50)
          shown = tmuxRun('capture-pane', '-p', '-e')
        }
        expect(shown).toMatch(/paged:.*\x1b\[1mAVAILABLE TOPICS/)

        expect(tmuxRun('capture-pane', '-p')).toContain('s3-case-insensitivity: downloads to a file system')
      } finally {
        tmuxRun('kill-server')
      }
    },
    60_000,
  )
})
