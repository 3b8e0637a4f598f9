// The npm package `virga` for programs, in dist/npm/virga: `npm run library`.
//
//   index.d.ts local.d.ts …                             the doors; their code is in lib/
//   services/s3.js  services/s3.d.ts                   a service: its model and endpoint rules; its declarations
//   library/ lib/                                      declarations of the doors; code
//
// A model is its block of models.bin in a JavaScript module, so that bundlers take along what is imported and nothing is
// read at run time.

import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize, relative } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { camelCased } from '../src/library/models.ts'
import { openArchive } from '../src/model/archive.ts'
import type { Archive } from '../src/model/archive.ts'
import { PARTITIONS } from '../src/model/compiled.ts'
import { openModels } from '../src/model/load.ts'
import type { Models } from '../src/model/model.ts'
import { fileSource } from '../src/model/source.ts'
import { WIRE_NAMES } from '../src/model/wire-names.ts'
import packageJson from '../package.json'
import { embeddedFiles } from './build/embedded-files.ts'
import { entryIsItsChunk, libraryCode } from './build/library-code.ts'
import { writeWhole } from './files.ts'
import { declarationOfNames, declarationsOf } from './types.ts'

const ROOT = join(import.meta.dirname, '..')

/** The doors: the file in the package, and its source. */
const DOORS: Readonly<Record<string, string>> = {
  index: 'src/index.ts',
  local: 'src/embedded.ts',
  documents: 'src/library/documents.ts',
  opentelemetry: 'src/library/opentelemetry.ts',
}

/** What the modules of services are made with. */
const CORE = 'src/library/core.ts'

/**
 * The services that most programs call: `import { aws } from 'virga'` declares them at once, the rest are declared by
 * `import 'virga/<service>'`, or all by `virga/all`. The models of the smaller ones are not deflated.
 */
const MOST_CALLED = [
  'cloudformation',
  'cloudwatch',
  'cognito-idp',
  'dynamodb',
  'ecr',
  'events',
  'iam',
  'kinesis',
  'kms',
  'lambda',
  'logs',
  'route53',
  's3',
  'secretsmanager',
  'sesv2',
  'sns',
  'sqs',
  'ssm',
  'stepfunctions',
  'sts',
]

/** Bytes. To parse a greater text takes as long as to inflate it. */
const OPEN_BELOW = 100_000

/** Called by the credential chain itself: a bundle has them, small as they are. */
const OF_THE_CHAIN = ['sts', 'sso', 'sso-oidc', 'signin']

/**
 * What calls pass by, in one file: on Node each file that is loaded costs about a millisecond, and what is not run is
 * hardly parsed. Apart stay the ways to credentials that ask somebody, rare signatures and checksums, JMESPath.
 */
const EVERY_CALL = [
  'library/core',
  'library/client',
  'client/call',
  'client/config/load',
  'client/credentials/chain',
  'client/quirks/dynamodb',
  'client/quirks/ec2',
  'client/quirks/iam',
  'client/quirks/logs',
  'client/quirks/rds',
  'client/quirks/route53',
  'client/quirks/s3',
  'http/send',
  'http/send-sockets',
  'lib/errors',
  'sign/sigv4',
  'wire/ec2',
  'wire/json-rpc',
  'wire/query',
  'wire/rest-json',
  'wire/rest-xml',
]

