// Are the documents true? Every code block of README.md and docs/ is run, in the order of its document, in one shell with a
// home of its own. AWS is the local AWS there: a server runs, and AWS_ENDPOINT_URL and an administrator's keys are set,
// unless the document starts a server itself or says `<!-- no server`. `virga` is the package in dist/npm/virga.
//
//   ```sh                   is run; every command must go well
//   ```console              `$ command`, and what it prints; `…` stands for any text, a line of it for any lines;
//                           `# exit 253` behind a command: how it must end, 0 otherwise
//   ```json file=NAME       is written to NAME; what is JSON must be JSON (ini, python, yaml … likewise)
//   ```                     is no code
//   ```ts file=NAME         is a program, see tests/library-consumer.test.ts; only written here
//   ``` … norun="REASON"    is not run here; the reason says why, or where it is
//
// Links to files and headings of ours must lead somewhere, and docs/reference must be what scripts/reference.ts makes.

import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { openModels } from '../src/model/load.ts'
import { fileSource } from '../src/model/source.ts'
import { referencePages } from '../scripts/reference/pages.ts'
import { noProgram, virga } from './program.ts'

setDefaultTimeout(120_000)

const ROOT = join(import.meta.dir, '..')
const LIBRARY = join(ROOT, 'dist/npm/virga')
const documents = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
]

interface Block {
  readonly line: number
  readonly language: string
  readonly file?: string
  readonly norun?: string
  readonly text: string
}

function blocksOf(document: string): Block[] {
  const lines = readFileSync(join(ROOT, document), 'utf8').split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; at++) {
    const [, info] = /^```(.*)$/.exec(lines[at]!) ?? []
    if (info === undefined) continue
    const end = lines.indexOf('```', at + 1)
    blocks.push({
      line: at + 1,
      language: /^\S*/.exec(info)![0],
      file: /\bfile=(\S+)/.exec(info)?.[1],
      norun: /\bnorun="([^"]+)"/.exec(info)?.[1],
      text: lines.slice(at + 1, end).join('\n') + '\n',
    })
    at = end
  }
  return blocks
}

/** A command of the shell, and what must come of it. */
interface Step {
  readonly line: number
  readonly command: string
  readonly exit: number
  /** Undefined where it may print anything. */
  readonly prints?: string
}

