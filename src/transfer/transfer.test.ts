import { afterAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../client/settings.ts'
import { Failure } from '../lib/errors.ts'
import { compareText } from '../lib/python.ts'
import { comparisonFor, decided, differences } from './compare.ts'
import type { Difference } from './compare.ts'
import { run } from './engine.ts'
import type { Action, Entry, Job } from './entry.ts'
import { Journal } from './journal.ts'
import { listedIn, pageIn } from './listing.ts'
import { mediaTypes } from './media-types.ts'
import { pacer } from './pace.ts'
import { partsOf, partSize } from './parts.ts'
import { bucketAndKey, routeOf } from './places.ts'
import { GrowingSlots, Slots } from './slots.ts'
import { SocketStore } from './socket-store.ts'
import type { Store } from './store.ts'
import { isSpecial, lastingName, NoFolder, TargetFile } from './target-file.ts'
import type { Transfers } from './transfer.ts'
import { filesBelow } from './walk.ts'

const folder = mkdtempSync(join(tmpdir(), 'virga-transfer-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const entry = (name: string, more: Partial<Entry> = {}): Entry => ({
  side: 's3',
  path: `b/${name}`,
  name,
  size: 1,
  modified: 0,
  ...more,
})

describe('places', () => {
  test('a bucket and a key', () => {
    const cases: [string, string, string][] = [
      ['b', 'b', ''],
      ['s3://b/k', 'b', 'k'],
      ['b/a/b/', 'b', 'a/b/'],
      ['b//k', 'b', '/k'],
      [
        'arn:aws:s3:eu-west-1:123456789012:accesspoint/ap/a/b',
        'arn:aws:s3:eu-west-1:123456789012:accesspoint/ap',
        'a/b',
      ],
      ['s3://arn:aws:s3:eu-west-1:123456789012:accesspoint:ap', 'arn:aws:s3:eu-west-1:123456789012:accesspoint:ap', ''],
      [
        'arn:aws:s3-outposts:us-east-1:123456789012:outpost/op-1/accesspoint/ap/k',
        'arn:aws:s3-outposts:us-east-1:123456789012:outpost/op-1/accesspoint/ap',
        'k',
      ],
    ]
    for (const [path, bucket, key] of cases) expect([path, bucketAndKey(path)]).toEqual([path, { bucket, key }])
    expect(() => bucketAndKey('arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint/x/y')).toThrow(
      'Object Lambda',
    )
    expect(() => bucketAndKey('arn:aws:s3-outposts:us-east-1:123456789012:outpost/op-1/bucket/x')).toThrow(
      'Outpost Bucket',
    )
  })

  test('a target keeps the name where it is a folder, or looks like one', () => {
    const cases: [string, string, boolean, string, boolean][] = [
      ['s3://b/k', folder, false, `${folder}/`, true],
      ['s3://b/k', `${folder}/x`, false, `${folder}/x`, false],
      ['s3://b/k', `${folder}/x/`, false, `${folder}/x/`, true],
      ['s3://b/k', `${folder}/x`, true, `${folder}/x/`, true],
      [folder, 's3://b', false, 'b', false],
      [folder, 's3://b/', false, 'b/', true],
      [folder, 's3://b/p', true, 'b/p/', true],
    ]
    for (const [from, to, tree, path, keepsName] of cases) {
      const route = routeOf(from, to, tree)
      expect([from, to, route.to.path, route.keepsName]).toEqual([from, to, path, keepsName])
    }
  })
})

describe('parts', () => {
  test('few enough, and of a size that S3 takes', () => {
    const MiB = 1 << 20
    const cases: [number, number | undefined, number][] = [
      [8 * MiB, 9 * MiB, 8 * MiB],
      [8 * MiB, undefined, 8 * MiB],
      [8 * MiB, 80_000 * MiB, 8 * MiB],
      [8 * MiB, 80_001 * MiB, 16 * MiB],
      [1 * MiB, 9 * MiB, 5 * MiB],
      [6000 * MiB, 9 * MiB, 5120 * MiB],
    ]
    for (const [wished, total, size] of cases)
      expect([wished, total, partSize(wished, total)]).toEqual([wished, total, size])
  })

  test('they are the whole, once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 50 }), (total, size) => {
        let at = 0
        for (const { number, offset, length } of partsOf(total, size)) {
          expect([offset, number]).toEqual([at, at / size + 1])
          expect(length > 0 && length <= size).toBe(true)
          at += length
        }
        expect(at).toBe(total)
      }),
    )
  })
})