/** Makes it apart and moves it into its place, so that nobody finds half of it there. */
export async function buildLibrary(folder = join(ROOT, 'dist/npm/virga')): Promise<string> {
  const models = await openModels({
    source: fileSource(join(ROOT, 'build/models.bin')),
    docs: fileSource(join(ROOT, 'build/docs.bin')),
  })
  const archive = await openArchive(fileSource(join(ROOT, 'build/models.bin')), 'MO')
  const unfinished = `${folder}.${process.pid}.unfinished`
  try {
    await buildCode(unfinished, archive, models)
    await writeModels(unfinished, archive, models)
    await writeServices(unfinished, models)
    await writeDoors(unfinished)
    writeWhole(join(unfinished, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
    writeWhole(join(unfinished, 'README.md'), readme())
    for (const file of ['LICENSE', 'NOTICE']) copyFileSync(join(ROOT, file), join(unfinished, file))
    rmSync(folder, { recursive: true, force: true })
    renameSync(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
  return folder
}

/** What npm shows of the package: the page about the library, which is the part of it that is imported. */
function readme(): string {
  const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8')
  const both = '`npx virga` is the AWS command line; this page is about the library in the same package.'
  return page.replace(/^# .*\n/, `# virga\n\n${both}\n`)
}

async function buildCode(folder: string, archive: Archive, models: Models): Promise<void> {
  const lib = join(folder, 'lib')
  const { success, logs, outputs } = await Bun.build({
    entrypoints: [...Object.values(DOORS), CORE].map((source) => join(ROOT, source)),
    root: join(ROOT, 'src'),
    naming: { entry: '[name].js', chunk: '[hash].js' },
    target: 'node',
    format: 'esm',
    minify: true,
    splitting: true,
    throw: false,
    plugins: [
      embeddedFiles(lib),
      libraryCode(ROOT, EVERY_CALL, { at: CORE, more: await modulesSource(archive, models) }),
    ],
  })
  if (!success) throw new Error(logs.map(String).join('\n'))
  const texts = new Map<string, string>()
  for (const output of outputs) texts.set(output.path.replace(/^.*\//, ''), await output.text())
  entryIsItsChunk(texts, 'core.js')
  for (const [file, text] of texts) writeWhole(join(lib, file), asPublished(text))
}

/** A bundler is told not to follow the way to all services; whoever sees a line of ours in a trace, sees one function. */
function asPublished(text: string): string {
  return text
    .replace(/\bimport\((?!["'])/g, 'import(/* webpackIgnore: true */ /* @vite-ignore */ ')
    .replace(/(?<=[;}])(?=(?:async )?function[ *][\w$]+\(|class [\w$]+[ {]|var [\w$]+=)/g, '\n')
}

/** Which services there are, and where each comes from: put together so that no bundler follows the way to all. */
async function modulesSource(archive: Archive, models: Models): Promise<string> {
  const own = OF_THE_CHAIN.map((name) => `'${name}': () => import('../services/${name}.js')`)
  return `
    register({ '${PARTITIONS}': ${await packed(archive, PARTITIONS, true)} })
    const own: Record<string, () => Promise<unknown>> = { ${own.join(', ')} }
    findModules({
      names: '${models.serviceNames.join(' ')}'.split(' '),
      load(name) {
        const path = ['..', 'services', name + '.js'].join('/')
        return own[name]?.() ?? import(path)
      },
    })`
}

/** A block as a literal of JavaScript: deflated, or open, which takes four times the room and 4 ms less of a first call. */
async function packed(archive: Archive, name: string, open = false): Promise<string> {
  const block = (await archive.read(name))!
  if (!open) return `'${deflateRawSync(block, { level: 9 }).toString('base64')}'`
  const escaped = (character: string): string =>
    /['\\]/.test(character) ? `\\${character}` : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  // oxlint-disable-next-line no-control-regex
  return `'=${Buffer.from(block)
    .toString('latin1')
    .replace(/['\\\x00-\x1f\x7f-\xff]/g, escaped)}'`
}

async function writeModels(folder: string, archive: Archive, models: Models): Promise<void> {
  const names = await packed(archive, WIRE_NAMES)
  writeWhole(
    join(folder, 'services', `${WIRE_NAMES}.js`),
    `import { register } from '../lib/core.js'\nregister({ '${WIRE_NAMES}': ${names} })\n`,
  )
  for (const name of models.serviceNames) {
    const ruleset = rulesetOf((await archive.read(name))!)
    const blocks = [name, ...(ruleset ? [ruleset] : [])]
    const bytes = await Promise.all(blocks.map(async (block) => (await archive.read(block))!.length))
    const open = MOST_CALLED.includes(name) && bytes.reduce((a, b) => a + b, 0) < OPEN_BELOW
    const texts = await Promise.all(blocks.map(async (block) => `'${block}': ${await packed(archive, block, open)}`))
    writeWhole(
      join(folder, 'services', `${name}.js`),
      `import { service } from '../lib/core.js'\n` +
        `export const ${camelCased(name)} = service('${name}', { ${texts.join(', ')} })\n`,
    )
  }
}

/** The block of its endpoint rules: `.ruleset.12`. */
function rulesetOf(block: Uint8Array): string | undefined {
  return /"ruleset":\{"block":"(\.ruleset\.\d+)"/.exec(Buffer.from(block).toString('latin1'))?.[1]
}

async function writeServices(folder: string, models: Models): Promise<void> {
  for (const name of models.serviceNames) {
    const text = declarationsOf(await models.service(name), await models.documentation(name))
    writeWhole(join(folder, 'services', `${name}.d.ts`), text)
  }
  writeWhole(join(folder, 'library', 'names.d.ts'), declarationOfNames(models.serviceNames))
  const all = models.serviceNames.map((name) => `import './services/${name}.js'\n`).join('')
  writeWhole(join(folder, 'all.d.ts'), `// Every service declared at once.\n${all}export * from './index.js'\n`)
}

/** The doors' own, as the compiler writes them, with all that they name. */
async function writeDoors(folder: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'virga-declarations-'))
  try {
    const config = join(scratch, 'tsconfig.json')
    writeWhole(
      config,
      JSON.stringify({
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions: {
          noEmit: false,
          noCheck: true, // `npm run check` checks
          declaration: true,
          emitDeclarationOnly: true,
          outDir: join(scratch, 'out'),
          rootDir: join(ROOT, 'src'),
          typeRoots: [join(ROOT, 'node_modules/@types')],
        },
        include: [],
        files: [...Object.values(DOORS), 'src/assets.d.ts'].map((source) => join(ROOT, source)),
      }),
    )
    const tsc = Bun.spawnSync([join(ROOT, 'node_modules/.bin/tsc'), '-p', config], { stdout: 'pipe' })
    if (tsc.exitCode !== 0) throw new Error(`tsc: ${tsc.stdout.toString()}`)
    const out = join(scratch, 'out')
    const place = (file: string): string => {
      const door = Object.keys(DOORS).find((each) => DOORS[each] === `src/${file.replace(/\.d\.ts$/, '.ts')}`)
      return door ? `${door}.d.ts` : file
    }
    const pending = Object.values(DOORS).map((source) => source.replace(/^src\//, '').replace(/\.ts$/, '.d.ts'))
    const done = new Set<string>()
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      if (done.has(file)) continue
      done.add(file)
      const text = readFileSync(join(out, file), 'utf8').replace(
        /((?:from|import\()\s*)'(\.[^']+)\.ts'/g,
        (_, before: string, target: string) => {
          const named = `${normalize(join(dirname(file), target))}.d.ts`
          pending.push(named)
          const path = relative(dirname(place(file)), place(named)).replace(/\.d\.ts$/, '.js')
          return `${before}'${path.startsWith('.') ? path : `./${path}`}'`
        },
      )
      const declared = MOST_CALLED.map((name) => `import './services/${name}.js'\n`).join('')
      const heads: Record<string, string> = {
        'index.d.ts': `import './library/names.js'\n${declared}`,
        'embedded.d.ts': `import './index.js'\n`,
      }
      writeWhole(join(folder, place(file)), `${heads[file] ?? ''}${text}`)
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function manifest(): object {
  const { name, version, description, license, engines } = packageJson
  const door = (file: string): object => ({
    types: `./${file}.d.ts`,
    default: DOORS[file]!.replace(/^.*\/(.*)\.ts$/, './lib/$1.js'),
  })
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines,
    keywords: ['aws', 'sdk', 's3', 'dynamodb', 'iam', 'lambda', 'local', 'cli'],
    types: './index.d.ts',
    exports: {
      '.': door('index'),
      './local': door('local'),
      './documents': door('documents'),
      './opentelemetry': door('opentelemetry'),
      './all': { types: './all.d.ts', default: './lib/index.js' },
      './package.json': './package.json',
      './*': { types: './services/*.d.ts', default: './services/*.js' },
    },
    sideEffects: ['./services/*.js', './lib/*.js'],
    peerDependencies: { '@opentelemetry/api': '^1' },
    peerDependenciesMeta: { '@opentelemetry/api': { optional: true } },
  }
}

if (import.meta.main) {
  try {
    const started = Date.now()
    const folder = await buildLibrary(process.argv[2])
    const files = [...new Bun.Glob('**/*').scanSync(folder)]
    const bytes = files.reduce((total, file) => total + statSync(join(folder, file)).size, 0)
    const megabytes = (bytes / 1e6).toFixed(1)
    console.log(
      `built ${folder} (${files.length} files, ${megabytes} MB) in ${((Date.now() - started) / 1000).toFixed(1)} s`,
    )
  } catch (error) {
    console.error(`library: ${(error as Error).message}`)
    process.exitCode = 1
  }
}
