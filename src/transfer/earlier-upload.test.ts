import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import { giveUp, giveUpLeft, takenUp } from './earlier-upload.ts'
import type { Whole } from './earlier-upload.ts'
import { Journal } from './journal.ts'
import type { Store } from './store.ts'
import type { Transfers } from './transfer.ts'

const folder = mkdtempSync(join(tmpdir(), 'virga-earlier-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const now = Date.now()
const target = 'b/big'
const part = 5

interface Upload {
  readonly key?: string
  /** Milliseconds from when the journal's line was written. */
  readonly after?: number
  readonly parts?: readonly { PartNumber: number; Size: number }[]
}

/** As much of S3 as lists uploads and gives them up; `refused` names operations that are not allowed. */
function around(uploads: Record<string, Upload>, refused: readonly string[] = []) {
  const there = new Map(Object.entries(uploads))
  const call = async (operation: string, { UploadId, Prefix }: Structure): Promise<Structure> => {
    if (refused.includes(operation)) throw new AwsError('AccessDenied', 'no')
    if (operation === 'ListMultipartUploads') {
      const Uploads = [...there]
        .filter(([, { key = 'big' }]) => key.startsWith(String(Prefix)))
        .map(([id, { key = 'big', after = 0 }]) => ({ UploadId: id, Key: key, Initiated: new Date(now + after) }))
      return { Uploads, IsTruncated: false }
    }
    const upload = there.get(String(UploadId))
    if (!upload) throw new AwsError('NoSuchUpload', 'gone')
    if (operation === 'AbortMultipartUpload') return (there.delete(String(UploadId)), {})
    return {
      Parts: (upload.parts ?? []).map((each) => ({ ...each, ETag: `"${each.PartNumber}"` })),
      IsTruncated: false,
    }
  }
  const path = join(folder, `${Math.random()}.jsonl`)
  const resumed = (): Transfers =>
    ({
      target: { call } as Partial<Store> as Store,
      journal: new Journal(path),
      signal: new AbortController().signal,
    }) as Transfers
  return { transfers: resumed(), resumed, left: () => [...there.keys()], there }
}

const whole = (more: Partial<Whole> = {}): Whole => ({
  target,
  size: 12,
  state: 1,
  create: { ContentType: 'text/plain' },
  part,
  fits: () => true,
  completed: (PartNumber, { ETag }) => ({ PartNumber, ETag: ETag as string }),
  have: () => {},
  ...more,
})

describe('killed before the id was known', () => {
  const cases: [string, Record<string, Upload>, string[]][] = [
    ['its own upload is given up', { own: {} }, []],
    ['nothing began', {}, []],
    ['one that was there before is not its own', { before: {} }, ['before']],
    ['the one besides is', { before: {}, own: {} }, ['before']],
    ['one with parts is somebody else’s', { other: { parts: [{ PartNumber: 1, Size: 5 }] } }, ['other']],
    ['of two nobody knows', { own: {}, other: {} }, ['own', 'other']],
    ['one that began much later is not its own', { later: { after: 3_600_000 } }, ['later']],
    ['nor one of another key', { longer: { key: 'bigger' } }, ['longer']],
  ]
  for (const [name, uploads, left] of cases) {
    test(name, async () => {
      const found = around(uploads)
      found.transfers.journal!.beginsUpload(target, { beside: ['before'], at: now })
      const transfers = found.resumed()
      const { earlier, part: size } = await takenUp(whole(), transfers)
      expect([earlier, size, found.left()]).toEqual([undefined, part, left])
      expect(found.resumed().journal!.beginning(target)).toBeUndefined()
    })
  }

  test('where uploads may not be listed, nothing is written down and nothing stands in the way', async () => {
    const found = around({ other: {} }, ['ListMultipartUploads'])
    const { begins } = await takenUp(whole(), found.transfers)
    await begins()
    expect([found.resumed().journal!.beginning(target), found.left()]).toEqual([undefined, ['other']])
  })

  test('the line tells which are there already', async () => {
    const found = around({ other: {}, longer: { key: 'bigger' } })
    const { begins, began } = await takenUp(whole(), found.transfers)
    await begins()
    expect(found.resumed().journal!.beginning(target)?.beside).toEqual(['other'])
    began('own')
    const { journal } = found.resumed()
    expect([journal!.beginning(target), journal!.upload(target)?.id]).toEqual([undefined, 'own'])
  })
})

describe('an upload whose id is known', () => {
  const parts = [
    { PartNumber: 1, Size: 5 },
    { PartNumber: 2, Size: 4 },
    { PartNumber: 3, Size: 2 },
  ]
  const begun = async (): Promise<ReturnType<typeof around>> => {
    const found = around({ own: { parts } })
    ;(await takenUp(whole(), found.transfers)).began('own')
    return found
  }

  test('goes on, without what is not whole', async () => {
    const found = await begun()
    let had = 0
    const { earlier } = await takenUp(whole({ have: (bytes) => void (had += bytes) }), found.resumed())
    expect(earlier).toEqual({ id: 'own', sent: [1, 3].map((PartNumber) => ({ PartNumber, ETag: `"${PartNumber}"` })) })
    expect([had, found.left()]).toEqual([7, ['own']])
  })

  const others: [string, Partial<Whole>][] = [
    ['another time', { state: 2 }],
    ['another size', { size: 13 }],
    ['other properties', { create: { ContentType: 'text/html' } }],
    ['nobody knows of what', { state: undefined }],
  ]
  for (const [name, more] of others) {
    test(`${name}: it is given up`, async () => {
      const found = await begun()
      expect([(await takenUp(whole(more), found.resumed())).earlier, found.left()]).toEqual([undefined, []])
    })
  }

  test('it is given up where the file travels whole by now', async () => {
    const found = await begun()
    await giveUp(target, found.resumed())
    await giveUp('b/another', found.resumed())
    expect(found.left()).toEqual([])
  })

  test('what nobody came upon is cleared away', async () => {
    const found = await begun()
    const temporary = join(folder, 'big.1f2e3d4c')
    writeFileSync(temporary, 'half')
    found.transfers.journal!.beganDownload('/big', { temporary, etag: '"e"', size: 9, part })
    await giveUpLeft(found.resumed())
    expect([found.left(), existsSync(temporary)]).toEqual([[], false])
  })
})
