// Access points of `virga local start`: as boto3 uses them, and as `virga s3` does it beside the official CLI.

import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cases } from '../witnesses/foreign-cases.ts'
import { serve } from '../witnesses/local-server.ts'
import { officialCli, python, scratch } from '../witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', '..', 'dist', 'virga')
const server = await serve(virga)
afterAll(() => server.stop())

const env: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  HOME: scratch('s3-control'),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...server.env,
}

await cases('boto3', python('boto3'), 18, env, (program) => ({
  cmd: [program, join(import.meta.dir, 'boto3_s3_control_cases.py')],
}))

interface Printed {
  readonly out: string
  readonly err: string
  readonly code: number
}

/** One of the two, with a bucket, access points and a folder of its own, whose names are the same in what it is said to print. */
class Side {
  readonly #program: string
  readonly #name: string
  readonly #folder: string
  /** What a line calls by a short name. */
  readonly #called: Record<string, string> = {}

  constructor(program: string, name: string) {
    this.#program = program
    this.#name = name
    this.#folder = join(env['HOME']!, name)
  }

  async prepare(): Promise<void> {
    mkdirSync(join(this.#folder, 'tree', 'b'), { recursive: true })
    writeFileSync(join(this.#folder, 'tree', 'a.txt'), 'a')
    writeFileSync(join(this.#folder, 'tree', 'b', 'c.txt'), 'ccc')
    const control = async (...words: string[]): Promise<{ AccessPointArn: string; Alias: string }> =>
      JSON.parse((await run(virga, ['s3control', ...words, '--account-id', '123456789012'], this.#folder)).out || '{}')
    await run(virga, ['s3api', 'create-bucket', '--bucket', `${this.#name}-bucket`], this.#folder)
    const made = await control('create-access-point', '--name', this.#name, '--bucket', `${this.#name}-bucket`)
    Object.assign(this.#called, { ALIAS: made.Alias, ARN: made.AccessPointArn, SIDE: this.#name })
  }

  async told(line: string): Promise<Printed> {
    const words = line.split(' ').map((word) => word.replace(/ALIAS|ARN|SIDE/g, (name) => this.#called[name]!))
    const { out, err, code } = await run(this.#program, words, this.#folder)
    return { out: this.#comparable(out), err: this.#comparable(err), code }
  }

  read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8')
  }

  #comparable(text: string): string {
    let plain = text.replaceAll(/^[\d-]{10} [\d:]{8}/gm, 'TIME').replaceAll(/"CreationDate": "[^"]+"/g, 'DATE')
    for (const [name, value] of Object.entries(this.#called)) plain = plain.replaceAll(value, name)
    return plain
      .split(/[\r\n]+/)
      .filter((line) => !line.startsWith('Completed '))
      .sort()
      .join('\n')
  }
}

// Nobody resolves the names that an endpoint gets: the server is the proxy, too.
async function run(program: string, words: readonly string[], cwd: string): Promise<Printed> {
  const child = Bun.spawn([program, ...words], {
    cwd,
    env: {
      ...env,
      AWS_ENDPOINT_URL: server.url.replace('127.0.0.1', 'localhost'),
      http_proxy: server.url,
      no_proxy: '',
    },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { out, err, code: await child.exited }
}

const lines = [
  's3 cp tree/a.txt s3://ARN/one',
  's3 sync tree s3://ALIAS/tree/',
  's3 ls s3://ARN --recursive',
  's3 ls s3://ALIAS',
  's3 cp s3://ARN/tree/b/c.txt back.txt',
  's3 mv s3://ALIAS/one s3://ARN/two',
  's3 rm s3://ARN/tree/ --recursive',
  's3 ls s3://arn:aws:s3:us-east-1:123456789012:accesspoint/SIDE-not-there',
  's3control get-access-point --account-id 123456789012 --name SIDE',
]

const official = await officialCli()

if ('missing' in official) {
  test.skip(`the official CLI is missing: ${official.missing}`, () => {})
  console.log(`SKIPPED access points as the official CLI uses them: ${official.missing}`)
} else {
  const sides = [new Side(official.found.aws, 'theirs'), new Side(virga, 'ours')] as const
  const [theirs, ours] = await Promise.all(
    sides.map(async (side) => {
      await side.prepare()
      const printed: Printed[] = []
      for (const line of lines) printed.push(await side.told(line))
      return printed
    }),
  )
  describe('as the official CLI does it', () => {
    test.each(lines.map((line, at) => [line, at] as const))('%s', (_line, at) => {
      expect(ours![at]).toEqual(theirs![at]!)
    })

    test('and what came back is what went', () => {
      for (const side of sides) expect(side.read('back.txt')).toBe('ccc')
    })
  })
}
