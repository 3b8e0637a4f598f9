// `npm run conformance`: how far are we from the official AWS CLI? Both run the same command lines with the same models and get the same
// answers; requests, stdout, stderr and exit codes are compared.
//
//   npm run conformance                                    400 operations drawn at random, in every mode and output
//   npm run conformance -- --n 5000 --seed 7               more of them
//   npm run conformance -- --all --write                   all (hours), the ledger into docs/COMPATIBILITY.md
//   npm run conformance -- --all --kept                    those of all that the reference was asked before: minutes
//   npm run conformance -- --only '^ec2 describe' --show 5 some of them, and what differs
//   npm run conformance -- --examples awscli/examples      the commands that AWS's documentation shows, from its folder of .rst
//   npm run conformance -- --jobs lines.jsonl              command lines of one's own: {"argv", "files"?, "env"?, "stdin"?} or just the words
//   npm run conformance -- ec2 run-instances --count 2 …   one command line in both programs

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openModels } from '../src/model/load.ts'
import { fileSource } from '../src/model/source.ts'
import type { Models } from '../src/model/model.ts'
import { operationCommands, serviceOfCommand } from '../src/cli/services.ts'
import { officialCli, referenceModels, scratch } from '../tests/witnesses/witnesses.ts'
import { canonical, differences, signatureOf, type Differences, type Outcome } from './conformance/compare.ts'
import { examplesBelow } from './conformance/examples.ts'
import { answersOf, jobFor, type Answer, type Job, type Mode } from './conformance/jobs.ts'
import { Reference, runOurs } from './conformance/run-both.ts'

interface Wish {
  n: number
  seed: number
  show: number
  only?: RegExp
  modes: Mode[]
  outputs: string[]
  write: boolean
  /** Only what the reference was asked before: minutes instead of hours. */
  kept: boolean
  examples?: string
  jobs?: string
  command?: string[]
}

const MODES: readonly Mode[] = ['min', 'full', 'input']

const wish = understood(process.argv.slice(2))
const official = await officialCli()
const compiled = await referenceModels()
for (const witness of [official, compiled]) {
  if ('missing' in witness) {
    console.error(`conformance: ${witness.missing}`)
    process.exit(1)
  }
}
const { aws } = (official as { found: { aws: string } }).found
const file = (compiled as { found: string }).found
const models = await openModels({ source: fileSource(file), docs: fileSource(`${file}.docs`) })
const folder = scratch('conformance')
const reference = new Reference(aws, folder, join(dirname(file), 'outcomes.sqlite'))

process.exit(wish.command ? await one(wish.command) : await many())

async function one(argv: string[]): Promise<number> {
  const job: Job = { id: argv.join(' '), argv, answers: await answersFor(argv) }
  const [theirs] = await reference.outcomes([job], () => {})
  const ours = await runOurs(job, theirs!, models, folder)
  const different = differences(theirs!, ours)
  tell('both programs', theirs!, ours, different, true)
  return Object.values(different).some(Boolean) ? 1 : 0
}

async function many(): Promise<number> {
  const wanted = wish.examples
    ? await documented(wish.examples)
    : wish.jobs
      ? await given(wish.jobs)
      : await drawn(models)
  const jobs = wish.kept ? wanted.filter((job) => reference.knows(job)) : wanted
  const report = process.stderr.isTTY
    ? (done: number) => process.stderr.write(`\rthe reference: ${done} of ${jobs.length}`)
    : () => {}
  console.log(
    `${jobs.length} command lines; the reference takes about ${Math.ceil((jobs.length * 0.15) / navigator.hardwareConcurrency / 60)} min`,
  )
  const ledger = new Map<string, { all: number } & Record<keyof Differences, number>>()
  let shown = 0
  for (let at = 0; at < jobs.length; at += 4000) {
    const portion = jobs.slice(at, at + 4000)
    const references = await reference.outcomes(portion, (done) => report(at + done))
    for (const [index, job] of portion.entries()) {
      const theirs = references[index]!
      const ours = await runOurs(job, theirs, models, folder)
      const different = differences(theirs, ours)
      for (const category of [...(job.categories ?? []), 'all']) {
        const line = ledger.get(category) ?? { all: 0, requests: 0, signature: 0, stdout: 0, stderr: 0, exit: 0 }
        line.all++
        for (const what of Object.keys(different) as (keyof Differences)[]) line[what] += Number(different[what])
        ledger.set(category, line)
      }
      if (Object.values(different).some(Boolean) && shown++ < wish.show) tell(job.id, theirs, ours, different, false)
    }
  }
  const table = ledgerText(ledger)
  console.log(table)
  if (wish.write) writeLedger(table)
  return 0
}

async function documented(folder: string): Promise<Job[]> {
  const examples = examplesBelow(folder).filter(({ id, argv }) => (wish.only ?? /(?:)/).test(`${id} ${argv.join(' ')}`))
  return Promise.all(examples.map(async (example) => ({ ...example, answers: await answersFor(example.argv) })))
}

async function given(file: string): Promise<Job[]> {
  const lines = readFileSync(file, 'utf8').split('\n')
  return Promise.all(
    lines
      .filter((line) => line.trim() !== '')
      .map(async (line) => {
        const parsed = JSON.parse(line) as string[] | (Partial<Job> & { argv: string[] })
        const job = Array.isArray(parsed) ? { argv: parsed } : parsed
        return { id: job.argv.join(' '), ...job, answers: job.answers ?? (await answersFor(job.argv)) }
      }),
  )
}

