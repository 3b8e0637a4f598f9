// What must not happen to anybody's data: faults on the way, files that change, interruptions, and too much deleted.
// `virga s3` against moto, with a proxy between them that spoils what a test wants spoiled.

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'bun:test'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { between } from './s3/between.ts'
import type { Asked, Between } from './s3/between.ts'
import { filled } from './s3/both.ts'
import { moto } from './s3/moto.ts'
import { serve } from './witnesses/local-server.ts'
import { Authority } from './witnesses/recording-proxy.ts'
import { scratch } from './witnesses/witnesses.ts'

const program = process.env.VIRGA_PROGRAM?.split(' ') ?? [join(import.meta.dir, '..', 'dist', 'virga')]
const kills = Number(process.env.VIRGA_KILLS ?? 50)
const server = await moto()
const root = scratch('safety')
const MiB = 1 << 20

afterAll(() => {
  if ('found' in server) server.found.stop()
  rmSync(root, { recursive: true, force: true })
}, 60_000)

if ('missing' in server) {
  console.log(`SKIPPED s3 safety: ${server.missing}`)
  test.skip(`missing: ${server.missing}`, () => {})
} else describe('s3', () => tests(server.found.port))

interface Ran {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

function tests(port: number): void {
  let proxy: Between
  let folder: string
  let bucket: string
  let count = 0

  beforeEach(async () => {
    proxy = await between(port)
    bucket = `safe-${++count}`
    folder = join(root, bucket)
    mkdirSync(folder)
    await s3('PUT', `/${bucket}`)
  })
  afterEach(() => proxy.stop())

  const s3 = async (method: string, path: string, body?: Uint8Array | string): Promise<Response> => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0'
    return fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: body as BodyInit }),
    })
  }
  const put = async (key: string, body: Uint8Array | string): Promise<void> =>
    void (await s3('PUT', `/${bucket}/${key}`, body))
  const object = async (key: string): Promise<Buffer | undefined> => {
    const response = await s3('GET', `/${bucket}/${key}`)
    return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined
  }
  const uploads = async (): Promise<number> =>
    ((await (await s3('GET', `/${bucket}?uploads`)).text()).match(/<UploadId>/g) ?? []).length

  const spawn = (words: readonly string[], env: Record<string, string> = {}) => {
    const config = join(folder, '..', `${bucket}.config`)
    writeFileSync(config, '[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n')
    return Bun.spawn([...program, 's3', ...words], {
      cwd: folder,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      env: {
        PATH: process.env.PATH ?? '',
        HOME: join(root, `${bucket}-home`),
        AWS_ENDPOINT_URL: proxy.url,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_CONFIG_FILE: config,
        ...env,
      },
    })
  }
  const ended = async (child: ReturnType<typeof spawn>): Promise<Ran> => {
    const [stdout, stderr, exit] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    return { stdout, stderr, exit }
  }
  const virga = (...words: string[]): Promise<Ran> => ended(spawn(words))

  describe('faults on the way', () => {
    const content = filled(11 * MiB + 7)
    const once = (of: (asked: Asked) => boolean, fault: NonNullable<Between['fault']>): Between['fault'] => {
      let left = 2
      return (asked, index) => (of(asked) && left-- > 0 ? fault(asked, index) : undefined)
    }
    const busy = {
      kind: 'answer',
      status: 503,
      body: '<Error><Code>SlowDown</Code><Message>Reduce your request rate</Message></Error>',
    } as const
    const faults: [string, NonNullable<Between['fault']>][] = [
      ['resets', () => ({ kind: 'reset' })],
      ['503 SlowDown', () => busy],
      [
        '500',
        () => ({ kind: 'answer', status: 500, body: '<Error><Code>InternalError</Code><Message>x</Message></Error>' }),
      ],
      ['a slow server', () => ({ kind: 'slow', milliseconds: 300 })],
    ]
    for (const [name, fault] of faults) {
      test(`${name}: an upload in parts arrives whole`, async () => {
        writeFileSync(join(folder, 'big'), content)
        proxy.fault = once(({ method, target }) => method === 'PUT' && target.includes('partNumber'), fault)
        expect(await virga('cp', 'big', `s3://${bucket}/big`, '--no-progress')).toMatchObject({ exit: 0, stderr: '' })
        expect((await object('big'))?.equals(content)).toBe(true)
      }, 60_000)
      test(`${name}: a download in ranges arrives whole`, async () => {
        await put('big', content)
        proxy.fault = once(({ method }) => method === 'GET', fault)
        expect(await virga('cp', `s3://${bucket}/big`, 'big', '--no-progress')).toMatchObject({ exit: 0, stderr: '' })
        expect(readFileSync(join(folder, 'big')).equals(content)).toBe(true)
      }, 60_000)
    }

    test('a body that breaks off is fetched again, and the file has every byte once', async () => {
      await put('big', content)
      await put('small', 'small content')
      proxy.fault = once(
        ({ method }) => method === 'GET',
        () => ({ kind: 'cut', after: 5 }),
      )
      expect(await virga('cp', `s3://${bucket}/`, '.', '--recursive', '--no-progress')).toMatchObject({
        exit: 0,
        stderr: '',
      })
      expect(readFileSync(join(folder, 'big')).equals(content)).toBe(true)
      expect(readFileSync(join(folder, 'small'), 'utf8')).toBe('small content')
    }, 60_000)

    test('a damaged body never becomes a file', async () => {
      writeFileSync(join(folder, 'up'), 'twelve bytes')
      await virga('cp', 'up', `s3://${bucket}/small`) // with a checksum
      proxy.fault = ({ method }) => (method === 'GET' ? { kind: 'damage' } : undefined)
      const ran = await virga('cp', `s3://${bucket}/small`, 'down', '--no-progress')
      expect(ran.exit).toBe(1)
      expect(ran.stderr).toContain('download failed')
      expect(readdirSync(folder)).toEqual(['up'])
    }, 60_000)

    test('many small ones under a burst of 503 all arrive', async () => {
      mkdirSync(join(folder, 'many'))
      for (let index = 0; index < 200; index++) writeFileSync(join(folder, 'many', `f${index}`), `content ${index}`)
      let burst = 60
      proxy.fault = () => (burst-- > 0 ? busy : undefined)
      const ran = await virga('cp', 'many', `s3://${bucket}/m`, '--recursive', '--no-progress')
      const failed = ran.stderr.split('\n').filter(Boolean).length
      expect(ran.stdout.split('\n').filter(Boolean).length + failed).toBe(200)
      burst = 0
      // What a burst used up all attempts of is done by the next run.
      expect(await virga('sync', 'many', `s3://${bucket}/m`, '--size-only', '--no-progress')).toMatchObject({
        exit: 0,
        stderr: '',
      })
      for (const index of [0, 57, 199]) expect((await object(`m/f${index}`))?.toString()).toBe(`content ${index}`)
    }, 120_000)

    test('a file that changes while it is read is not uploaded', async () => {
      writeFileSync(join(folder, 'big'), content)
      let changed = false
      proxy.fault = ({ method, target }) => {
        if (method === 'PUT' && target.includes('partNumber=2') && !changed) {
          changed = true
          appendFileSync(join(folder, 'big'), 'more')
        }
        return undefined
      }
      const ran = await virga('cp', 'big', `s3://${bucket}/big`, '--no-progress')
      expect(ran.exit).toBe(1)
      expect(ran.stderr).toContain('changed while it was being read')
      expect(await object('big')).toBeUndefined()
      expect(await uploads()).toBe(0)
    }, 60_000)

    test('an object that changes between its ranges becomes no file', async () => {
      await put('big', content)
      let changed = false
      proxy.fault = async ({ method }) => {
        if (method !== 'GET' || changed) return
        changed = true
        await put('big', filled(12 * MiB))
      }
      const ran = await ended(spawn(['cp', `s3://${bucket}/big`, 'big', '--no-progress']))
      expect([ran.exit, ran.stderr.includes('did not match expected ETag')]).toEqual([1, true])
      expect(readdirSync(folder)).toEqual([])
    }, 60_000)

    test('a stream that nobody reads any more ends the transfer', async () => {
      await put('streamed', filled(40 * MiB))
      const { stdout, stderr, exited } = spawn(['cp', `s3://${bucket}/streamed`, '-'])
      const reader = stdout.getReader()
      expect((await reader.read()).value).toBeDefined()
      await reader.cancel()
      expect(await exited).toBe(1)
      expect(await new Response(stderr).text()).toBe(
        `download failed: s3://${bucket}/streamed to - [Errno 32] Broken pipe\n`,
      )
    })

    test('no room on the disk: an error, and nothing half-written', async () => {
      const small = join(folder, 'small')
      mkdirSync(small)
      if (Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small]).exitCode !== 0) {
        console.log('SKIPPED a full disk: no file system can be mounted here')
        return
      }
      try {
        await put('big', content)
        await put('three', filled(3 * MiB))
        const ran = await virga('cp', `s3://${bucket}/`, 'small', '--recursive', '--no-progress')
        expect(ran.exit).toBe(1)
        expect(ran.stderr.match(/No space left on device/g)).toHaveLength(2)
        expect(readdirSync(small)).toEqual([])
      } finally {
        Bun.spawnSync(['umount', small])
      }
    }, 60_000)

    test('what may not be read is passed over, and what is below it at the target is not deleted', async () => {
      writeFileSync(join(folder, 'a'), 'a')
      symlinkSync('nowhere', join(folder, 'b'))
      await put('p/b', 'kept')
      await put('p/c', 'gone')
      const ran = await virga('sync', '.', `s3://${bucket}/p`, '--delete', '--no-progress')
      expect(ran.exit).toBe(2)
      expect((await object('p/b'))?.toString()).toBe('kept')
      expect(await object('p/c')).toBeUndefined()
    })
  })

  describe('too much deleted', () => {
    test('an empty source deletes nothing, unless told', async () => {
      mkdirSync(join(folder, 'empty'))
      await put('p/a', 'a')
      const refused = await virga('sync', 'empty', `s3://${bucket}/p`, '--delete')
      expect(refused.exit).toBe(1)
      expect(refused.stderr).toContain('--allow-empty-source')
      expect(await object('p/a')).toBeDefined()
      expect(await virga('sync', 'empty', `s3://${bucket}/p`, '--delete', '--allow-empty-source')).toMatchObject({
        exit: 0,
      })
      expect(await object('p/a')).toBeUndefined()
    })

    test('a prefix without objects leaves the local folder alone', async () => {
      mkdirSync(join(folder, 'd'))
      writeFileSync(join(folder, 'd', 'x'), 'x')
      expect((await virga('sync', `s3://${bucket}/nothing`, 'd', '--delete')).exit).toBe(1)
      expect(existsSync(join(folder, 'd', 'x'))).toBe(true)
    })

    test('--max-delete: all of them or none', async () => {
      writeFileSync(join(folder, 'kept'), 'k')
      for (const name of ['a', 'b', 'c']) await put(`p/${name}`, name)
      const refused = await virga('sync', '.', `s3://${bucket}/p`, '--delete', '--max-delete', '2')
      expect([refused.exit, refused.stderr.includes('--max-delete')]).toEqual([1, true])
      for (const name of ['a', 'b', 'c']) expect(await object(`p/${name}`)).toBeDefined()
      expect((await virga('sync', '.', `s3://${bucket}/p`, '--delete', '--max-delete', '3')).exit).toBe(0)
      expect(await object('p/a')).toBeUndefined()
      expect((await object('p/kept'))?.toString()).toBe('k')
    })

    test('rm of a bucket without --recursive removes nothing', async () => {
      // The reference deletes every empty object whose name ends with a slash.
      await put('folder/', '')
      expect(await virga('rm', `s3://${bucket}/`)).toEqual({ exit: 0, stdout: '', stderr: '' })
      expect(await object('folder/')).toBeDefined()
    })

    test('--plan does nothing until somebody agrees', async () => {
      writeFileSync(join(folder, 'a'), 'a')
      const planned = await virga('sync', '.', `s3://${bucket}/p`, '--plan')
      expect([planned.exit, planned.stdout.includes('upload 1 (1 Byte)')]).toEqual([1, true])
      expect(await object('p/a')).toBeUndefined()
      expect((await virga('sync', '.', `s3://${bucket}/p`, '--plan', '--yes', '--no-progress')).exit).toBe(0)
      expect((await object('p/a'))?.toString()).toBe('a')
    })

    test('nor does a stream, that cannot be planned', async () => {
      const refused = await virga('cp', '-', `s3://${bucket}/p/stream`, '--plan')
      expect(refused).toMatchObject({ exit: 252, stdout: '' })
      expect(refused.stderr).toContain('--plan does not work with streams')
      expect(await object('p/stream')).toBeUndefined()
    })
  })

  describe('content', () => {
    test('--checksum sends what differs though size and time say nothing, and leaves what is the same', async () => {
      for (const name of ['same', 'changed']) writeFileSync(join(folder, name), 'first content')
      writeFileSync(join(folder, 'parts'), filled(11 * MiB))
      await virga('sync', '.', `s3://${bucket}/p`)
      writeFileSync(join(folder, 'changed'), 'other content')
      Bun.spawnSync(['touch', '-d', '2001-01-01', join(folder, 'changed')])
      Bun.spawnSync(['touch', '-d', '2050-01-01', join(folder, 'same')])
      const byTime = await virga('sync', '.', `s3://${bucket}/p`, '--dryrun')
      expect(byTime.stdout).toContain('upload: ./same')
      expect(byTime.stdout).not.toContain('./changed')
      for (const _ of ['digests are made', 'and remembered']) {
        const byContent = await virga('sync', '.', `s3://${bucket}/p`, '--dryrun', '--checksum')
        expect(byContent.stdout.split('\n').filter((line) => !line.includes('parts'))).toEqual([
          `(dryrun) upload: ./changed to s3://${bucket}/p/changed`,
          '',
        ])
      }
      const down = await virga('sync', `s3://${bucket}/p`, '.', '--dryrun', '--checksum', '--exclude', 'parts')
      expect(down.stdout).toBe(`(dryrun) download: s3://${bucket}/p/changed to ./changed\n`)
    }, 60_000)
  })

  describe('over TLS, to a server that checks signatures and checksums', () => {
    const sizes = [0, 1, 5000, 47 * 1024, 48 * 1024, 300_000, 11 * MiB + 7]
    const openssl = Bun.which('openssl')
    test.skipIf(!openssl)(
      'what went up comes down',
      async () => {
        const local = await serve(program)
        const authority = new Authority(join(root, 'authority'))
        const secure = await between(Number(new URL(local.url).port), authority.certificate('127.0.0.1'))
        try {
          const env = { ...local.env, AWS_ENDPOINT_URL: secure.url, AWS_CA_BUNDLE: authority.bundle }
          mkdirSync(join(folder, 'up'))
          for (const size of sizes) writeFileSync(join(folder, 'up', `f${size}`), filled(size))
          const run = (...words: string[]): Promise<Ran> => ended(spawn(words, env))
          expect(await run('mb', 's3://secure')).toMatchObject({ exit: 0 })
          expect(await run('cp', 'up', 's3://secure/p', '--recursive', '--quiet')).toEqual({
            exit: 0,
            stdout: '',
            stderr: '',
          })
          const puts = secure.asked.filter(({ method, target }) => method === 'PUT' && target.startsWith('/secure/p/'))
          expect(puts.length).toBe(sizes.length - 1 + 3)
          for (const { headers } of puts) {
            expect(headers).toMatchObject({
              'content-encoding': 'aws-chunked',
              'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
              'x-amz-trailer': 'x-amz-checksum-crc64nvme',
            })
          }
          expect(await run('cp', 's3://secure/p', 'down', '--recursive', '--quiet')).toEqual({
            exit: 0,
            stdout: '',
            stderr: '',
          })
          for (const size of sizes)
            expect(readFileSync(join(folder, 'down', `f${size}`)).equals(filled(size))).toBe(true)
          // A client that does not trust the authority gets nowhere.
          const distrusted = await ended(
            spawn(['cp', 's3://secure/p', 'no', '--recursive'], { ...env, AWS_CA_BUNDLE: '', AWS_MAX_ATTEMPTS: '1' }),
          )
          expect(distrusted.exit).not.toBe(0)
          const other = new Authority(join(root, 'other'))
          const wrong = await ended(
            spawn(['cp', 's3://secure/p', 'no', '--recursive'], {
              ...env,
              AWS_CA_BUNDLE: other.bundle,
              AWS_MAX_ATTEMPTS: '1',
            }),
          )
          expect([wrong.exit, wrong.stderr.includes('SSL validation failed')]).toEqual([1, true])
          expect(existsSync(join(folder, 'no', 'f1'))).toBe(false)
        } finally {
          secure.stop()
          await local.stop()
        }
      },
      60_000,
    )
  })

  describe('interruptions', () => {
    const content = filled(48 * MiB + 3)
    const slowParts = ({ method, target }: Asked): { kind: 'slow'; milliseconds: number } | undefined =>
      (method === 'PUT' && target.includes('partNumber')) || method === 'GET'
        ? { kind: 'slow', milliseconds: 100 }
        : undefined

    test('Ctrl-C leaves nothing half-named, and no upload', async () => {
      writeFileSync(join(folder, 'big'), content)
      await put('big', content)
      proxy.fault = slowParts
      for (const words of [
        ['cp', 'big', `s3://${bucket}/other`],
        ['cp', `s3://${bucket}/big`, 'down'],
      ]) {
        const child = spawn(words)
        while (proxy.asked.filter(({ target }) => /partNumber|big$/.test(target)).length < 3) await Bun.sleep(5)
        child.kill('SIGINT')
        const { exit, stderr } = await ended(child)
        expect([exit, stderr.trim()]).toEqual([1, 'cancelled: ctrl-c received'])
        proxy.asked.length = 0
      }
      expect(readdirSync(folder)).toEqual(['big'])
      expect(await object('other')).toBeUndefined()
      expect(await uploads()).toBe(0)
    }, 60_000)

    test(`killed at ${kills} random moments, and resumed: everything is whole or absent`, async () => {
      mkdirSync(join(folder, 'tree'))
      writeFileSync(join(folder, 'tree', 'big'), content)
      for (let index = 0; index < 20; index++) writeFileSync(join(folder, 'tree', `small${index}`), `content ${index}`)
      await put('source/big', content)
      for (let index = 0; index < 20; index++) await put(`source/small${index}`, `content ${index}`)
      proxy.fault = (asked) => (/big/.test(asked.target) ? slowParts(asked) : undefined)
      const figures = { killed: 0, endedBefore: 0, resumed: 0, partsNotSentAgain: 0, rangesNotFetchedAgain: 0 }
      const parts = Math.ceil(content.length / (5 * MiB))
      for (let round = 0; round < kills; round++) {
        const up = round % 2 === 0
        const target = join(folder, `down${round}`)
        const words = up
          ? ['cp', 'tree', `s3://${bucket}/up${round}`, '--recursive', '--resume', '--quiet']
          : ['cp', `s3://${bucket}/source`, `down${round}`, '--recursive', '--resume', '--quiet']
        const child = spawn(words)
        await Bun.sleep(20 + Math.random() * 700)
        child.kill('SIGKILL')
        const { exit } = await ended(child)
        figures[exit === 0 ? 'endedBefore' : 'killed']++
        while (proxy.passing > 0) await Bun.sleep(1) // what had left it when it was killed
        // Whole or absent, before anything is resumed.
        if (up) {
          const there = await object(`up${round}/big`)
          expect(there === undefined || there.equals(content)).toBe(true)
        } else if (existsSync(join(target, 'big'))) expect(readFileSync(join(target, 'big')).equals(content)).toBe(true)
        proxy.asked.length = 0
        expect(await virga(...words)).toEqual({ exit: 0, stdout: '', stderr: '' })
        figures.resumed++
        if (up) {
          figures.partsNotSentAgain +=
            parts - proxy.asked.filter(({ target: asked }) => asked.includes('partNumber')).length
          expect((await object(`up${round}/big`))?.equals(content)).toBe(true)
          for (const index of [0, 19])
            expect((await object(`up${round}/small${index}`))?.toString()).toBe(`content ${index}`)
          await s3('DELETE', `/${bucket}/up${round}/big`)
        } else {
          figures.rangesNotFetchedAgain +=
            parts - proxy.asked.filter(({ headers }) => headers.range !== undefined).length
          expect(readFileSync(join(target, 'big')).equals(content)).toBe(true)
          expect(readdirSync(target).sort()).toEqual(
            ['big', ...Array.from({ length: 20 }, (_, index) => `small${index}`)].sort(),
          )
          rmSync(target, { recursive: true })
        }
      }
      console.log(`killed and resumed: ${JSON.stringify(figures)}; ${await uploads()} uploads left`)
      expect(await uploads()).toBe(0)
    }, 600_000)
  })
}
