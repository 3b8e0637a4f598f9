// What every store does. `store.test.ts` runs it over the memory and SQLite stores, tests/foreign/postgres.test.ts over
// PostgreSQL, tests/store-node.test.ts over memory on Node; so it keeps to what Bun and Node both have.

import { deepEqual, equal, rejects } from 'node:assert/strict'
import fc from 'fast-check'
import { readBody } from '../../http/message.ts'
import { blobGrace } from './store.ts'
import type { Namespace, Rows, Store } from './store.ts'

type Test = (name: string, body: () => Promise<void>) => void

const size = (byteLength: number): Uint8Array => Uint8Array.from({ length: byteLength }, (_, i) => i % 251)

async function run<T>(space: Namespace, body: (rows: Rows) => T): Promise<T> {
  return space.transaction(body)
}

async function blobOf(space: Namespace, ...chunks: Uint8Array[]): Promise<string> {
  const writer = space.blobs.create()
  for (const chunk of chunks) await writer.write(chunk)
  return writer.commit()
}

/** Undefined where there is none. */
export async function bytesOf(
  space: Namespace,
  id: string,
  start?: number,
  end?: number,
): Promise<Uint8Array | undefined> {
  const found = space.blobs.open(id, start, end)
  if (found === undefined) return undefined
  return readBody(found).catch((error: unknown) => {
    if (String(error).includes('is gone')) return undefined
    throw error
  })
}

async function lengthOf(space: Namespace, id: string): Promise<number | undefined> {
  return (await bytesOf(space, id))?.length
}