test('a job that cannot even begin fails alone', async () => {
  writeFileSync(join(folder, 'in-the-way'), '')
  const source = {
    async get(_address, _extras, sink) {
      sink.begin({})
      sink.write(new Uint8Array(1))
    },
  } as Store
  const transfers = {
    source,
    sizes: { threshold: 8 },
    extras: {},
    signal: new AbortController().signal,
    progress() {},
  } as unknown as Transfers
  const job = (target: string): Job => ({
    action: 'download',
    entry: entry(target),
    target: join(folder, target),
    moves: false,
  })
  const ended: unknown[] = []
  const observer = {
    queued() {},
    skipped() {},
    done: (each: Job) => ended.push([each.entry.name]),
    failed: (each: Job, error: unknown) => ended.push([each.entry.name, error instanceof NoFolder]),
  }
  const places = { small: new Slots(1), large: 1 }
  await run([[job('in-the-way/x/y'), job('arrives')]], transfers, observer, places)
  expect(ended).toEqual([['in-the-way/x/y', true], ['arrives']])
})

describe('slots', () => {
  test('no more than so many at a time, and all get their turn', async () => {
    const slots = new Slots(3)
    let most = 0
    let done = 0
    await Promise.all(
      Array.from({ length: 50 }, () =>
        slots.within(async () => {
          most = Math.max(most, slots.taken)
          await Bun.sleep(0)
          done++
        }),
      ),
    )
    expect([most, done, slots.taken]).toEqual([3, 50, 0])
  })

  /** A run of completions at a rate that depends on the limit; answers the limit it ends with. */
  const settled = (rateAt: (limit: number) => number, busy = 0.1): GrowingSlots => {
    let time = 0
    const slots = new GrowingSlots(16, 256, { now: () => time, worked: () => time * busy })
    for (let index = 0; index < 3000; index++) {
      void slots.take()
      time += 1 / rateAt(slots.limit)
      slots.give()
    }
    return slots
  }

  test('they grow while that makes it faster', () => {
    expect(settled((limit) => limit / 20).limit).toBe(256)
    expect(settled(() => 5).limit).toBeLessThanOrEqual(32)
    expect(settled((limit) => limit / 20, 0.9).limit).toBe(16)
    expect(settled((limit) => Math.min(limit, 64) / 20).limit).toBeWithin(48, 129)
  })

  test('over a long way completions come in bursts, and their waiting counts: the process is not busy', () => {
    let [waited, worked] = [0, 0]
    const slots = new GrowingSlots(64, 512, { now: () => waited + worked, worked: () => worked })
    for (let round = 0; round < 10; round++) {
      const burst = slots.limit
      for (let index = 0; index < burst; index++) void slots.take()
      waited += 20
      for (let index = 0; index < burst; index++) {
        worked += 0.01
        slots.give()
      }
    }
    expect(slots.limit).toBe(512)
  })

  test('they begin with as many as are made while the first answer is waited for', () => {
    const after = (time: number): number => {
      const slots = new GrowingSlots(32, 512)
      slots.waited(time)
      return slots.limit
    }
    expect([0.3, 5, 20].map(after)).toEqual([32, 100, 256])
  })

  test('fewer when the other side says so, once for a burst', () => {
    const slots = settled((limit) => limit / 20)
    for (let index = 0; index < 10; index++) slots.tooMany()
    expect(slots.limit).toBe(128)
  })
})

