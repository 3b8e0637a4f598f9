// The library beside the AWS SDK for JavaScript and aws-lite, on Node: how long until the first answer, how much is
// installed and bundled, and what the compiler needs for one service. Each race in one run, turn by turn.

import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { awsLite, clientsOfTheSdk, consumerTools, scratch } from '../../tests/witnesses/witnesses.ts'
import { race, report } from './measure.ts'

const ROOT = join(import.meta.dir, '..', '..')
const PACKAGE = join(ROOT, 'dist/npm/virga')
const TEN = ['s3', 'dynamodb', 'sts', 'lambda', 'sqs', 'sns', 'ec2', 'iam', 'ssm', 'cloudformation'] as const
/** Those of the ten that aws-lite has a plugin for. */
const LITE = ['s3', 'dynamodb', 'lambda', 'sqs', 'sns', 'ssm', 'cloudformation'] as const

type Races = Record<string, () => Promise<number>>

export function libraryRaces({ rounds }: { rounds: number }): Races {
  return {
    'library: first call, S3': () => firstCall('s3', rounds),
    'library: first call, DynamoDB': () => firstCall('dynamodb', rounds),
    'library: size': sizes,
    'library: types': () => types(Math.min(rounds, 5)),
  }
}

/** Programs that import, make a client, call once, and print milliseconds: until imported, until answered. */
function programs(service: 's3' | 'dynamodb', endpoint: string): Record<string, string> {
  const keys = `accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret'`
  const timed = (imports: string, calls: string): string =>
    `const began = performance.now()\n${imports}\nconst imported = performance.now()\n${calls}\n` +
    `console.log(JSON.stringify([imported - began, performance.now() - began]))\n`
  const sdk = {
    s3: ['S3Client', 'ListObjectsV2Command', `{ Bucket: 'b' }`],
    dynamodb: ['DynamoDBClient', 'GetItemCommand', `{ TableName: 'ttt', Key: { id: { S: 'a' } } }`],
  }[service] as [string, string, string]
  const [client, command, input] = sdk
  const method = service === 's3' ? 'listObjectsV2' : 'getItem'
  const plugin = service === 's3' ? 'S3.ListObjectsV2' : 'DynamoDB.GetItem'
  return {
    virga: timed(
      `const { ${service} } = await import('virga/${service}')`,
      `await ${service}({ region: 'us-east-1', endpointUrl: '${endpoint}', credentials: { ${keys} } }).${method}(${input})`,
    ),
    'virga, by aws': timed(
      `const { aws } = await import('virga')`,
      `await aws.${service}({ region: 'us-east-1', endpointUrl: '${endpoint}', credentials: { ${keys} } }).${method}(${input})`,
    ),
    [`@aws-sdk/client-${service}`]: timed(
      `const { ${client}, ${command} } = await import('@aws-sdk/client-${service}')`,
      `await new ${client}({ region: 'us-east-1', endpoint: '${endpoint}', forcePathStyle: true, credentials: { ${keys} } })` +
        `.send(new ${command}(${input}))`,
    ),
    'aws-lite': timed(
      `const [{ default: lite }, { default: plugin }] = await Promise.all([import('@aws-lite/client'), import('@aws-lite/${service}')])`,
      `const aws = await lite({ region: 'us-east-1', endpoint: '${endpoint}', ${keys}, plugins: [plugin] })\n` +
        `await aws.${plugin}(${input.replace(`{ S: 'a' }`, `'a'`)})`,
    ),
  }
}

