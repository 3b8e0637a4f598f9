// Requests to the local AWS that are malformed, oversized, truncated or hostile: each gets an error in AWS's form, the
// server's memory stays bounded, and nothing is written outside the account's folder.

import { afterAll, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { concat, utf8 } from '../src/lib/bytes.ts'
import { sign } from '../src/sign/sigv4.ts'
import { serve } from './witnesses/local-server.ts'

const virga = join(import.meta.dir, '..', 'dist', 'virga')
const server = await serve(virga)
afterAll(() => server.stop())

const { host, port } = new URL(server.url)
const credentials = {
  accessKeyId: server.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: server.env.AWS_SECRET_ACCESS_KEY,
}

interface Asked {
  method?: string
  path?: string
  query?: string
  headers?: Record<string, string>
  body?: Uint8Array | string
}

interface Answer {
  readonly status: number
  readonly headers: string
  readonly body: string
}

/** Sends bytes as they are, and reads until the answer is whole or the connection ends. */
function exchange(raw: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), '127.0.0.1')
    let heard = ''
    const finish = (): void => {
      const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(heard) ?? []
      const end = heard.indexOf('\r\n\r\n')
      resolve({ status: Number(status ?? 0), headers: heard.slice(0, end), body: heard.slice(end + 4) })
    }
    socket.on('data', (data) => {
      heard += data.toString('latin1')
      const end = heard.indexOf('\r\n\r\n')
      const [, length] = /\r\ncontent-length: (\d+)/i.exec(heard.slice(0, end)) ?? []
      if (end > 0 && heard.length >= end + 4 + Number(length ?? 0)) socket.destroy()
    })
    socket.on('close', finish)
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? finish() : reject(error),
    )
    socket.write(raw)
  })
}

const payloads: Record<string, 'chunks' | 'unsigned' | 'unsigned-trailer'> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': 'chunks',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': 'unsigned-trailer',
  'UNSIGNED-PAYLOAD': 'unsigned',
}