describe('listings', () => {
  const page = (contents: string): Uint8Array =>
    new TextEncoder().encode(
      `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>` +
        `<NextContinuationToken>a&amp;b=</NextContinuationToken>${contents}</ListBucketResult>`,
    )

  test('lines in whatever order their elements come', () => {
    const contents =
      '<Contents><Key>a%2Fb+c%C3%BC</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;e&quot;</ETag>' +
      '<Size>5</Size><Owner><ID>x</ID></Owner><StorageClass>GLACIER</StorageClass>' +
      '<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus></Contents>' +
      '<Contents><Size>0</Size><Key>plain</Key><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>'
    const modified = Date.UTC(2026, 0, 2, 3, 4, 5)
    expect(pageIn(page(contents))).toEqual({
      items: [
        { key: 'a/b cü', size: 5, modified, etag: '"e"', storageClass: 'GLACIER', restore: 'ongoing-request="false"' },
        { key: 'plain', size: 0, modified, etag: undefined, storageClass: undefined, restore: undefined },
      ],
      token: 'a&b=',
    })
  })

  test('what has a prefix in common comes first', () => {
    const contents =
      '<Contents><Key>a+b</Key><Size>1</Size><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>' +
      '<CommonPrefixes><Prefix>a%2Fb+c%2F</Prefix></CommonPrefixes><CommonPrefixes><Prefix>z%2F</Prefix></CommonPrefixes>'
    const { items } = pageIn(page(contents))!
    expect(items.map(({ key, common }) => [key, common])).toEqual([
      ['a/b c/', true],
      ['z/', true],
      ['a b', undefined],
    ])
    const output = { CommonPrefixes: [{ Prefix: 'z/' }], Contents: [{ Key: 'a', Size: 1, LastModified: 0 }] }
    expect(listedIn(output).map(({ key, common }) => [key, common])).toEqual([
      ['z/', true],
      ['a', undefined],
    ])
  })

  test('a page that is not of the usual form is left to the XML reader', () => {
    const text = (body: string): Uint8Array => new TextEncoder().encode(body)
    expect(pageIn(text('<ListBucketResult></ListBucketResult>'))).toBeUndefined()
    expect(pageIn(text('<EncodingType>url</EncodingType><Contents>'))).toBeUndefined()
    expect(pageIn(page('<Contents><Key>a</Key></Contents>'))).toBeUndefined()
  })
})

describe('the store over sockets', () => {
  test('asks whether a request may be made before it prepares it', async () => {
    const asked: string[] = []
    const settings = {
      models: { operation: async (_: string, name: string) => ({ name }) },
      refuse: async ({ name }: { name: string }) => {
        asked.push(name)
        throw new Failure('ReadOnly', `${name} was not sent`)
      },
    } as unknown as Settings
    const store = new SocketStore(settings)
    const [address, kind, signal] = [{ Bucket: 'b', Key: 'k' }, {}, new AbortController().signal]
    const source = { size: 0, read: () => 0 }
    const sink = { begin: () => {}, write: () => {} }
    await expect(store.put('PutObject', address, kind, source, { signal })).rejects.toThrow('PutObject was not sent')
    await expect(store.put('UploadPart', address, kind, source, { signal, part: 2 })).rejects.toThrow('UploadPart')
    await expect(store.get(address, kind, sink, { range: 'bytes=0-1' })).rejects.toThrow('GetObject was not sent')
    await expect(store.delete(address, kind)).rejects.toThrow('DeleteObject was not sent')
    await expect(store.list('b', '', {})[Symbol.asyncIterator]().next()).rejects.toThrow('ListObjectsV2 was not sent')
    expect(asked).toEqual(['PutObject', 'UploadPart', 'GetObject', 'DeleteObject', 'ListObjectsV2'])
  })
})

describe('a walk', () => {
  test('goes in the order of S3 keys', () => {
    const names = ['a/b', 'a-b', 'a.b', 'a', 'B', 'b/c/d', 'b/c.d', 'é', '￼', '😀', 'z/'].filter((name) => name !== 'a')
    const root = join(folder, 'walk')
    for (const name of names) {
      mkdirSync(join(root, name.endsWith('/') ? name : name.replace(/[^/]*$/, '')), { recursive: true })
      if (!name.endsWith('/')) writeFileSync(join(root, name), name)
    }
    const found = [...filesBelow(`${root}/`)].map(({ name }) => name)
    expect(found).toEqual(names.filter((name) => !name.endsWith('/')).sort(compareText))
    const bytes = (text: string): string => Buffer.from(text).toString('latin1')
    expect(found.map(bytes)).toEqual(found.map(bytes).sort())
  })

  test('looks at a file when its turn comes', () => {
    const root = join(folder, 'turns')
    mkdirSync(root)
    for (const name of ['a', 'b']) writeFileSync(join(root, name), name)
    const found = filesBelow(`${root}/`)
    expect(found.next().value?.size).toBe(1)
    writeFileSync(join(root, 'b'), 'longer')
    expect(found.next().value?.size).toBe(6)
  })

  test('says what it passes over', () => {
    const root = join(folder, 'odd')
    mkdirSync(join(root, 'real'), { recursive: true })
    writeFileSync(join(root, 'real', 'x'), 'x')
    symlinkSync('nowhere', join(root, 'broken'))
    symlinkSync('real', join(root, 'link'))
    symlinkSync('.', join(root, 'real', 'loop'))
    Bun.spawnSync(['mkfifo', join(root, 'pipe')])
    const skipped: string[] = []
    const names = (followLinks: boolean): string[] =>
      [
        ...filesBelow(`${root}/`, {
          followLinks,
          skipped: (path, why) => skipped.push(`${why} ${path.slice(root.length)}`),
        }),
      ].map(({ name }) => name)
    expect(names(false)).toEqual(['real/x'])
    expect(skipped.splice(0)).toEqual(['special /pipe'])
    const followed = names(true)
    expect(followed).toContain('link/x')
    expect(skipped).toContain('missing /broken')
  })
})