function stepsOf({ language, text, line }: Block): Step[] {
  if (language === 'sh') return [{ line, command: text, exit: 0 }]
  const steps: Step[] = []
  for (const [index, each] of text.replace(/\n$/, '').split('\n').entries()) {
    if (each.startsWith('$ ')) {
      const exit = Number(/# exit (\d+)$/.exec(each)?.[1] ?? 0)
      steps.push({ line: line + index + 1, command: each.slice(2), exit, prints: '' })
    } else {
      const last = steps.pop()!
      steps.push({ ...last, prints: `${last.prints}${each}\n` })
    }
  }
  return steps
}

/** `…` stands for any text of a line, a line of it for any lines, none too. */
function pattern(prints: string): RegExp {
  const lines = prints.split('\n').slice(0, -1)
  const escaped = lines.map((line) =>
    line === '…' ? '(?:.*\\n)*?' : `${RegExp.escape(line).replaceAll('…', '.*')}\\n`,
  )
  return new RegExp(`^${escaped.join('')}$`)
}

const scratch = mkdtempSync(join(tmpdir(), 'virga-docs-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Run = (step: Step) => Promise<{ exit: number; output: string }>

/** A home with the program on its path; with `served`, a server of the local account for what would call AWS. */
async function withShell(served: boolean, act: (run: Run, folder: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(scratch, 'home-'))
  const aside = mkdtempSync(join(scratch, 'aside-'))
  symlinkSync(virga[0]!, join(aside, 'virga'))
  mkdirSync(join(home, 'node_modules'))
  symlinkSync(LIBRARY, join(home, 'node_modules/virga'))
  const env: Record<string, string> = {
    HOME: home,
    PATH: `${aside}:${process.env['PATH']}`,
    TMPDIR: scratch,
    LC_ALL: 'C.UTF-8',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  }
  const server = served ? await serverIn(env, aside) : undefined
  const shell = Bun.spawn(['bash', '--noprofile', '--norc'], {
    cwd: home,
    env: { ...env, ...server?.exported },
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
  })
  let count = 0
  const run: Run = async ({ command }) => {
    const out = join(aside, `out-${++count}`)
    writeFileSync(`${out}.sh`, command)
    // Ends with the first that went wrong, whatever came after it.
    const script = `{ wrong=0; trap 'wrong=$?' ERR; . '${out}.sh'; trap - ERR; } >'${out}' 2>&1`
    shell.stdin.write(`${script}; echo $wrong >'${out}.begun'; mv '${out}.begun' '${out}.exit'\n`)
    shell.stdin.flush()
    while (!existsSync(`${out}.exit`) && shell.exitCode === null) await Bun.sleep(5)
    return { exit: Number(readFileSync(`${out}.exit`, 'utf8')), output: readFileSync(out, 'utf8') }
  }
  try {
    await act(run, home)
  } finally {
    shell.kill()
    server?.process.kill()
    // What a document started.
    Bun.spawnSync([...virga, 'local', 'stop'], { env })
    await Promise.all([shell.exited, server?.process.exited])
  }
}

async function serverIn(env: Record<string, string>, aside: string) {
  const ready = join(aside, 'ready')
  const server = Bun.spawn([...virga, 'local', 'start', '--port', '0', '--ready-file', ready], {
    env,
    stdout: 'ignore',
    stderr: 'ignore',
  })
  while (!existsSync(ready) && server.exitCode === null) await Bun.sleep(10)
  const exported = Bun.spawnSync([...virga, 'local', 'env', '--format', 'json'], { env })
  return { process: server, exported: JSON.parse(exported.stdout.toString()) as Record<string, string> }
}

const noPython =
  Bun.which('python3') === null
    ? 'python3'
    : ['boto3', 'pytest'].find((name) => Bun.spawnSync(['python3', '-c', `import ${name}`]).exitCode !== 0)
if (noPython !== undefined) console.log(`SKIPPED what the documents do with Python: there is no ${noPython}`)

if (noProgram !== undefined) console.log(`SKIPPED the documents' code: ${noProgram}`)

describe.skipIf(noProgram !== undefined || process.platform === 'win32')('every code block does what is said', () => {
  const languages = [
    'sh',
    'console',
    'json',
    'ini',
    'yaml',
    'python',
    'ts',
    'js',
    'hcl',
    'go',
    'dockerfile',
    'toml',
    'xml',
    'text',
    '',
  ]

  test.each(documents)('%s', async (document) => {
    const blocks = blocksOf(document)
    for (const { language, line } of blocks)
      expect(languages, `${document}:${line}: a block of which language?`).toContain(language)
    const wrong: string[] = []
    const text = readFileSync(join(ROOT, document), 'utf8')
    const served = !text.includes('virga local start') && !text.includes('<!-- no server')
    if (blocks.some(({ text }) => text.includes("from 'virga")) && !existsSync(LIBRARY))
      return console.log(`SKIPPED ${document}: there is no ${LIBRARY}: npm run bun -- scripts/library.ts`)
    if (blocks.some(({ language, norun }) => norun === undefined && ['sh', 'console'].includes(language)))
      await withShell(served, async (run, folder) => {
        for (const block of blocks) {
          if (block.norun !== undefined) continue
          if (block.file !== undefined) writeFileSync(join(folder, block.file), block.text)
          if (block.language === 'json') JSON.parse(block.text)
          if (!['sh', 'console'].includes(block.language)) continue
          for (const step of stepsOf(block)) {
            if (noPython !== undefined && /\b(python3|pytest)\b/.test(step.command)) continue
            const { exit, output } = await run(step)
            if (exit !== step.exit)
              wrong.push(`${document}:${step.line}: ends with ${exit}, not ${step.exit}: ${step.command}\n${output}`)
            else if (step.prints !== undefined && !pattern(step.prints).test(output))
              wrong.push(`${document}:${step.line}: ${step.command}\nprints\n${output}`)
          }
        }
      })
    expect(wrong.join('\n')).toBe('')
  })
})

describe('links lead somewhere', () => {
  const all = [
    ...documents,
    ...readdirSync(join(ROOT, 'docs/reference')).map((name) => `docs/reference/${name}`),
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'DECISIONS.md',
  ]

  const headingsOf = (path: string): string[] =>
    [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    )

  test.each(all)('%s', (document) => {
    const text = readFileSync(join(ROOT, document), 'utf8')
      .replace(/^```[\s\S]*?^```$/gm, '')
      .replace(/`[^`\n]*`/g, '')
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
      if (/^https?:/.test(target!)) return []
      const [file, heading] = target!.split('#') as [string, string | undefined]
      const path = file === '' ? join(ROOT, document) : join(ROOT, dirname(document), file)
      if (!existsSync(path)) return [`${target}: no such file`]
      return heading === undefined || headingsOf(path).includes(heading) ? [] : [`${target}: no such heading`]
    })
    expect(broken).toEqual([])
  })
})

describe('the reference', () => {
  const built = existsSync(join(ROOT, 'build/models.bin'))
  if (!built) console.log('SKIPPED the reference: there is no build/models.bin')

  test.skipIf(!built)('is what the program says of itself: npm run bun -- scripts/reference.ts', async () => {
    const models = await openModels({
      source: fileSource(join(ROOT, 'build/models.bin')),
      docs: fileSource(join(ROOT, 'build/docs.bin')),
      actions: fileSource(join(ROOT, 'build/actions.bin')),
    })
    const pages = await referencePages(models)
    const outdated = Object.entries(pages).flatMap(([name, text]) => {
      const path = join(ROOT, 'docs/reference', name)
      return existsSync(path) && readFileSync(path, 'utf8') === text ? [] : [relative(ROOT, path)]
    })
    expect(outdated, 'npm run bun -- scripts/reference.ts').toEqual([])
  })

  test('names every environment variable of ours', () => {
    const page = readFileSync(join(ROOT, 'docs/reference/environment.md'), 'utf8')
    const used = new Set<string>()
    for (const file of new Bun.Glob('src/**/*.ts').scanSync(ROOT)) {
      if (/\.(test|fixture|fixtures)\.ts$/.test(file)) continue
      for (const [name] of readFileSync(join(ROOT, file), 'utf8').matchAll(/\bVIRGA_[A-Z_]+\b/g)) used.add(name)
    }
    expect([...used].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
