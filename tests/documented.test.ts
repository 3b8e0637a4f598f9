// Commands as people really type them: AWS CLI's own documented examples, and the request that AWS CLI 2.36.7 makes of
// each. Those that it refuses, we refuse with the same exit code and the same words.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'bun:test'
import { builtModels, ran } from '../src/cli/outside.fixture.ts'
import type { Ran, Sent } from '../src/cli/outside.fixture.ts'
import { examplesIn } from '../scripts/conformance/examples.ts'
import { scratch, shared } from './witnesses/witnesses.ts'

interface Recorded {
  method: string
  url: string
  query_string: string | Record<string, string | string[]>
  headers: Record<string, string>
  /** Bytes, or the pairs of a form. */
  body: { $bytes: string } | Record<string, string> | string
}

interface Documented {
  command: string
  argv: string[]
  files: Record<string, string>
  rc: number
  stderr: string
  requests: Recorded[]
  volatile: string[]
}

const folder = shared('vectors', 'cli-examples')
const missing =
  'missing' in folder ? folder.missing : builtModels() === undefined ? 'no models are built: npm run models' : ''
if (missing !== '') console.log(`SKIPPED the documented commands: ${missing}`)

function cases(file: string): Documented[] {
  const text = gunzipSync(readFileSync(join((folder as { found: string }).found, file))).toString()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Documented)
}

/** Runs it in a folder of its own that holds its files; paths in arguments are relative to the process's. */
async function runThere({ argv, files, requests }: Documented): Promise<Ran> {
  const [place, before] = [scratch('documented'), process.cwd()]
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    writeFileSync(join(place, name), text)
  }
  try {
    const models = (await builtModels())!
    process.chdir(place)
    const env = { HOME: '/tmp/nohome', AWS_REGION: regionOf(requests) }
    return await ran({ argv, models, home: '/tmp/nohome', env, cwd: place, answers })
  } finally {
    process.chdir(before)
    rmSync(place, { recursive: true, force: true })
  }
}

/** Where it was recorded: some examples were run in another region than most, without saying so. */
function regionOf(requests: readonly Recorded[] | undefined): string {
  const [, region] = /\.([a-z]+-[a-z]+-\d)\.amazonaws\.com/.exec(requests?.[0]?.url ?? '') ?? []
  return region ?? 'us-east-1'
}

/** An empty success in the service's protocol. */
function answers({ headers }: Sent) {
  return { headers: {}, body: headers['content-type']?.startsWith('application/x-www-form') ? '<R/>' : '{}' }
}

/** What of a request is compared: method, address, the headers that carry meaning, the body by its value. */
function comparable(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string,
  volatile: readonly string[],
) {
  const { origin, pathname, searchParams } = new URL(url)
  const meaning = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name === 'x-amz-target' || name === 'content-type' || name.startsWith('x-amzn-'))
  const skipsBody = volatile.some((path) => path.startsWith('/0/body'))
  return {
    method,
    origin,
    pathname,
    query: [...searchParams].map((pair) => pair.join('=')).toSorted(),
    headers: Object.fromEntries(meaning),
    body: skipsBody ? undefined : byValue(body),
  }
}

function byValue(body: string): unknown {
  if (body === '') return ''
  try {
    return JSON.parse(body)
  } catch {
    // The recording holds floats as numbers, where the wire has 2.0.
    return [...new URLSearchParams(body)]
      .map(([name, value]) => `${name}=${value.replace(/^(\d+)\.0$/, '$1')}`)
      .toSorted()
  }
}

function recordedBody(body: Recorded['body']): string {
  if (typeof body === 'string') return body
  if ('$bytes' in body) return Buffer.from(body.$bytes!, 'base64').toString('latin1')
  return new URLSearchParams(body).toString()
}

function recordedUrl({ url, query_string: query }: Recorded): string {
  if (url.includes('?')) return url
  if (typeof query === 'string') return query === '' ? url : `${url}?${query}`
  const pairs = Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, String(value)]))
  return `${url}?${new URLSearchParams(pairs)}`
}

test.skipIf(missing !== '')(
  'documented commands make the recorded requests',
  async () => {
    const all = cases('argv-to-request.jsonl.gz')
    const different: string[] = []
    for (const each of all) {
      const { exit, sent, stderr } = await runThere(each)
      const ours = sent.map((one) => comparable(one.url, one.method, one.headers, one.body, each.volatile))
      const theirs = each.requests.map((one) => {
        return comparable(recordedUrl(one), one.method, one.headers, recordedBody(one.body), each.volatile)
      })
      if (!Bun.deepEquals(ours, theirs))
        different.push(`${each.command}\n  ${JSON.stringify(ours)}\n  ${JSON.stringify(theirs)} ${exit} ${stderr}`)
    }
    console.log(`${all.length - different.length} of ${all.length} documented commands make the recorded request`)
    expect(different).toEqual([])
  },
  300_000,
)

test.skipIf(missing !== '')(
  'commands that are refused are refused in the same words',
  async () => {
    const all = cases('argv-errors.jsonl.gz')
    const different: string[] = []
    let words = 0
    for (const each of all) {
      const { exit, stderr } = await runThere(each)
      if (stderr === each.stderr) words++
      else if (process.env.VIRGA_SHOW) console.log(each.command, '\n', stderr, each.stderr)
      if (exit !== each.rc) different.push(`${each.command}: ${exit}, not ${each.rc}: ${stderr}`)
    }
    console.log(`${all.length - different.length} of ${all.length} refused alike, ${words} in the same words`)
    expect(different).toEqual([])
  },
  60_000,
)

test('what a page of AWS shows is read as a shell would: words, quotes, lines that go on, files', () => {
  const page = `**To put it**

aws is the name of the program. The following \`\`put\`\` example: ::

    $ aws svc put \\
        --name 'a b' --item '{
            "Id": 1}' \\  
        --in file://in.json --text "x \\"y\\" $HOME" > out.txt

Contents of \`\`in.json\`\`::

    {
        "a": 1
    }

Output::

    { "b": 2 }

    aws svc get --name it | jq .b
`
  expect(examplesIn('svc/put', page)).toEqual([
    {
      id: 'svc/put#1',
      argv: [
        'svc',
        'put',
        '--name',
        'a b',
        '--item',
        '{\n            "Id": 1}',
        '--in',
        'file://in.json',
        '--text',
        'x "y" $HOME',
      ],
      files: { 'in.json': '{\n    "a": 1\n}\n' },
    },
    { id: 'svc/put#2', argv: ['svc', 'get', '--name', 'it'], files: {} },
  ])
})
