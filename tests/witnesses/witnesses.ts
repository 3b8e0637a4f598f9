// The foreign programs that check ours: where they are, or why they are missing.
//
// Those that come from npm are pinned and kept in a cache that only tests and benchmarks fill
// (VIRGA_WITNESSES, default ~/.cache/virga/witnesses). Those of Python are used where they are installed.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, chmodSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type Witness<T> = { readonly found: T } | { readonly missing: string }

const cache = process.env.VIRGA_WITNESSES ?? join(homedir(), '.cache', 'virga', 'witnesses')

/** The folder of an npm package, installed on first use. */
function npmPackages(name: string, packages: readonly string[]): Witness<string> {
  const folder = join(cache, name)
  if (existsSync(join(folder, 'node_modules'))) return { found: folder }
  mkdirSync(cache, { recursive: true })
  const unfinished = mkdtempSync(join(cache, `${name}-`))
  writeFileSync(join(unfinished, 'package.json'), '{"private":true,"type":"module"}')
  const npm = Bun.spawnSync(['npm', 'install', '--save-exact', '--ignore-scripts', ...packages], {
    cwd: unfinished,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  if (npm.exitCode !== 0) {
    rmSync(unfinished, { recursive: true, force: true })
    return { missing: `npm install ${packages.join(' ')} failed: ${npm.stderr.toString().trim().split('\n').at(-1)}` }
  }
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    // Another process was first.
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return { found: folder }
}

export interface OfficialCli {
  readonly aws: string
  readonly completer: string
  /** Its own botocore models, plain JSON. */
  readonly models: string
}

/** AWS CLI v2 2.36.12, the reference. */
export async function officialCli(): Promise<Witness<OfficialCli>> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: 'the npm package of the official CLI is for Linux on x64' }
  }
  const installed = npmPackages('asset-awscli-v2@2.0.186', ['@aws-cdk/asset-awscli-v2@2.0.186'])
  if ('missing' in installed) return installed
  const dist = join(installed.found, 'dist')
  if (!existsSync(dist))
    await unpack(join(installed.found, 'node_modules/@aws-cdk/asset-awscli-v2/lib/layer.zip'), dist)
  return {
    found: {
      aws: join(dist, 'aws'),
      completer: join(dist, 'aws_completer'),
      models: join(dist, 'awscli', 'botocore', 'data'),
    },
  }
}

