// The package as somebody else finds it: packed, installed into an empty folder, run on Node and on Bun, compiled by
// TypeScript, bundled by esbuild.

import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compilers, consumer, errorsOf, run } from './witnesses/consumer.ts'
import { consumerTools, scratch } from './witnesses/witnesses.ts'

setDefaultTimeout(60_000)
const found = consumer()
const tools = consumerTools()
if ('missing' in found) console.log(`skipped: ${found.missing}`)
const folder = 'found' in found ? found.found.folder : ''
const bun = process.execPath

describe.skipIf(!('found' in found))('a project with the package', () => {
  const expected = readFileSync(join(import.meta.dir, 'consumer/expected.txt'), 'utf8')

  test('installs alone: nothing comes along', () => {
    const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))
    expect(installed.sort()).toEqual(['@types', 'undici-types', 'virga'])
  })

  test('installs with Bun too, and runs there', async () => {
    const other = scratch('bun-install')
    writeFileSync(join(other, 'package.json'), '{"private":true,"type":"module"}')
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
    await run([bun, 'add', join(folder, tarball), '--omit=optional', '--ignore-scripts'], other)
    expect(readdirSync(join(other, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['virga'])
    writeFileSync(join(other, 'program.ts'), readFileSync(join(folder, 'program.ts')))
    expect(await run([bun, 'program.ts'], other)).toBe(expected)
    rmSync(other, { recursive: true })
  })

  test('can be required on Node', async () => {
    const program = `const { aws } = require('virga'); console.log(typeof aws.s3().getObject, typeof require('virga/s3').s3)`
    expect((await run(['node', '--no-warnings', '-e', program], folder)).trim()).toBe('function function')
  })

  test('an account ends with its block', async () => expect(await run([bun, 'local-only.ts'], folder)).toBe('0\n'))

  test('runs on Bun', async () => expect(await run([bun, 'program.ts'], folder)).toBe(expected))

  test('runs on Node', async () => {
    if (!('found' in tools)) return
    const esbuild = join(tools.found, 'node_modules/.bin/esbuild')
    await run([esbuild, 'program.ts', '--outfile=program.mjs', '--format=esm', '--target=node20'], folder)
    expect(await run(['node', 'program.mjs'], folder)).toBe(expected)
  })

  for (const [name, compiler] of Object.entries(compilers())) {
    test(`compiles under ${name}, strictly, libraries and all`, () => {
      expect(errorsOf(compiler, folder, ['program.ts', 'bundled.ts', 'right.ts', 'local-only.ts'])).toEqual([])
    })
  }

  test('every service is declared without an error', () => {
    expect(errorsOf(compilers()['TypeScript 7']!, folder, ['all.ts'])).toEqual([])
  })
})

describe.skipIf(!('found' in found && 'found' in tools))('a bundle', () => {
  const out = scratch('bundle')
  afterAll(() => rmSync(out, { recursive: true, force: true }))
  const bundle = join(out, 'function.mjs')
  const answers = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) =>
      request.headers.get('x-amz-target') === null
        ? new Response('<ListBucketResult><KeyCount>7</KeyCount></ListBucketResult>')
        : Response.json({ TableNames: ['ttt'] }),
  })
  afterAll(() => answers.stop(true))
  const env = {
    ENDPOINT: `http://127.0.0.1:${answers.port}`,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }

  const esbuild = async (...options: string[]): Promise<string> =>
    'found' in tools
      ? run(
          [
            join(tools.found, 'node_modules/.bin/esbuild'),
            '--bundle',
            '--platform=node',
            '--target=node20',
            '--log-level=warning',
            ...options,
          ],
          folder,
        )
      : ''

  test('is one file, and holds the two services and what the credential chain calls', async () => {
    const meta = join(out, 'meta.json')
    await esbuild('bundled.ts', `--outfile=${bundle}`, '--format=esm', '--minify', `--metafile=${meta}`)
    const { outputs } = JSON.parse(readFileSync(meta, 'utf8')) as { outputs: Record<string, { inputs: object }> }
    expect(Object.keys(outputs)).toHaveLength(1)
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs))
    const services = inputs.flatMap((input) => /\/services\/(.*)\.js$/.exec(input)?.[1] ?? [])
    expect(services.sort()).toEqual(['dynamodb', 's3', 'signin', 'sso', 'sso-oidc', 'sts'])
  })

  test('runs where there is nothing else, and reads no file but itself', async () => {
    const alone = join(out, 'alone')
    mkdirSync(join(alone, '.aws'), { recursive: true })
    const permitted = [`--allow-fs-read=${bundle}`, `--allow-fs-read=${alone}/*`]
    const said = await run(['node', '--experimental-permission', '--no-warnings', ...permitted, bundle], alone, env)
    expect(JSON.parse(said)).toEqual({ KeyCount: 7, TableNames: ['ttt'] })
    expect(JSON.parse(await run([bun, bundle], alone, env))).toEqual({ KeyCount: 7, TableNames: ['ttt'] })
  })

  test('can be CommonJS too', async () => {
    writeFileSync(
      join(folder, 'required.ts'),
      readFileSync(join(folder, 'bundled.ts'), 'utf8').replace('await handler(', '0 && handler('),
    )
    await esbuild(
      'required.ts',
      `--outfile=${join(out, 'function.cjs')}`,
      '--format=cjs',
      '--log-override:empty-import-meta=silent',
    )
    const said = await run(
      [
        'node',
        '-e',
        `require('./function.cjs').handler({ bucket: 'hello' }).then((x) => console.log(JSON.stringify(x)))`,
      ],
      out,
      env,
    )
    expect(JSON.parse(said.trim().split('\n').at(-1)!)).toEqual({ KeyCount: 7, TableNames: ['ttt'] })
  })

  test('says which import is missing', async () => {
    writeFileSync(
      join(folder, 'unknown.ts'),
      `import { aws } from 'virga'\nawait (aws as any).acm({ region: 'eu-west-1' }).listCertificates()\n`,
    )
    await esbuild('unknown.ts', `--outfile=${join(out, 'unknown.mjs')}`, '--format=esm')
    await expect(run(['node', join(out, 'unknown.mjs')], out, env)).rejects.toThrow(/add import 'virga\/acm'/)
  })
})
