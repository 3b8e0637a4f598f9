// Races of what people wait for while they type: help, completion, and a call with a large model behind it.

import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { globalOptions } from '../../src/cli/globals.ts'
import type { OfficialCli, Witness } from '../../tests/witnesses/witnesses.ts'
import { program } from '../../tests/witnesses/witnesses.ts'
import { race, report } from './measure.ts'
import type { Contestant, Target } from './measure.ts'

interface Field {
  readonly virga: string
  readonly official: Witness<OfficialCli>
  readonly env: Record<string, string>
  readonly rounds: number
  /** A folder for what is made here. */
  readonly folder: string
}

/** Each returns how many targets were missed. */
export function commandLineRaces(field: Field): Record<string, () => Promise<number>> {
  const compared = (
    title: string,
    ours: string[],
    theirs: string[] | undefined,
    atMost: number,
    more: Record<string, string> = {},
  ) => {
    const env = { ...field.env, ...more }
    const contestants: Contestant[] = [{ name: 'virga', command: ours, env }]
    if (theirs !== undefined) contestants.push({ name: 'aws', command: theirs, env })
    const targets: Target[] = [
      { figure: 'wall', of: 'virga', to: 'aws', atMost },
      { figure: 'cpu', of: 'virga', to: 'aws', atMost },
    ]
    return report(title, race(contestants, field.rounds), targets)
  }
  const { virga, official } = field
  const help = (words: string): Record<string, () => Promise<number>> => ({
    [`help: ${words}`]: async () => {
      const aws = officialWithHelp(official, field.folder)
      return compared(
        `${words} help`,
        [virga, ...words.split(' '), 'help'],
        aws === undefined ? undefined : [aws, ...words.split(' '), 'help'],
        0.05,
        { PAGER: 'cat' },
      )
    },
  })
  return {
    ...help('sts get-caller-identity'),
    ...help('s3api put-object'),
    ...help('ec2 describe-regions'),
    ...help('ec2 run-instances'),
    'completion: ec2 des': async () => {
      const line = 'aws ec2 des'
      const theirs = 'found' in official ? [official.found.completer] : undefined
      return compared('completion of ec2 des', [virga, 'complete'], theirs, 0.02, {
        COMP_LINE: line,
        COMP_POINT: String(line.length),
      })
    },
    'start: ec2 run-instances': async () => {
      const server = await fakeEc2()
      try {
        const call = RUN_INSTANCES
        const theirs = 'found' in official ? [official.found.aws, ...call] : undefined
        const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' }
        return compared('ec2 run-instances', [virga, ...call], theirs, 0.018, { ...keys, AWS_ENDPOINT_URL: server.url })
      } finally {
        server.stop()
      }
    },
  }
}

/** For `fakeEc2`. */
export const RUN_INSTANCES = 'ec2 run-instances --image-id ami-1234567890abcdef0 --instance-type t3.micro'.split(' ')

export async function fakeEc2(): Promise<{ url: string; stop: () => void }> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'fake-ec2.ts')], { stdin: 'pipe', stdout: 'pipe' })
  const reader = child.stdout.getReader()
  const { value } = await reader.read()
  return { url: new TextDecoder().decode(value).trim(), stop: () => void child.stdin.end() }
}

/**
 * The npm package leaves out two files that its help reads, so it is given them in a copy made of links. Its help also
 * needs groff. Undefined where it cannot be had.
 */
function officialWithHelp(official: Witness<OfficialCli>, folder: string): string | undefined {
  const groff = program('groff')
  if ('missing' in official || 'missing' in groff) {
    if ('missing' in groff) console.log(`The official CLI's help is missing: ${groff.missing}`)
    return undefined
  }
  const from = dirname(official.found.aws)
  const to = join(folder, 'official-with-help')
  if (existsSync(to)) return join(to, 'aws')
  mkdirSync(join(to, 'awscli', 'examples'), { recursive: true })
  for (const name of readdirSync(from))
    if (name !== 'aws' && name !== 'awscli') symlinkSync(join(from, name), join(to, name))
  for (const name of readdirSync(join(from, 'awscli'))) {
    if (name !== 'examples') symlinkSync(join(from, 'awscli', name), join(to, 'awscli', name))
  }
  linkOrCopy(join(from, 'aws'), join(to, 'aws'))
  const names = globalOptions.map(({ name, flag }) => (flag === undefined ? `${name} <value>` : name))
  writeFileSync(join(to, 'awscli', 'examples', 'global_synopsis.rst'), names.map((name) => `[${name}]\n`).join(''))
  const described = globalOptions.map(
    ({ name }) => `\`\`${name}\`\` (string)\n  \n  What it does, in a line of words.\n  \n`,
  )
  writeFileSync(join(to, 'awscli', 'examples', 'global_options.rst'), described.join(''))
  return join(to, 'aws')
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    cpSync(from, to)
  }
}