/** Takes `awscli/v2/VERSION/dist/` out of the layer. */
async function unpack(archive: string, destination: string): Promise<void> {
  const { unzipSync } = await import('fflate')
  const unfinished = mkdtempSync(join(dirname(destination), 'dist-'))
  const inside = /^awscli\/v2\/\d[^/]*\/dist\/(.+)$/
  for (const [name, bytes] of Object.entries(
    unzipSync(readFileSync(archive), { filter: (file) => inside.test(file.name) }),
  )) {
    const path = join(unfinished, inside.exec(name)![1]!)
    if (name.endsWith('/')) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
  for (const program of ['aws', 'aws_completer']) chmodSync(join(unfinished, program), 0o755)
  renameSync(unfinished, destination)
}

/** The reference's models in our compiled form: compare with these, so that a difference is ours and not the models'. */
export async function referenceModels(): Promise<Witness<string>> {
  const cli = await officialCli()
  if ('missing' in cli) return cli
  const compiler = new Bun.CryptoHasher('sha1')
  for (const file of ['scripts/models.ts', ...new Bun.Glob('src/model/*.ts').scanSync()].toSorted()) {
    compiler.update(readFileSync(file))
  }
  const file = join(cache, `reference-models-${compiler.digest('hex').slice(0, 16)}.bin`)
  if (!existsSync(file)) {
    const made = Bun.spawnSync([process.execPath, 'scripts/models.ts', '--from', cli.found.models, '--out', file], {
      stderr: 'pipe',
    })
    if (made.exitCode !== 0)
      return { missing: `the reference's models do not compile: ${made.stderr.toString().trim()}` }
  }
  return { found: file }
}

/** A folder from which the AWS SDK for JavaScript can be imported. */
export function awsSdkForJavaScript(): Witness<string> {
  const version = '3.1169.0'
  return npmPackages(
    `aws-sdk-js-${version}`,
    ['s3', 'iam', 'sts'].map((name) => `@aws-sdk/client-${name}@${version}`),
  )
}

/** One with a client of every kind of protocol. Not every client is published with every version. */
export function awsSdkOfEveryProtocol(): Witness<string> {
  const at = { '3.1169.0': ['s3', 'iam', 'ec2', 'sqs'], '3.1162.0': ['dynamodb', 'lambda'] }
  return npmPackages(
    'aws-sdk-js-protocols-3.1169.0',
    Object.entries(at).flatMap(([version, names]) => names.map((name) => `@aws-sdk/client-${name}@${version}`)),
  )
}

/** A client that speaks three protocols, as it is told. */
export function awsSdkForCloudWatch(): Witness<string> {
  return npmPackages('aws-sdk-js-cloudwatch-3.1162.0', ['@aws-sdk/client-cloudwatch@3.1162.0'])
}

/** The one with DynamoDB's client and its document client. */
export function awsSdkForDocuments(): Witness<string> {
  const version = '3.1162.0'
  return npmPackages(
    `aws-sdk-js-documents-${version}`,
    ['client', 'lib'].map((kind) => `@aws-sdk/${kind}-dynamodb@${version}`),
  )
}

/** A Python that can import a module. */
export function python(module: string): Witness<string> {
  for (const program of ['python3', 'python']) {
    const tried = Bun.spawnSync([program, '-c', `import ${module}`], { stdout: 'ignore', stderr: 'ignore' })
    if (tried.exitCode === 0) return { found: program }
  }
  return { missing: `no Python here can import ${module}` }
}

/** A program on the path. */
export function program(name: string): Witness<string> {
  const path = Bun.which(name)
  return path ? { found: path } : { missing: `${name} is not installed` }
}

/** Why a test that needs these programs cannot run; undefined where it can. */
export function missingProgram(...names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = program(name)
    if ('missing' in found) return found.missing
  }
  return undefined
}

/** The shared folder with vectors and recordings, or why it is missing. */
export function shared(...below: string[]): Witness<string> {
  const root = process.env.VIRGA_SHARED ?? join(import.meta.dir, '..', '..', '..', 'shared')
  const path = join(root, ...below)
  return existsSync(path)
    ? { found: path }
    : { missing: `${below.join('/')} is not below VIRGA_SHARED (default ../shared)` }
}

export const scratch = (name: string): string => mkdtempSync(join(tmpdir(), `virga-${name}-`))

/** What a program that uses the library is built with. */
export function consumerTools(): Witness<string> {
  return npmPackages('library-consumer', ['typescript@5.9.3', 'esbuild@0.28.2', '@types/node@20.19.43'])
}

/** What the library's adapters are made for. */
export function libraryPeers(): Witness<string> {
  return npmPackages('library-peers', [
    '@aws-sdk/client-sts@3.1169.0',
    '@aws-sdk/credential-providers@3.1169.0',
    '@opentelemetry/api@1.9.0',
    '@opentelemetry/context-async-hooks@2.12.0',
    '@opentelemetry/sdk-trace-base@2.12.1',
  ])
}

/** The SDK of the Model Context Protocol. */
export function mcpSdk(): Witness<string> {
  return npmPackages('mcp-sdk-1.32.2', ['@modelcontextprotocol/sdk@1.32.2'])
}

/** Clients of the AWS SDK for JavaScript, with whatever they bring along. */
export function clientsOfTheSdk(services: readonly string[]): Witness<string> {
  // Not every client is published with every version.
  const versions: Record<string, string> = { dynamodb: '3.1162.0', lambda: '3.1162.0' }
  const packages = services.map((name) => `@aws-sdk/client-${name}@${versions[name] ?? '3.1169.0'}`)
  return npmPackages(`aws-sdk-js-clients-${services.join('-')}`, packages)
}

/** aws-lite with its plugins, of which there is not one for every service. */
export function awsLite(services: readonly string[]): Witness<string> {
  const plugins = services.map((name) => `@aws-lite/${name}`)
  return npmPackages(`aws-lite-${services.join('-')}`, ['@aws-lite/client@0.23.7', ...plugins])
}
