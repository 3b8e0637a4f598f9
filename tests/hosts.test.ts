// Whom does the program talk to by itself? Nobody but the services it is told to call. There is no telemetry, no check for
// updates, no list that is fetched: this test holds every host that the sources name, and watches what is really asked for.

import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Home, noProgram, virga } from './program.ts'

setDefaultTimeout(60_000)

const ROOT = join(import.meta.dir, '..')

/** Connected to, and when. Services of AWS are besides: their hosts come from AWS's endpoint rules, for the call that is made. */
const CONTACTED: Readonly<Record<string, string>> = {
  '169.254.169.254': 'the metadata service of the machine, where no other rung of the credential chain has keys',
  '[fd00:ec2::254]': 'the same, where IPv6 is configured',
  '${allowedHosts[0]}${relative}': 'the credentials of a container, where AWS names their address',
  '127.0.0.1${path}': 'a page of our own, for a browser that logs in',
  '127.0.0.1:${server.port}${path}': 'the same',
}

/** Words in data, texts and names: nothing is ever sent there. */
const ONLY_NAMED: Readonly<Record<string, string>> = {
  'awss3control.amazonaws.com': 'an XML namespace',
  '127.0.0.1:9': 'a port where nothing is, for tests',
  'acs.amazonaws.com': 'names of groups in ACLs of S3',
  'aws.amazon.com': 'an identifier in tokens, and product codes',
  'awscli.amazonaws.com': 'the address of a page of help, shown or opened in a browser',
  'docs.aws.amazon.com': 'links in texts',
  'en.wikipedia.org': 'a link in a text',
  'issuer.virga.example': 'the issuer of tokens of the local AWS',
  'json-schema.org': 'the dialect of a schema',
  localhost: 'the address of our own server, shown',
  'lightsail.aws.amazon.com': 'a link in a text',
  'queue.amazonaws.com': 'an XML namespace',
  's3.amazonaws.com': 'an XML namespace',
  'schemas.microsoft.com': 'names of claims in assertions of SAML',
  'schemas.xmlsoap.org': 'the same',
  'self-service.clientvpn.amazonaws.com': 'the address of a page that an answer of EC2 tells',
  'sts.amazonaws.com': 'the audience of tokens',
  'us-east-1.console.aws.amazon.com': 'a link in a denial',
  'www.w3.org': 'an XML namespace',
}

/** Made of parts: addresses of AWS's services in what the local AWS answers, and the host of a call that is made anyway. */
const MADE = /^\$\{|^(sqs|sns)\.\$\{region\}\.amazonaws\.com$/

test('every host in the sources is known', () => {
  const named = new Map<string, string>()
  for (const file of new Bun.Glob('src/**/*.ts').scanSync(ROOT)) {
    if (/\.(test|fixture|fixtures)\.ts$/.test(file)) continue
    const source = readFileSync(join(ROOT, file), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
    for (const [, host] of source.matchAll(/(?:https?|wss?):\/\/([^\s/'"`)<>\\]+)/g)) named.set(host!, file)
  }
  const unknown = [...named].filter(
    ([host]) => !Object.hasOwn(CONTACTED, host) && !Object.hasOwn(ONLY_NAMED, host) && !MADE.test(host),
  )
  expect(unknown, 'a new host: say in tests/hosts.test.ts what it is for').toEqual([])
  for (const host of [...Object.keys(CONTACTED), ...Object.keys(ONLY_NAMED)])
    expect(named.has(host), `${host} is named nowhere any more`).toBe(true)
})

test('only the way to send, and the rungs of the credential chain, open connections', () => {
  const opening =
    /\bfetch\(|\bnew WebSocket\(|\bBun\.connect\(|getBuiltinModule\('node:(?:http|https|net|tls|dgram)'\)|import\('node:(?:http|https|net|tls|dgram|dns)'\)|from 'node:(?:http|https|net|tls|dgram|dns)'/
  const files = [...new Bun.Glob('src/**/*.ts').scanSync(ROOT)].filter((file) => {
    const source = readFileSync(join(ROOT, file), 'utf8')
      .replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
      .replace(/^import type .*$/gm, '')
    return !/\.(test|fixture|fixtures)\.ts$/.test(file) && opening.test(source)
  })
  expect(files.filter((file) => !/^src\/(http|local)\//.test(file)).sort()).toEqual(OPENING)
})

/** Each for what it was called for. */
const OPENING = [
  'src/cli/commands/ec2-instance-connect/listener.ts', // a port of this machine, for the tunnel
  'src/cli/commands/ec2-instance-connect/tunnel.ts', // the tunnel that was asked for
  'src/cli/download.ts', // addresses that a service answered: a log of GameLift, a function's code
  'src/client/credentials/session-cache.ts', // its `fetch` asks the rung that was given to it
]

if (noProgram !== undefined) console.log(`SKIPPED what is really asked for: ${noProgram}`)
const home = new Home()
afterAll(() => home.remove())

describe.skipIf(noProgram !== undefined)('what is really asked for', () => {
  /** Everything goes through a proxy that lets nothing pass and writes down where it was to go. */
  async function askedFor(words: readonly string[], env: Record<string, string> = {}): Promise<string[]> {
    const asked = new Set<string>()
    const proxy = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        data(socket, data) {
          const [, host] = /^(?:CONNECT|GET|PUT|POST|HEAD) (?:https?:\/\/)?([^\s/]+)/.exec(data.toString()) ?? []
          if (host !== undefined) asked.add(host)
          socket.end('HTTP/1.1 502 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
        },
      },
    })
    try {
      const address = `http://127.0.0.1:${proxy.port}`
      const keys = {
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 's',
        AWS_REGION: 'eu-west-1',
        AWS_MAX_ATTEMPTS: '1',
      }
      const running = Bun.spawn([...virga, ...words], {
        env: home.env({
          ...keys,
          HTTPS_PROXY: address,
          HTTP_PROXY: address,
          https_proxy: address,
          http_proxy: address,
          ...env,
        }),
        stdin: 'ignore',
        stdout: 'ignore',
        stderr: 'ignore',
      })
      await running.exited
      return [...asked].sort()
    } finally {
      proxy.stop(true)
    }
  }

  test.each([
    ['--version'],
    ['help'],
    ['iam create-user help'],
    ['describe s3api put-object'],
    ['configure list'],
    ['explain config'],
    ['models status'],
    ['shim status'],
    ['completion bash'],
    ['local coverage'],
    ['sts get-caller-identity --profile local'],
    ['s3 mb s3://b --profile local'],
    ['nonsense'],
  ])('%s asks nobody', async (line) => {
    expect(await askedFor(line.split(' '))).toEqual([])
  })

  test('a call asks its service and nobody else', async () => {
    expect(await askedFor(['sqs', 'list-queues'])).toEqual(['sqs.eu-west-1.amazonaws.com:443'])
    expect(await askedFor(['s3', 'ls', 's3://some-bucket'])).toEqual(['some-bucket.s3.eu-west-1.amazonaws.com:443'])
  })
})