function bytesOf(
  service: string,
  { method = 'POST', path = '/', query = '', headers = {}, body = '' }: Asked,
): Uint8Array {
  const bytes = typeof body === 'string' ? utf8(body) : body
  const plain = { method, scheme: 'http' as const, host, path, query, headers, body: bytes }
  const payload = payloads[headers['x-amz-content-sha256'] ?? ''] ?? ('hash' as const)
  const options = { credentials, region: 'us-east-1', service, date: new Date(), payload } as const
  const { headers: signed } = sign(plain, options)
  const lines = Object.entries(signed).map(([name, value]) => `${name}: ${value}\r\n`)
  const target = query === '' ? path : `${path}?${query}`
  return concat([
    utf8(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}content-length: ${bytes.length}\r\n\r\n`),
    bytes,
  ])
}

const ask = (service: string, asked: Asked): Promise<Answer> => exchange(bytesOf(service, asked))

const json = (target: string, body: string | Uint8Array): Asked => ({
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
  body,
})
const form = (body: string): Asked => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })
const cbor = (body: Uint8Array): Asked => ({
  path: '/service/GraniteServiceVersion20100801/operation/ListMetrics',
  headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
  body,
})

/** MiB, where the system tells (Linux). */
function peak(): number {
  if (process.platform !== 'linux') return 0
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

const { pid } = (await (await fetch(`${server.url}/_virga/health`)).json()) as { pid: number }
expect((await ask('s3', { method: 'PUT', path: '/bucket' })).status).toBe(200)

const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from(
  { length: 20 },
  (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? '' : i - 1};`.repeat(10)}">`,
).join('')}]><CreateBucketConfiguration><LocationConstraint>&a19;</LocationConstraint></CreateBucketConfiguration>`

const repeated = (text: string, count: number): string => text.repeat(count)

describe('bodies', () => {
  test.each<[string, string, Asked]>([
    ['XML with entities that multiply', 's3', { method: 'PUT', path: '/bucket-xml', body: bomb }],
    [
      'XML that reads a file',
      's3',
      {
        method: 'PUT',
        path: '/bucket-xml',
        body: '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><CreateBucketConfiguration><LocationConstraint>&f;</LocationConstraint></CreateBucketConfiguration>',
      },
    ],
    [
      'XML a hundred thousand deep',
      's3',
      { method: 'PUT', path: '/bucket', query: 'tagging', body: repeated('<a>', 100_000) },
    ],
    ['XML that ends early', 's3', { method: 'PUT', path: '/bucket', query: 'tagging', body: '<Tagging><TagSet><Tag>' }],
    ['XML that is none', 's3', { method: 'PUT', path: '/bucket', query: 'tagging', body: '\u0000\u0001\u0002' }],
    ['JSON a hundred thousand deep', 'dynamodb', json('DynamoDB_20120810.ListTables', `${repeated('[', 100_000)}`)],
    ['objects a hundred thousand deep', 'dynamodb', json('DynamoDB_20120810.PutItem', repeated('{"a":', 100_000))],
    ['JSON that ends early', 'dynamodb', json('DynamoDB_20120810.ListTables', '{"Limit": ')],
    ['JSON that is a list', 'dynamodb', json('DynamoDB_20120810.ListTables', '[1, 2]')],
    [
      'JSON that is not UTF-8',
      'dynamodb',
      json('DynamoDB_20120810.DescribeTable', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)),
    ],
    ['a prototype', 'dynamodb', json('DynamoDB_20120810.DescribeTable', '{"__proto__": {"TableName": "x"}}')],
    ['CBOR a hundred thousand deep', 'monitoring', cbor(new Uint8Array(100_000).fill(0x81))],
    [
      'CBOR that promises 2^63 members',
      'monitoring',
      cbor(Uint8Array.of(0xbb, 0x7f, 255, 255, 255, 255, 255, 255, 255)),
    ],
    ['CBOR that promises 2^63 bytes', 'monitoring', cbor(Uint8Array.of(0x5b, 0x7f, 255, 255, 255, 255, 255, 255, 255))],
    ['CBOR without end', 'monitoring', cbor(Uint8Array.of(0xbf, 0x61, 0x61))],
    [
      'a form of a hundred thousand members',
      'iam',
      form(`Action=CreateUser&Version=2010-05-08${repeated('&Tags.member.1.Key=a', 100_000)}`),
    ],
    [
      'a form deeper than it should be',
      'iam',
      form(`Action=CreateUser&Version=2010-05-08&Tags${repeated('.member.1', 20_000)}=a`),
    ],
    ['a form of percent signs', 'iam', form('Action=%E0%A4%A&Version=%zz')],
  ])('%s', async (_name, service, asked) => {
    const { status, body } = await ask(service, asked)
    expect(status).toBeWithin(400, 502)
    expect(body).toMatch(/<Code>\w+<\/Code>|"__type": ?"[\w.#]+"|__type/)
    expect(body).not.toContain('root:')
    expect(status).not.toBe(500)
  })

  test('compressed ones are not unpacked without end', async () => {
    const before = peak()
    const bomb = gzipSync(new Uint8Array(256 << 20))
    const { status } = await ask('monitoring', {
      ...form(''),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
      body: bomb,
    })
    expect(status).toBeWithin(400, 500)
    expect(peak() - before).toBeLessThan(250)
  })

  test('longer ones than anybody needs', async () => {
    const before = peak()
    const { status } = await exchange(
      utf8(
        `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10737418240\r\n\r\nAction=`,
      ),
    )
    expect(status).toBe(413)
    expect(peak() - before).toBeLessThan(50)
  })
})

describe('chunks of aws-chunked', () => {
  const put = (declared: string, body: string, decoded = '5'): Promise<Answer> =>
    ask('s3', {
      method: 'PUT',
      path: '/bucket/chunked',
      headers: {
        'x-amz-content-sha256': declared,
        'x-amz-decoded-content-length': decoded,
        'content-encoding': 'aws-chunked',
      },
      body,
    })
  test.each<[string, string, string]>([
    ['a size of letters', 'zz\r\nhello\r\n0\r\n\r\n', '5'],
    ['a size beyond all', 'ffffffffffffffff\r\nhello\r\n0\r\n\r\n', '5'],
    ['fewer bytes than promised', '5\r\nhello\r\n0\r\n\r\n', '6'],
    ['more bytes than promised', '5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n', '5'],
    ['no end', '5\r\nhello\r\n', '5'],
    ['a line without end', 'x'.repeat(200_000), '5'],
  ])('%s', async (_name, body, decoded) => {
    const { status, body: told } = await put('STREAMING-UNSIGNED-PAYLOAD-TRAILER', body, decoded)
    expect(status).toBeWithin(400, 500)
    expect(told).toContain('<Code>')
    expect((await ask('s3', { method: 'HEAD', path: '/bucket/chunked' })).status).toBe(404)
  })

  test('a chunk whose signature is another', async () => {
    const chunk = `5;chunk-signature=${'0'.repeat(64)}\r\nhello\r\n0;chunk-signature=${'0'.repeat(64)}\r\n\r\n`
    const { status, body } = await put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', chunk)
    expect(status).toBe(403)
    expect(body).toContain('SignatureDoesNotMatch')
  })
})

describe('names', () => {
  const keys = [
    '../../../../tmp/virga-escaped',
    '..%2f..%2fescaped',
    '%2e%2e/%2e%2e/escaped',
    '/etc/passwd',
    'a/../../b',
    './x',
    '%00',
    'a%0d%0ab',
  ]

  test('keys are keys, wherever they point', async () => {
    for (const key of keys) {
      const path = `/bucket/${key}`
      const put = await ask('s3', { method: 'PUT', path, body: 'content' })
      expect([key, put.status]).toEqual([key, put.status === 400 ? 400 : 200])
      if (put.status === 200) expect([key, (await ask('s3', { method: 'GET', path })).body]).toEqual([key, 'content'])
    }
    expect(await Bun.file('/tmp/virga-escaped').exists()).toBe(false)
  })

  test.each(['..', '%2e%2e', '.', '%00', 'UPPER', 'a'.repeat(300), 'b%2f..%2fc', '__proto__', 'constructor'])(
    'a bucket is not called %p',
    async (name) => {
      const { status, body } = await ask('s3', { method: 'PUT', path: `/${name}` })
      expect([name, status >= 200 && status < 500]).toEqual([name, true])
      if (status >= 400) expect(body).toContain('<Code>')
    },
  )

  test('a source that is elsewhere', async () => {
    for (const source of ['/../../etc/passwd', '../secret', '%00/%00', '/', 'bucket', 'bucket/', '//'])
      expect(
        (await ask('s3', { method: 'PUT', path: '/bucket/copy', headers: { 'x-amz-copy-source': source } })).status,
      ).toBeWithin(400, 500)
  })
})

describe('signatures', () => {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const claim = (more: string): string =>
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${stamp.slice(0, 8)}/us-east-1/sts/aws4_request, ${more}`
  test.each<[string, string]>([
    ['of the wrong length', claim('SignedHeaders=host, Signature=00')],
    [
      'over headers of every object',
      claim(`SignedHeaders=host;constructor;__proto__;toString, Signature=${'0'.repeat(64)}`),
    ],
    ['over ten thousand headers', claim(`SignedHeaders=host${';a'.repeat(10_000)}, Signature=${'0'.repeat(64)}`)],
    ['of sixty thousand characters', claim(`SignedHeaders=host, Signature=${'0'.repeat(60_000)}`)],
    ['of commas', claim(',,,,,')],
    ['of nobody', 'AWS4-HMAC-SHA256 Credential=////, SignedHeaders=host, Signature=0'],
  ])('%s', async (_name, authorization) => {
    const raw = `POST / HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\nX-Amz-Date: ${stamp}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 43\r\n\r\nAction=GetCallerIdentity&Version=2011-06-15`
    const { status, body } = await exchange(utf8(raw))
    expect(status).toBeWithin(400, 404)
    expect(body).toMatch(/<Code>|__type/)
  })
})

