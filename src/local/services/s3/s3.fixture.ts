// What the tests of S3 begin with: both stores, and calls that are short to write.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { utf8 } from '../../../lib/bytes.ts'
import type { AwsError } from '../../../lib/errors.ts'
import type { Credentials } from '../../../lib/credentials.ts'
import { readBody, type HttpRequest, type HttpResponse } from '../../../http/message.ts'
import { bench, type Bench } from '../../account.fixture.ts'
import { serve } from '../../serve.ts'
import { memoryStore } from '../../store/memory.ts'
import { sqliteStore } from '../../store/sqlite.ts'

export interface Buckets extends Bench {
  /** S3's operations by name. */
  s3(
    operation: string,
    input?: object,
    keys?: Credentials | null,
    change?: (request: HttpRequest) => HttpRequest,
  ): Promise<any>
  refused(
    operation: string,
    input?: object,
    keys?: Credentials | null,
  ): Promise<[code: string, status: number, text: string]>
  put(Bucket: string, Key: string, body?: string, more?: object): Promise<any>
  read(Bucket: string, Key: string, more?: object): Promise<string>
  /** An unsigned request, as a browser sends one. */
  plain(
    method: string,
    host: string,
    path: string,
    headers?: Record<string, string>,
    body?: Uint8Array,
  ): Promise<HttpResponse & { text: string }>
}

const folders: string[] = []

export const stores = {
  memory: (): Buckets => buckets(bench(memoryStore())),
  sqlite: (): Buckets => {
    const folder = mkdtempSync(join(tmpdir(), 'virga-s3-'))
    folders.push(folder)
    return buckets(bench(sqliteStore(folder)))
  },
}

export function removeStores(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

function buckets(base: Bench): Buckets {
  const s3: Buckets['s3'] = (operation, input, keys, change) => base.call('s3', operation, input, keys, change)
  return {
    ...base,
    s3,
    async refused(operation, input, keys) {
      const error: AwsError = await base.refusal('s3', operation, input, keys)
      return [error.code, error.status, error.message]
    },
    put: (Bucket, Key, body = 'x', more = {}) => s3('PutObject', { Bucket, Key, Body: utf8(body), ...more }),
    async read(Bucket, Key, more = {}) {
      return new TextDecoder().decode((await s3('GetObject', { Bucket, Key, ...more })).Body)
    },
    async plain(method, host, path, headers = {}, body = new Uint8Array(0)) {
      const [only, query = ''] = path.split('?') as [string, string?]
      const response = await serve({ method, scheme: 'http', host, path: only, query, headers, body }, base.world)
      return { ...response, text: new TextDecoder().decode(await readBody(response.body)) }
    },
  }
}