describe('a comparison', () => {
  const all = async (found: AsyncIterable<Difference>): Promise<string[]> => {
    const lines: string[] = []
    for await (const each of found) lines.push('send' in each ? `send ${each.send.name}` : `remove ${each.remove.name}`)
    return lines
  }

  test('finds every pair, whatever the names are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string()), fc.uniqueArray(fc.string()), async (left, right) => {
        const side = (names: string[]): Iterator<Entry> =>
          names
            .sort(compareText)
            .map((name) => entry(name))
            .values()
        const found = await all(
          differences(side(left), side(right), { both: () => false, missing: () => true, surplus: () => true }),
        )
        const expected = [
          ...left.filter((name) => !right.includes(name)).map((name) => `send ${name}`),
          ...right.filter((name) => !left.includes(name)).map((name) => `remove ${name}`),
        ]
        expect(found.sort()).toEqual(expected.sort())
      }),
    )
  })

  test('by size and time', () => {
    const cases: [Action, object, Partial<Entry>, Partial<Entry>, boolean][] = [
      ['upload', {}, { modified: 1 }, { modified: 2 }, false],
      ['upload', {}, { modified: 2 }, { modified: 2 }, false],
      ['upload', {}, { modified: 3 }, { modified: 2 }, true],
      ['upload', {}, { size: 1, modified: 1 }, { size: 2, modified: 2 }, true],
      ['download', {}, { modified: 2 }, { modified: 1 }, false],
      ['download', {}, { modified: 1 }, { modified: 2 }, true],
      ['download', { exactTimestamps: true }, { modified: 2 }, { modified: 1 }, true],
      ['download', { exactTimestamps: true }, { modified: 2 }, { modified: 2 }, false],
      ['upload', { exactTimestamps: true }, { modified: 1 }, { modified: 2 }, false],
      ['upload', { sizeOnly: true }, { modified: 3 }, { modified: 2 }, false],
      ['upload', { noOverwrite: true }, { size: 1 }, { size: 2 }, false],
    ]
    for (const [action, rules, source, target, sends] of cases) {
      const { both } = comparisonFor(action, rules)
      expect([action, rules, both(entry('x', source), entry('x', target))]).toEqual([action, rules, sends])
    }
  })

  test('looks at content side by side, and keeps the order', async () => {
    let looking = 0
    let most = 0
    const look = async (result: boolean): Promise<boolean> => {
      most = Math.max(most, ++looking)
      await Bun.sleep(1)
      looking--
      return result
    }
    async function* found(): AsyncGenerator<Difference> {
      for (let index = 0; index < 20; index++) {
        if (index % 3 === 0) yield { remove: entry(`r${index}`) }
        else yield { send: entry(`s${index}`), must: look(index % 2 === 0) }
      }
    }
    expect(await all(decided(found(), 8))).toEqual(
      Array.from({ length: 20 }, (_, index) => index)
        .filter((index) => index % 3 === 0 || index % 2 === 0)
        .map((index) => (index % 3 === 0 ? `remove r${index}` : `send s${index}`)),
    )
    expect(most).toBeWithin(2, 9)
  })
})

describe('media types', () => {
  test("are guessed as Python's mimetypes guesses them", () => {
    const guess = mediaTypes([])
    const cases: [string, string | undefined][] = [
      ['/a/b.html', 'text/html'],
      ['/a/B.HTML', 'text/html'],
      ['/a.b/c', undefined],
      ['/a/.html', undefined],
      ['/a/..html', undefined],
      ['/a/x.tar.gz', 'application/x-tar'],
      ['/a/x.tgz', 'application/x-tar'],
      ['/a/x.gz', undefined],
      ['/a/x.svgz', 'image/svg+xml'],
      ['/a/x.txt.br', 'text/plain'],
      ['/a/x.Z', undefined],
      ['/a/x.json', 'application/json'],
      ['/a/x.js', 'text/javascript'],
      ['/a/x.', undefined],
      ['/a/x.unheard-of', undefined],
    ]
    for (const [path, type] of cases) expect([path, guess(path)]).toEqual([path, type])
  })

  test("the machine's own tables overrule", () => {
    const table = join(folder, 'mime.types')
    writeFileSync(table, '# comment\nmy/type  html mine # more\n\nother/type\n')
    const guess = mediaTypes([table, join(folder, 'none')])
    expect([guess('a.html'), guess('a.mine'), guess('a.more'), guess('a.css')]).toEqual([
      'my/type',
      'my/type',
      undefined,
      'text/css',
    ])
  })
})

