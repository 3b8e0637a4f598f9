// S3 through the front door, on both stores: what is put comes back, in the right order, to those who may.

import { afterAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { toBase64, utf8 } from '../../../lib/bytes.ts'
import { checksum } from '../../../lib/checksum.ts'
import { hashHex, md5 } from '../../../lib/hash.ts'
import { account, allow, deny, document, otherKeys, rootKeys } from '../../account.fixture.ts'
import { Identities } from '../../accounts/identities.ts'
import { removeStores, stores, type Buckets } from './s3.fixture.ts'

afterAll(removeStores)

describe.each(Object.entries(stores))('S3 on the %s store', (_name, open) => {
  async function withBucket(name = 'box'): Promise<Buckets> {
    const made = open()
    await made.s3('CreateBucket', { Bucket: name })
    return made
  }

  test('an object comes back as it was put', async () => {
    const { put, s3 } = await withBucket()
    const answer = await put('box', 'a/b c/ü', 'hello', { ContentType: 'text/plain', Metadata: { who: 'me' } })
    expect(answer).toEqual({
      ETag: `"${hashHex('md5', 'hello')}"`,
      ChecksumCRC64NVME: toBase64(checksum('crc64nvme').update(utf8('hello')).digest()),
      ChecksumType: 'FULL_OBJECT',
      ServerSideEncryption: 'AES256',
    })
    const got = await s3('GetObject', { Bucket: 'box', Key: 'a/b c/ü' })
    expect(got).toMatchObject({
      ContentLength: 5,
      ContentType: 'text/plain',
      Metadata: { who: 'me' },
      Body: utf8('hello'),
    })
  })

  test('an aws-chunked body is its payload, and its trailer is believed only when it is right', async () => {
    const { plain, read, s3 } = await withBucket()
    await s3('DeletePublicAccessBlock', { Bucket: 'box' })
    const everybody = { ...allow('s3:PutObject', 'arn:aws:s3:::box/*'), Principal: '*' }
    await s3('PutBucketPolicy', { Bucket: 'box', Policy: document(everybody) })
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '5',
      'x-amz-trailer': 'x-amz-checksum-crc32',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    }
    const sent = (payload: string): ReturnType<Buckets['plain']> =>
      plain(
        'PUT',
        's3.localhost',
        '/box/k',
        headers,
        utf8(`${payload.length}\r\n${payload}\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n`),
      )
    expect((await sent('hello')).headers['x-amz-checksum-crc32']).toBe('NhCmhg==')
    expect((await sent('hellx')).text).toContain('<Code>BadDigest</Code>')
    expect((await sent('hell')).text).toContain('<Code>IncompleteBody</Code>')
    expect(await read('box', 'k')).toBe('hello')
    expect((await s3('HeadObject', { Bucket: 'box', Key: 'k' })).ContentEncoding).toBeUndefined()
  })

  test('listings are in the order of UTF-8 bytes, whole however they are paged', async () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[a/b\u{10000}\u{ff5e}]{1,6}$/u), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.constantFrom('', '/', 'ab'),
        fc.constantFrom('', 'a', 'a/'),
        fc.integer({ min: 1, max: 5 }),
        async (names, delimiter, prefix, size) => {
          const { put, s3 } = await withBucket()
          for (const key of names) await put('box', key)
          const found: string[] = []
          let token: string | undefined
          do {
            const page = await s3('ListObjectsV2', {
              Bucket: 'box',
              Delimiter: delimiter || undefined,
              Prefix: prefix,
              MaxKeys: size,
              ContinuationToken: token,
            })
            found.push(
              ...(page.Contents ?? []).map((o: any) => o.Key),
              ...(page.CommonPrefixes ?? []).map((p: any) => `${p.Prefix}…`),
            )
            expect(page.KeyCount).toBeLessThanOrEqual(size)
            expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined)
            token = page.NextContinuationToken
          } while (token !== undefined)
          expect(found.toSorted(byBytes)).toEqual(expected(names, delimiter, prefix).toSorted(byBytes))
        },
      ),
      { numRuns: 30 },
    )
  })

  test('a version is never lost, whatever is put and deleted', async () => {
    const steps = fc.array(fc.constantFrom('put', 'delete', 'suspend', 'enable', 'remove oldest', 'remove newest'), {
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(steps, async (todo) => {
        const { put, s3 } = await withBucket()
        /** Newest first. */
        let model: { id: string; marker: boolean }[] = []
        let mode = ''
        for (const step of todo) {
          if (step === 'enable' || step === 'suspend') {
            mode = step === 'enable' ? 'Enabled' : mode === '' ? '' : 'Suspended'
            if (mode !== '')
              await s3('PutBucketVersioning', { Bucket: 'box', VersioningConfiguration: { Status: mode } })
          } else if (step.startsWith('remove')) {
            const chosen = step === 'remove oldest' ? model.at(-1) : model[0]
            if (!chosen) continue
            await s3('DeleteObject', { Bucket: 'box', Key: 'k', VersionId: chosen.id })
            model = model.filter((each) => each !== chosen)
          } else {
            const answer =
              step === 'put' ? await put('box', 'k') : await s3('DeleteObject', { Bucket: 'box', Key: 'k' })
            if (mode === '' && step === 'delete') model = []
            else {
              const id = answer.VersionId ?? 'null'
              if (id === 'null') model = model.filter((each) => each.id !== 'null')
              model.unshift({ id, marker: step === 'delete' })
            }
          }
          const listed = await s3('ListObjectVersions', { Bucket: 'box' })
          const ids = (items: any[] | undefined): string[] => (items ?? []).map((each) => each.VersionId)
          expect(ids(listed.Versions)).toEqual(model.filter((each) => !each.marker).map((each) => each.id))
          expect(ids(listed.DeleteMarkers)).toEqual(model.filter((each) => each.marker).map((each) => each.id))
          const visible = model[0] !== undefined && !model[0].marker
          expect((await s3('ListObjectsV2', { Bucket: 'box' })).KeyCount).toBe(visible ? 1 : 0)
        }
      }),
      { numRuns: 25 },
    )
  })

  test('any range of an object of many parts is that range', async () => {
    const { s3 } = await withBucket()
    const mebibytes = 5 * 1024 ** 2
    const parts = [new Uint8Array(mebibytes).fill(1), new Uint8Array(mebibytes).fill(2), utf8('end')]
    const { UploadId } = await s3('CreateMultipartUpload', { Bucket: 'box', Key: 'big' })
    const Parts = []
    for (const [index, Body] of parts.entries())
      Parts.push({
        PartNumber: index + 1,
        ETag: (await s3('UploadPart', { Bucket: 'box', Key: 'big', UploadId, PartNumber: index + 1, Body })).ETag,
      })
    const done = await s3('CompleteMultipartUpload', {
      Bucket: 'box',
      Key: 'big',
      UploadId,
      MultipartUpload: { Parts },
    })
    const whole = Buffer.concat(parts)
    expect(done.ETag).toBe(`"${hashHex('md5', Buffer.concat(parts.map((part) => md5(part))))}-3"`)
    expect(done.ChecksumCRC64NVME).toBe(toBase64(checksum('crc64nvme').update(whole).digest()))
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(whole.length - 1), async (a, b) => {
        const [first, last] = a < b ? [a, b] : [b, a]
        const got = await s3('GetObject', { Bucket: 'box', Key: 'big', Range: `bytes=${first}-${last}` })
        expect(got.ContentRange).toBe(`bytes ${first}-${last}/${whole.length}`)
        expect(Buffer.from(got.Body).equals(whole.subarray(first, last + 1))).toBe(true)
      }),
      { numRuns: 15 },
    )
    await s3('DeleteObject', { Bucket: 'box', Key: 'big' })
  }, 30_000)

  test('who may do what', async () => {
    const { put, refused, s3, user } = await withBucket()
    await put('box', 'open/x')
    await put('box', 'shut/x')
    const ana = await user(
      'ana',
      allow('s3:GetObject', 'arn:aws:s3:::box/open/*'),
      deny('s3:*', 'arn:aws:s3:::box/shut/*'),
    )
    await s3('GetObject', { Bucket: 'box', Key: 'open/x' }, ana)
    const who = `User: arn:aws:iam::${account}:user/ana is not authorized to perform:`
    const rows: [string, object, string][] = [
      [
        'GetObject',
        { Key: 'shut/x' },
        `${who} s3:GetObject on resource: "arn:aws:s3:::box/shut/x" with an explicit deny in an identity-based policy`,
      ],
      [
        'GetObject',
        { Key: 'else' },
        `${who} s3:GetObject on resource: "arn:aws:s3:::box/else" because no identity-based policy allows the s3:GetObject action`,
      ],
      [
        'GetObject',
        { Key: 'open/none' },
        `${who} s3:ListBucket on resource: "arn:aws:s3:::box" because no identity-based policy allows the s3:ListBucket action`,
      ],
      [
        'ListObjectsV2',
        {},
        `${who} s3:ListBucket on resource: "arn:aws:s3:::box" because no identity-based policy allows the s3:ListBucket action`,
      ],
      [
        'PutObject',
        { Key: 'n' },
        `${who} s3:PutObject on resource: "arn:aws:s3:::box/n" because no identity-based policy allows the s3:PutObject action`,
      ],
      [
        'CopyObject',
        { Key: 'n', CopySource: 'box/open/x' },
        `${who} s3:PutObject on resource: "arn:aws:s3:::box/n" because no identity-based policy allows the s3:PutObject action`,
      ],
      [
        'DeleteObject',
        { Key: 'open/x', VersionId: 'null' },
        `${who} s3:DeleteObjectVersion on resource: "arn:aws:s3:::box/open/x" because no identity-based policy allows the s3:DeleteObjectVersion action`,
      ],
      [
        'ListBuckets',
        {},
        `${who} s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
      ],
    ]
    for (const [operation, input, text] of rows) {
      const bucket = operation === 'ListBuckets' ? {} : { Bucket: 'box' }
      expect(await refused(operation, { ...bucket, ...input }, ana)).toEqual(['AccessDenied', 403, text])
    }
    expect(await refused('GetObject', { Bucket: 'nowhere', Key: 'x' }, ana)).toEqual([
      'NoSuchBucket',
      404,
      'The specified bucket does not exist',
    ])
    await s3('GetObject', { Bucket: 'box', Key: 'shut/x' }, rootKeys)
  })

  test('another account needs both sides, and is told nothing', async () => {
    const { put, refused, s3, world } = await withBucket()
    await put('box', 'k')
    const denied: [string, number, string] = ['AccessDenied', 403, 'Access Denied']
    const theirs = async (): Promise<unknown> => refused('GetObject', { Bucket: 'box', Key: 'k' }, otherKeys)
    expect(await theirs()).toEqual(denied)
    const Policy = document({ ...allow('s3:GetObject', 'arn:aws:s3:::box/*'), Principal: { AWS: '210987654321' } })
    await s3('PutBucketPolicy', { Bucket: 'box', Policy })
    expect(await theirs()).toEqual(denied)
    await world.identities.transaction((rows) => {
      const { users } = new Identities(rows, '210987654321')
      const other = users.get('other')!
      users.update(other, { inline: { all: document(allow('s3:*')) } })
    })
    await s3('GetObject', { Bucket: 'box', Key: 'k' }, otherKeys)
    expect((await refused('CreateBucket', { Bucket: 'box' }, otherKeys))[0]).toBe('BucketAlreadyExists')
    await s3('DeleteBucketPolicy', { Bucket: 'box' })
    expect(await theirs()).toEqual(denied)
  })

  test('rules of a lifecycle are kept by the clock', async () => {
    const { advance, put, s3 } = await withBucket()
    const day = 86_400_000
    const Rules = [
      { ID: 'logs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 1 } },
      {
        ID: 'cold',
        Status: 'Enabled',
        Filter: { Tag: { Key: 'cold', Value: 'yes' } },
        Transitions: [{ Days: 2, StorageClass: 'GLACIER' }],
      },
      {
        ID: 'uploads',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ]
    await s3('PutBucketLifecycleConfiguration', { Bucket: 'box', LifecycleConfiguration: { Rules } })
    await put('box', 'logs/1')
    await put('box', 'kept', 'x', { Tagging: 'cold=yes' })
    await s3('CreateMultipartUpload', { Bucket: 'box', Key: 'never' })
    const keys = async (): Promise<string[]> =>
      ((await s3('ListObjectsV2', { Bucket: 'box' })).Contents ?? []).map((o: any) => `${o.Key} ${o.StorageClass}`)
    expect(await keys()).toEqual(['kept STANDARD', 'logs/1 STANDARD'])
    advance(2 * day)
    expect(await keys()).toEqual(['kept STANDARD'])
    expect((await s3('ListMultipartUploads', { Bucket: 'box' })).Uploads).toBeUndefined()
    advance(day)
    expect(await keys()).toEqual(['kept GLACIER'])
  })

  test('a browser asks first', async () => {
    const { plain, s3 } = await withBucket()
    const ask = (origin: string, method: string, headers?: string): ReturnType<Buckets['plain']> =>
      plain('OPTIONS', 's3.localhost', '/box/k', {
        origin,
        'access-control-request-method': method,
        ...(headers && { 'access-control-request-headers': headers }),
      })
    expect((await ask('https://a.example', 'GET')).text).toContain('CORSResponse: CORS is not enabled for this bucket.')
    const bare = await plain('OPTIONS', 's3.localhost', '/box', { origin: 'https://a.example' })
    expect(bare.text).toMatch(/CORS is not enabled.*<Method>OPTIONS<.*<ResourceType>BUCKET<.*<HostId>/)
    const CORSRules = [
      {
        AllowedOrigins: ['https://*.example'],
        AllowedMethods: ['PUT'],
        AllowedHeaders: ['x-amz-*'],
        ExposeHeaders: ['ETag'],
        MaxAgeSeconds: 9,
      },
    ]
    await s3('PutBucketCors', { Bucket: 'box', CORSConfiguration: { CORSRules } })
    const yes = await ask('https://a.example', 'PUT', 'X-Amz-Date')
    expect([yes.status, yes.headers['access-control-allow-origin'], yes.headers['access-control-max-age']]).toEqual([
      200,
      'https://a.example',
      '9',
    ])
    for (const no of [
      await ask('https://a.example', 'GET'),
      await ask('https://evil', 'PUT'),
      await ask('https://a.example', 'PUT', 'cookie'),
    ])
      expect([no.status, no.text.includes('This CORS request is not allowed')]).toEqual([403, true])
    const real = await plain('PUT', 's3.localhost', '/box/k', { origin: 'https://a.example' })
    expect([real.status, real.headers['access-control-expose-headers']]).toEqual([403, 'ETag'])
  })

  test('hosts name buckets, HEAD says nothing, answers are marked', async () => {
    const { plain, put } = await withBucket('my.box')
    await put('my.box', 'k')
    for (const host of ['my.box.localhost:4566', 'my.box.s3.eu-west-1.amazonaws.com', 's3.localhost']) {
      const path = host.startsWith('s3') ? '/my.box/k' : '/k'
      const answer = await plain('GET', host, path)
      expect([
        host,
        answer.status,
        answer.text.includes('<Code>AccessDenied</Code><Message>Access Denied</Message>'),
      ]).toEqual([host, 403, true])
      expect(answer.headers).toMatchObject({
        server: 'AmazonS3',
        'x-amz-request-id': expect.stringMatching(/^[0-9A-Z]{16}$/),
      })
      const head = await plain('HEAD', host, path)
      expect([head.status, head.text]).toEqual([403, ''])
    }
  })
})

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Keys under a prefix; those that share what stands before the delimiter as one, with an ellipsis. */
function expected(keys: readonly string[], delimiter: string, prefix: string): string[] {
  const found = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      return end < 0 ? key : `${key.slice(0, end + delimiter.length)}…`
    })
  return [...new Set(found)]
}