test('patterns of policies that take for ever elsewhere do not here', async () => {
  const pattern = `arn:aws:s3:::${'*a'.repeat(40)}*b`
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:GetObject', Resource: pattern }] }
  const put = `Action=PutUserPolicy&Version=2010-05-08&UserName=admin&PolicyName=slow&PolicyDocument=${encodeURIComponent(JSON.stringify(policy))}`
  expect((await ask('iam', form(put))).status).toBe(200)
  const { status } = await ask('s3', { method: 'GET', path: `/bucket/${'a'.repeat(900)}` })
  expect(status).toBe(404)
})

test('uploads that break off leave nothing, and two hundred of them no memory', async () => {
  const before = peak()
  const whole = bytesOf('s3', {
    method: 'PUT',
    path: '/bucket/broken',
    headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    body: new Uint8Array(2 << 20),
  })
  for (let round = 0; round < 200; round += 20)
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = net.connect(Number(port), '127.0.0.1')
        await new Promise((sent) => socket.write(whole.subarray(0, 1 << 20), sent))
        socket.destroy()
      }),
    )
  expect((await ask('s3', { method: 'HEAD', path: '/bucket/broken' })).status).toBe(404)
  expect(peak() - before).toBeLessThan(150)
})

test('after all that the server is well, and its folder holds all there is', async () => {
  expect((await ask('sts', form('Action=GetCallerIdentity&Version=2011-06-15'))).status).toBe(200)
  const home = server.folder
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { parentPath } of files) expect(parentPath).toStartWith(home)
  expect(files.some(({ name }) => /escaped|passwd/.test(name))).toBe(false)
  expect(peak()).toBeLessThan(700)
})