describe('a journal', () => {
  const path = join(folder, 'journals', 'j.jsonl')
  const job: Job = { action: 'upload', entry: entry('x', { etag: '"e"' }), target: 'b/x', moves: false }

  test('tells a later run what was done', () => {
    const first = new Journal(path)
    first.beganUpload('b/big', { id: 'U', size: 3, state: 4, part: 5, members: 'm' })
    first.beganDownload('/d', { temporary: '/d.1', etag: '"e"', size: 6, part: 5 })
    first.wrote('/d', 0, 'AA==')
    first.done(job)
    first.beganUpload('b/over', { id: 'V', size: 3, state: 4, part: 5, members: 'm' })
    first.over('b/over')
    first.close()
    writeFileSync(path, '{"upload":"b/cut', { flag: 'a' }) // killed while it wrote
    const second = new Journal(path)
    expect(second.upload('b/big')).toEqual({ id: 'U', size: 3, state: 4, part: 5, members: 'm' })
    expect(second.upload('b/over')).toBeUndefined()
    expect(second.download('/d')).toEqual({ temporary: '/d.1', etag: '"e"', size: 6, part: 5 })
    expect([...second.ranges('/d')]).toEqual([[0, 'AA==']])
    expect([second.wasDone(job), second.wasDone({ ...job, entry: entry('x', { etag: '"other"' }) })]).toEqual([
      true,
      false,
    ])
    second.remove()
    expect(readdirSync(join(folder, 'journals'))).toEqual([])
  })

  test('is for one run at a time', () => {
    const child = Bun.spawn(['sleep', '60'])
    writeFileSync(path, `{"pid":${child.pid}}\n`)
    expect(() => new Journal(path)).toThrow('Another run')
    child.kill()
  })
})

describe('a target file', () => {
  test('is there when it is whole', () => {
    const path = join(folder, 'new', 'folder', 'file')
    const file = new TargetFile(path)
    file.write(new TextEncoder().encode('world'), 6)
    file.write(new TextEncoder().encode('hello '), 0)
    expect(readdirSync(join(folder, 'new', 'folder'))).toEqual([file.temporary.split('/').at(-1)!])
    file.finish()
    expect(readdirSync(join(folder, 'new', 'folder'))).toEqual(['file'])
    const other = new TargetFile(path)
    other.discard()
    other.discard()
    expect(readdirSync(join(folder, 'new', 'folder'))).toEqual(['file'])
  })

  test('names at the limit of length have room for the temporary one', () => {
    for (const name of ['x'.repeat(255), 'ü'.repeat(127), '😀'.repeat(63)]) {
      const file = new TargetFile(join(folder, 'long', name))
      expect(Buffer.byteLength(file.temporary.split('/').at(-1)!)).toBeLessThanOrEqual(255)
      file.finish()
    }
    expect(lastingName('/a/b')).toBe(lastingName('/a/b'))
  })

  test('devices are told from files, also in a folder that gets many', () => {
    for (let index = 0; index < 12; index++) new TargetFile(join(folder, 'many', `f${index}`)).finish()
    Bun.spawnSync(['mkfifo', join(folder, 'many', 'pipe')])
    expect([
      isSpecial(join(folder, 'many', 'pipe')),
      isSpecial(join(folder, 'many', 'f1')),
      isSpecial('/dev/null'),
    ]).toEqual([true, false, true])
  })
})

test('a pace lets so many bytes go in a second', async () => {
  let time = 0
  const pauses: number[] = []
  const pace = pacer(
    1000,
    () => time,
    async (seconds) => void pauses.push(seconds),
  )
  expect(pace(500)).toBeUndefined()
  await pace(10) // when the first 500 are gone
  await pace(10)
  time = 10_000
  expect(pace(1)).toBeUndefined()
  expect(pauses).toEqual([0.5, 0.51])
})