/** `open` makes an empty store that goes by `clock`. */
export function storeSuite(name: string, test: Test, open: (now: () => number) => Promise<Store>, how = ''): void {
  let time = 1_000_000_000_000
  const fresh = (): Promise<Store> => open(() => time)

  /** The grace has passed, and somebody writes. */
  const sweep = async (space: Namespace): Promise<void> => {
    time += blobGrace + 1
    space.blobs.create().abort()
  }
  /** Stores across a network sweep when they come to it. */
  const isGone = async (space: Namespace, id: string): Promise<boolean> => {
    for (let tries = 0; tries < 200 && (await bytesOf(space, id)) !== undefined; tries++)
      await new Promise((next) => setTimeout(next, 10))
    return (await bytesOf(space, id)) === undefined
  }
  const it: Test = (what, body) => test(`the ${name} store${how && `, ${how},`} ${what}`, body)

  it('keeps rows by table and key, namespaces apart', async () => {
    const store = await fresh()
    const [a, b] = [store.namespace('a'), store.namespace('b')]
    await run(a, (rows) => rows.put('users', 'ana', { age: 3, tags: ['x'] }))
    deepEqual(await run(a, (rows) => rows.get('users', 'ana')), { age: 3, tags: ['x'] })
    equal(await run(a, (rows) => rows.get('roles', 'ana')), undefined)
    equal(await run(b, (rows) => rows.get('users', 'ana')), undefined)
    deepEqual(await run(a, (rows) => [rows.delete('users', 'ana'), rows.delete('users', 'ana')]), [true, false])
    deepEqual(await run(a, (rows) => rows.scan('users')), [])
    await store.close()
  })

  it('keeps any text', async () => {
    const store = await fresh()
    const space = store.namespace('a/b')
    const texts = ['', '\0', 'a\0b', '"\\\n', 'é\u{1f600}', '\uffff', "'; drop table rows", '\\u0000']
    await run(space, (rows) => texts.forEach((text) => rows.put('t', text, { text, lone: '\ud800' })))
    for (const text of texts) deepEqual(await run(space, (rows) => rows.get('t', text)), { text, lone: '\ud800' })
    const keys = await run(space, (rows) => rows.scan('t').map((row) => row.key))
    deepEqual(keys.toSorted(), texts.toSorted())
    await store.close()
  })

  it('hands out copies', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    await run(space, (rows) => {
      const tags = ['x']
      rows.put('t', 'k', { tags })
      tags.push('y')
      rows.get<{ tags: string[] }>('t', 'k')!.tags.push('z')
    })
    deepEqual(await run(space, (rows) => rows.get('t', 'k')), { tags: ['x'] })
    await store.close()
  })

  it('takes back everything when the body throws', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    const kept = await blobOf(space, size(1))
    await run(space, (rows) => {
      rows.put('t', 'old', 1)
      rows.keep(kept)
    })
    const failing = run(space, (rows) => {
      rows.put('t', 'new', 1)
      rows.put('t', 'old', 2)
      rows.delete('t', 'old')
      rows.drop(kept)
      throw new Error('stop')
    })
    await rejects(failing, /stop/)
    deepEqual(await run(space, (rows) => rows.scan('t')), [{ key: 'old', value: 1 }])
    await sweep(space)
    equal(await lengthOf(space, kept), 1)
    await store.close()
  })

  it('sees its own changes while it makes them', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    await run(space, (rows) => ['a', 'b', 'c', 'd'].forEach((key) => rows.put('t', key, key)))
    const seen = await run(space, (rows) => {
      rows.delete('t', 'a')
      rows.put('t', 'bb', 'new')
      rows.put('t', 'c', 'other')
      return [rows.get('t', 'a'), rows.scan('t', { limit: 3 }), rows.scan('t', { reverse: true, limit: 2 })]
    })
    const [b, bb, c, d] = [
      { key: 'b', value: 'b' },
      { key: 'bb', value: 'new' },
      { key: 'c', value: 'other' },
      { key: 'd', value: 'd' },
    ]
    deepEqual(seen, [undefined, [b, bb, c], [d, c]])
    deepEqual(await run(space, (rows) => rows.scan('t')), [b, bb, c, d])
    await store.close()
  })

  it('shows a row to those who only look, as it is at the moment', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    await run(space, (rows) => rows.put('t', 'k', { of: ['one'] }))
    const look = () => run(space, (rows) => [rows.look('t', 'k'), rows.look('t', 'none')])
    for (let again = 0; again < 2; again++) deepEqual(await look(), [{ of: ['one'] }, undefined])
    const seen = await run(space, (rows) => {
      rows.put('t', 'k', 'two')
      const changed = rows.look('t', 'k')
      rows.delete('t', 'k')
      return [changed, rows.look('t', 'k')]
    })
    deepEqual(seen, ['two', undefined])
    const failing = run(space, (rows) => {
      rows.put('t', 'k', 'three')
      rows.look('t', 'k')
      throw new Error('stop')
    })
    await rejects(failing, /stop/)
    deepEqual(await look(), [undefined, undefined])
    await store.close()
  })

  it('nests: an inner failure that is caught takes back only itself', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    await run(space, (rows) => {
      rows.put('t', 'outer', 1)
      try {
        void store.namespace('b').transaction((inner) => {
          inner.put('t', 'inner', 1)
          throw new Error('stop')
        })
      } catch {
        rows.put('t', 'caught', 1)
      }
    })
    deepEqual(await run(space, (rows) => rows.scan('t').map((row) => row.key)), ['caught', 'outer'])
    deepEqual(await run(store.namespace('b'), (rows) => rows.scan('t')), [])
    await store.close()
  })

  it('lets nothing come between the lines of a body', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    const increments = Array.from({ length: 50 }, () =>
      run(space, (rows) => {
        const next = (rows.get<number>('t', 'n') ?? 0) + 1
        rows.put('t', 'n', next)
        rows.put('t', `at ${next}`, rows.scan('t').length)
        return next
      }),
    )
    deepEqual(
      (await Promise.all(increments)).toSorted((a, b) => a - b),
      Array.from({ length: 50 }, (_, i) => i + 1),
    )
    equal((await run(space, (rows) => rows.scan('t'))).length, 51)
    await store.close()
  })

  it('lets a body look under an id that it draws at random', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    const id = await run(space, (rows) => {
      const drawn = crypto.randomUUID()
      const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(4))).toString('hex')
      if (rows.get('t', drawn) !== undefined || rows.scan('t', { prefix: bytes }).length > 0) return ''
      rows.put('t', drawn, bytes)
      return drawn
    })
    equal((await run(space, (rows) => rows.get<string>('t', id)))?.length, 8)
    await store.close()
  })

  it('scans in the order of UTF-8 bytes, whatever the range', async () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '\u00e9', '\ud7ff', '\ufb00', '\u{1f600}', '\u{10ffff}'),
      maxLength: 4,
    })
    const range = fc.record(
      { prefix: key, after: key, from: key, before: key, limit: fc.nat(4), reverse: fc.boolean() },
      { requiredKeys: [] },
    )
    const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
    const store = await fresh()
    let spaces = 0
    const law = fc.asyncProperty(fc.uniqueArray(key, { maxLength: 12 }), range, async (keys, wanted) => {
      const space = store.namespace(String(++spaces))
      await run(space, (rows) => keys.forEach((each) => rows.put('t', each, each)))
      let expected = keys
        .toSorted(compare)
        .filter(
          (each) =>
            each.startsWith(wanted.prefix ?? '') &&
            (wanted.after === undefined || compare(each, wanted.after) > 0) &&
            (wanted.from === undefined || compare(each, wanted.from) >= 0) &&
            (wanted.before === undefined || compare(each, wanted.before) < 0),
        )
      if (wanted.reverse) expected = expected.reverse()
      expected = expected.slice(0, wanted.limit)
      deepEqual(await run(space, (rows) => rows.scan('t', wanted).map((row) => row.key)), expected)
      deepEqual(await run(space, (rows) => rows.keys('t', wanted)), expected)
    })
    await fc.assert(law)
    await store.close()
  })

  for (const bytes of [0, 10, 16 * 1024, 16 * 1024 + 1, 256 * 1024, 600_000])
    it(`keeps a blob of ${bytes} bytes, whole and in part`, async () => {
      const store = await fresh()
      const space = store.namespace('a')
      const whole = size(bytes)
      const id = await blobOf(space, whole.subarray(0, bytes >> 1), whole.subarray(bytes >> 1))
      await run(space, (rows) => rows.keep(id))
      equal(Buffer.compare((await bytesOf(space, id))!, whole), 0)
      const parts: [number, number][] = [
        [3, 8],
        [bytes - 5, bytes],
        [262_140, 262_150],
        [bytes >> 1, bytes],
      ]
      for (const [start, end] of parts)
        if (start >= 0 && end <= bytes) deepEqual(await bytesOf(space, id, start, end), whole.subarray(start, end))
      equal(await bytesOf(space, 'none'), undefined)
      await store.close()
    })

  for (const bytes of [10, 100_000])
    it(`lets a blob of ${bytes} bytes go when its last row is gone, but not at once`, async () => {
      const store = await fresh()
      const space = store.namespace('a')
      const id = await blobOf(space, size(bytes))
      await run(space, (rows) => (rows.keep(id), rows.keep(id)))
      await run(space, (rows) => rows.drop(id))
      await sweep(space)
      equal(await lengthOf(space, id), bytes)
      await run(space, (rows) => rows.drop(id))
      space.blobs.create().abort()
      equal(await lengthOf(space, id), bytes)
      await sweep(space)
      equal(await isGone(space, id), true)
      await store.close()
    })

  it('gives the same blob when a body is run again', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    const writer = space.blobs.create()
    await writer.write(size(20))
    const ids = await run(space, (rows) => {
      const [one, again] = [writer.commit(), writer.commit()]
      rows.keep(one)
      return [one, again]
    })
    equal(ids[0], ids[1])
    await sweep(space)
    equal(await lengthOf(space, ids[0]!), 20)
    await store.close()
  })

  it('forgets on reset', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    const id = await blobOf(space, size(100_000))
    await run(space, (rows) => (rows.put('t', 'k', 1), rows.keep(id)))
    await store.reset()
    equal(await run(space, (rows) => rows.get('t', 'k')), undefined)
    equal(await bytesOf(space, id), undefined)
    await store.close()
  })

  it('brings a snapshot back, rows and bytes, also after a reset', async () => {
    const store = await fresh()
    const [a, b] = [store.namespace('a'), store.namespace('b')]
    const old = [await blobOf(a, size(10)), await blobOf(a, size(100_000))]
    await run(a, (rows) => old.forEach((id) => (rows.keep(id), rows.put('t', id, 1))))
    await run(b, (rows) => rows.put('t', 'k', 'before'))
    deepEqual([await store.snapshots.take('one'), await store.snapshots.take('one')], [true, false])
    const late = await blobOf(a, size(20_000))
    await run(a, (rows) => {
      old.forEach((id) => (rows.drop(id), rows.delete('t', id)))
      rows.keep(late)
      rows.put('t', late, 1)
    })
    await run(b, (rows) => rows.put('t', 'k', 'after'))
    for (const change of [() => store.reset(), () => {}]) {
      await change()
      await sweep(a)
      equal(await store.snapshots.restore('one'), true)
      deepEqual(await run(a, (rows) => rows.scan('t').map(({ key }) => key)), old.toSorted())
      equal(await run(b, (rows) => rows.get('t', 'k')), 'before')
      deepEqual(await Promise.all(old.map((id) => lengthOf(a, id))), [10, 100_000])
    }
    await run(a, (rows) => rows.drop(old[0]!))
    await sweep(a)
    equal(await isGone(a, late), true)
    deepEqual([await store.snapshots.restore('one'), await store.snapshots.restore('none')], [true, false])
    equal(await lengthOf(a, old[0]!), 10)
    await store.close()
  })

  it('lists snapshots, and forgets them with what only they held', async () => {
    const store = await fresh()
    const space = store.namespace('a')
    const ids = [await blobOf(space, size(5)), await blobOf(space, size(20_000))]
    await run(space, (rows) => ids.forEach((id) => rows.keep(id)))
    await run(space, (rows) => (rows.put('t', '1', 1), rows.put('t', '2', 2)))
    await store.snapshots.take('one')
    time += 1
    await store.snapshots.take('two')
    deepEqual(
      (await store.snapshots.list()).map((each) => ({ ...each })),
      [
        { name: 'one', made: time - 1, rows: 2, blobs: 2, bytes: 20_005 },
        { name: 'two', made: time, rows: 2, blobs: 2, bytes: 20_005 },
      ],
    )
    await run(space, (rows) => ids.forEach((id) => rows.drop(id)))
    await store.snapshots.restore('two')
    await store.snapshots.forget('one')
    await run(space, (rows) => rows.drop(ids[1]!))
    deepEqual([await store.snapshots.forget('two'), await store.snapshots.forget('two')], [true, false])
    await sweep(space)
    equal(await isGone(space, ids[1]!), true)
    equal(await lengthOf(space, ids[0]!), 5)
    deepEqual(await store.snapshots.list(), [])
    await store.close()
  })
}