async function firstCall(service: 's3' | 'dynamodb', rounds: number): Promise<number> {
  const peers = { sdk: clientsOfTheSdk(TEN), lite: awsLite(LITE) }
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () =>
      service === 's3'
        ? new Response('<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>', {
            headers: { 'content-type': 'application/xml' },
          })
        : Response.json({ Item: { id: { S: 'a' } } }, { headers: { 'content-type': 'application/x-amz-json-1.0' } }),
  })
  const folder = scratch('first-call')
  try {
    const field: { name: string; file: string }[] = []
    for (const [name, text] of Object.entries(programs(service, `http://127.0.0.1:${server.port}`))) {
      const home = name.startsWith('@aws-sdk') ? peers.sdk : name === 'aws-lite' ? peers.lite : { found: '' }
      if ('missing' in home) {
        console.log(`${name} is missing: ${home.missing}`)
        continue
      }
      const place = join(folder, String(field.length))
      mkdirSync(join(place, 'node_modules'), { recursive: true })
      if (home.found === '') symlinkSync(PACKAGE, join(place, 'node_modules/virga'))
      else {
        rmSync(join(place, 'node_modules'), { recursive: true })
        symlinkSync(join(home.found, 'node_modules'), join(place, 'node_modules'))
      }
      const file = join(place, 'program.mjs')
      writeFileSync(file, text)
      field.push({ name, file })
    }
    const figures = new Map<string, { imported: number[]; answered: number[] }>()
    for (const { name } of field) figures.set(name, { imported: [], answered: [] })
    for (let turn = -1; turn < rounds; turn++)
      for (const { name, file } of field) {
        const child = Bun.spawn(['node', '--no-warnings', file], { stdout: 'pipe', stderr: 'pipe', env: quiet(folder) })
        const said = await new Response(child.stdout).text()
        if ((await child.exited) !== 0) throw new Error(`${name}: ${await new Response(child.stderr).text()}`)
        const [imported, answered] = JSON.parse(said.trim().split('\n').at(-1)!) as [number, number]
        if (turn < 0) continue // the first is a warm-up
        figures.get(name)!.imported.push(imported)
        figures.get(name)!.answered.push(answered)
      }
    console.log(`\nfirst call of ${service} on Node ${nodeVersion()}: milliseconds inside the process, median (least)`)
    for (const [name, { imported, answered }] of figures)
      console.log(
        `  ${name.padEnd(26)} imported ${median(imported).toFixed(1).padStart(6)} (${Math.min(...imported).toFixed(1)})` +
          `  answered ${median(answered).toFixed(1).padStart(6)} (${Math.min(...answered).toFixed(1)})`,
      )
    return target('virga', `@aws-sdk/client-${service}`, figures, 1 / 3) + target('virga', 'aws-lite', figures, 1.1)
  } finally {
    await server.stop(true)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The least is what the machine takes when nobody else wants it. */
function target(of: string, to: string, figures: Map<string, { answered: number[] }>, atMost: number): number {
  const [a, b] = [figures.get(of), figures.get(to)]
  if (!a || !b) return 0
  const ratio = Math.min(...a.answered) / Math.min(...b.answered)
  const met = ratio <= atMost
  console.log(`  ${of} / ${to}, least: ${ratio.toFixed(3)}  (target ≤ ${atMost.toFixed(3)})  ${met ? 'met' : 'MISSED'}`)
  return met ? 0 : 1
}

/** Bytes of all files, as installed; dependencies counted in. */
async function sizes(): Promise<number> {
  const own = filesIn(PACKAGE)
  const ofTen = own.filter(({ name }) => {
    const service = /^services\/(.*)\.(?:js|d\.ts)$/.exec(name)?.[1]
    return service === undefined ? name !== 'all.d.ts' : (TEN as readonly string[]).includes(service)
  })
  const running = ofTen.filter(({ name }) => !name.endsWith('.d.ts') && !/aws-managed|embedded/.test(name))
  const rows: [string, Sized[]][] = [
    ['virga, all 427 services', own],
    ['virga, of that for ten services', ofTen],
    ['  … and of that what runs, local AWS apart', running],
  ]
  const sdk = clientsOfTheSdk(TEN)
  const lite = awsLite(LITE)
  if ('found' in sdk) rows.push(['@aws-sdk, ten clients', filesIn(join(sdk.found, 'node_modules'))])
  if ('found' in lite) rows.push(['aws-lite, seven plugins', filesIn(join(lite.found, 'node_modules'))])
  console.log('\ninstalled: files and bytes of everything below node_modules')
  for (const [name, files] of rows)
    console.log(`  ${name.padEnd(44)} ${String(files.length).padStart(6)} files ${megabytes(files).padStart(8)} MB`)
  await bundles(sdk, lite)
  if (!('found' in sdk)) return 0
  const ratio = total(ofTen) / total(rows[3]![1])
  console.log(
    `  ten services of virga / ten clients: ${ratio.toFixed(3)}  (target ≤ 0.100)  ${ratio <= 0.1 ? 'met' : 'MISSED'}`,
  )
  return ratio <= 0.1 ? 0 : 1
}

/** S3 and DynamoDB in one minified file for Node. */
async function bundles(sdk: ReturnType<typeof clientsOfTheSdk>, lite: ReturnType<typeof awsLite>): Promise<void> {
  const tools = consumerTools()
  if (!('found' in tools)) return
  const folder = scratch('bundles')
  const sources: Record<string, { modules: string; text: string }> = {
    virga: {
      modules: '',
      text: `import { s3 } from 'virga/s3'\nimport { dynamodb } from 'virga/dynamodb'\nconsole.log(s3, dynamodb)`,
    },
  }
  if ('found' in sdk)
    sources['@aws-sdk'] = {
      modules: join(sdk.found, 'node_modules'),
      text:
        `import { S3Client, ListObjectsV2Command } from '@aws-sdk/client-s3'\nimport { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'\n` +
        `console.log(S3Client, ListObjectsV2Command, DynamoDBClient, GetItemCommand)`,
    }
  if ('found' in lite)
    sources['aws-lite'] = {
      modules: join(lite.found, 'node_modules'),
      text: `import aws from '@aws-lite/client'\nimport s3 from '@aws-lite/s3'\nimport dynamodb from '@aws-lite/dynamodb'\nconsole.log(aws, s3, dynamodb)`,
    }
  console.log('\nbundled by esbuild, minified: S3 and DynamoDB in one file for Node')
  for (const [name, { modules, text }] of Object.entries(sources)) {
    const place = join(folder, name.replace('/', '-'))
    mkdirSync(place, { recursive: true })
    if (modules === '') {
      mkdirSync(join(place, 'node_modules'))
      symlinkSync(PACKAGE, join(place, 'node_modules/virga'))
    } else symlinkSync(modules, join(place, 'node_modules'))
    writeFileSync(join(place, 'in.mjs'), text)
    const args = [
      'in.mjs',
      '--bundle',
      '--minify',
      '--platform=node',
      '--format=esm',
      '--outfile=out.mjs',
      '--log-level=error',
    ]
    const built = Bun.spawnSync([join(tools.found, 'node_modules/.bin/esbuild'), ...args], {
      cwd: place,
      stderr: 'pipe',
    })
    if (built.exitCode !== 0) console.log(`  ${name}: ${built.stderr.toString().trim().split('\n')[0]}`)
    else console.log(`  ${name.padEnd(12)} ${(statSync(join(place, 'out.mjs')).size / 1000).toFixed(0).padStart(6)} kB`)
  }
  rmSync(folder, { recursive: true, force: true })
}

interface Sized {
  readonly name: string
  readonly size: number
}

function filesIn(folder: string): Sized[] {
  const found = new Bun.Glob('**/*').scanSync({ cwd: folder, dot: true, onlyFiles: true })
  return [...found]
    .filter((name) => !/^\.(package-lock|bin)/.test(name))
    .map((name) => ({ name, size: statSync(join(folder, name)).size }))
}

const total = (files: readonly Sized[]): number => files.reduce((sum, { size }) => sum + size, 0)
const megabytes = (files: readonly Sized[]): string => (total(files) / 1e6).toFixed(2)

/** `tsc --noEmit --strict`, libraries checked too, of one program that makes one call. */
async function types(rounds: number): Promise<number> {
  const [tools, sdk] = [consumerTools(), clientsOfTheSdk(TEN)]
  if ('missing' in tools || 'missing' in sdk) return 0
  const folder = scratch('types')
  const use = `const { Body } = await client.getObject({ Bucket: 'b', Key: 'k' })\nexport const text: string = await Body.text()\n`
  const programs: Record<string, [modules: string, text: string]> = {
    'virga/s3': ['', `import { s3 } from 'virga/s3'\nconst client = s3()\n${use}`],
    virga: ['', `import { aws } from 'virga'\nconst client = aws.s3()\n${use}`],
    'virga/all': ['', `import { aws } from 'virga/all'\nconst client = aws.s3()\n${use}`],
    '@aws-sdk/client-s3': [
      join(sdk.found, 'node_modules'),
      `import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'\n` +
        `const { Body } = await new S3Client({}).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))\n` +
        `export const text: string = await Body!.transformToString()\n`,
    ],
  }
  const compilers = {
    'TypeScript 5.9': join(tools.found, 'node_modules/typescript/bin/tsc'),
    'TypeScript 7': join(ROOT, 'node_modules/.bin/tsc'),
  }
  let missed = 0
  for (const [version, compiler] of Object.entries(compilers)) {
    const field = Object.entries(programs).map(([name, [modules, text]], index) => {
      const place = join(folder, `${version.replace(' ', '-')}-${index}`)
      mkdirSync(place, { recursive: true })
      if (modules === '') {
        mkdirSync(join(place, 'node_modules'))
        symlinkSync(PACKAGE, join(place, 'node_modules/virga'))
      } else symlinkSync(modules, join(place, 'node_modules'))
      const typeRoots = [join(tools.found, 'node_modules/@types')]
      const options = { strict: true, noEmit: true, target: 'es2022', module: 'nodenext', types: ['node'], typeRoots }
      writeFileSync(join(place, 'package.json'), '{"type":"module"}')
      writeFileSync(join(place, 'program.ts'), text)
      writeFileSync(
        join(place, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: { ...options, skipLibCheck: true }, files: ['program.ts'] }),
      )
      return { name, command: [compiler, '-p', place], env: quiet(folder) }
    })
    missed += report(`tsc of one S3 call, ${version}, libraries unchecked`, race(field, rounds), [
      { figure: 'wall', of: 'virga/s3', to: '@aws-sdk/client-s3', atMost: 1 },
      { figure: 'memory', of: 'virga/s3', to: '@aws-sdk/client-s3', atMost: 1.1 },
    ])
  }
  rmSync(folder, { recursive: true, force: true })
  return missed
}

function quiet(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home, AWS_EC2_METADATA_DISABLED: 'true' }
}

function nodeVersion(): string {
  return Bun.spawnSync(['node', '--version']).stdout.toString().trim()
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}