/** What the operation answers that stands in a command line; nothing special where there is none. */
async function answersFor(argv: readonly string[]): Promise<Answer[]> {
  const at = argv.findIndex((word) => models.has(serviceOfCommand(word) ?? ''))
  const service = at < 0 ? undefined : await models.service(serviceOfCommand(argv[at]!)!)
  const command = service && operationCommands(service).get(argv[at + 1] ?? '')
  return command ? answersOf(service.operation(command.operation)) : []
}

async function drawn(models: Models): Promise<Job[]> {
  const commands: [string, string][] = []
  for (const name of models.serviceNames) {
    const service = await models.service(name)
    for (const command of operationCommands(service).values()) {
      if (!command.hidden && (!wish.only || wish.only.test(`${name} ${command.name}`)))
        commands.push([name, command.name])
    }
  }
  const chosen = shuffled(commands, wish.seed).slice(0, wish.n)
  const jobs: Job[] = []
  for (const [index, [name, command]] of chosen.entries()) {
    const service = await models.service(name)
    for (const mode of wish.modes) {
      // The same whichever modes are asked for, so that what the reference did is found again.
      const output = wish.outputs[(index + MODES.indexOf(mode)) % wish.outputs.length]!
      const job = await jobFor(service, operationCommands(service).get(command)!, mode, output)
      if (job) jobs.push(job)
    }
  }
  // The models of a service are read once for its neighbours.
  return jobs.toSorted((a, b) => (a.argv[0]! < b.argv[0]! ? -1 : a.argv[0]! > b.argv[0]! ? 1 : 0))
}

/** The same order for the same seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed >>> 0 || 1
  const random = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

function ledgerText(ledger: ReadonlyMap<string, { all: number } & Record<keyof Differences, number>>): string {
  const percent = (different: number, all: number): string =>
    `${((100 * (all - different)) / all).toFixed(2)} %`.padStart(10)
  const rows = [...ledger]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([category, line]) => {
      const { all, requests, signature, stdout, stderr, exit } = line
      return `${category.padEnd(20)}${String(all).padStart(8)}${[requests, signature, stdout, stderr, exit].map((n) => percent(n, all)).join('')}`
    })
  const head = `${'equal'.padEnd(20)}${'lines'.padStart(8)}${['requests', 'signatures', 'stdout', 'stderr', 'exit'].map((name) => name.padStart(10)).join('')}`
  return `${[head, ...rows].join('\n')}\n`
}

/** Puts the ledger between its marks in docs/COMPATIBILITY.md. */
function writeLedger(table: string): void {
  const file = join(import.meta.dir, '..', 'docs', 'COMPATIBILITY.md')
  const how = `${wish.n === Infinity ? 'all operations' : `${wish.n} operations, seed ${wish.seed}`}, AWS CLI 2.36.12`
  const [before, , after] = readFileSync(file, 'utf8').split(/(<!-- ledger -->\n)[^]*(?=<!-- \/ledger -->)/)
  if (after === undefined) throw new Error(`${file} has no <!-- ledger --> … <!-- /ledger -->`)
  writeFileSync(file, `${before}<!-- ledger -->\n${how}:\n\n\`\`\`\n${table}\`\`\`\n${after}`)
}

function tell(id: string, theirs: Outcome, ours: Outcome, different: Differences, everything: boolean): void {
  console.log(`--- ${id}`)
  for (const what of ['requests', 'stdout', 'stderr', 'exit', 'signature'] as const) {
    if (!different[what] && (!everything || what === 'signature')) continue
    const [theirText, ourText] = [theirs, ours].map((outcome) => {
      if (what === 'signature') return outcome.requests.map(signatureOf).join('\n')
      if (what === 'requests') return outcome.requests.map((one) => JSON.stringify(canonical(one))).join('\n')
      return String(outcome[what])
    }) as [string, string]
    if (!different[what]) console.log(`${what} equal: ${ourText}`)
    else {
      const from = everything ? 0 : Math.max(0, firstDifference(theirText, ourText) - 200)
      const [their, our] = [theirText, ourText].map((text) => text.slice(from, everything ? undefined : from + 600))
      console.log(`${what} differ${from > 0 ? ` from ${from}` : ''}\n  aws   ${their}\n  virga ${our}`)
    }
  }
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}

function understood(words: readonly string[]): Wish {
  const wish: Wish = {
    n: 400,
    seed: 1,
    show: 0,
    write: false,
    kept: false,
    modes: [...MODES],
    outputs: ['json', 'text', 'table', 'yaml'],
  }
  if (words.length > 0 && !words[0]!.startsWith('--')) return { ...wish, command: [...words] }
  for (let at = 0; at < words.length; at++) {
    const value = () => words[++at] ?? ''
    switch (words[at]) {
      case '--n':
        wish.n = Number(value())
        break
      case '--all':
        wish.n = Infinity
        break
      case '--seed':
        wish.seed = Number(value())
        break
      case '--show':
        wish.show = Number(value())
        break
      case '--only':
        wish.only = new RegExp(value())
        break
      case '--modes':
        wish.modes = value().split(',') as Mode[]
        break
      case '--outputs':
        wish.outputs = value().split(',')
        break
      case '--examples':
        wish.examples = value()
        break
      case '--jobs':
        wish.jobs = value()
        break
      case '--kept':
        wish.kept = true
        break
      case '--write':
        wish.write = true
        break
      default:
        console.error(
          `conformance: what is ${words[at]}? The options are --n --all --seed --show --only --modes --outputs --examples --jobs --kept --write, or a command line`,
        )
        process.exit(252)
    }
  }
  return wish
}
