// An outside witness for both halves at once: what the official CLI sent, our server reads and our client writes again,
// byte for byte.

import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fromBase64, text } from '../lib/bytes.ts'
import type { Headers } from '../http/message.ts'
import { openModels } from '../model/load.ts'
import type { Models, Operation } from '../model/model.ts'
import { fileSource } from '../model/source.ts'
import { protocolOf } from './protocols.ts'

const folder = join(process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared'), 'reference')
const compiled = join(import.meta.dir, '../../build/models.bin')
const missing = [folder, compiled].filter((path) => !existsSync(path))

interface Sent {
  method: string
  url: string
  headers: [name: string, value: string][]
  body: string
}

/** What other rooms add to a request after the protocol has written it. */
const laterHeaders =
  /^(user-agent|x-amz-date|authorization|amz-sdk-.*|content-length|x-amz-content-sha256|x-amz-checksum-.*|x-amz-sdk-checksum-algorithm|x-amz-region-set|x-amz-api-version|x-amz-glacier-version|x-amz-trailer|x-amz-decoded-content-length|content-encoding|transfer-encoding|expect|host)$/

/** Requests that are not the same again, each with its reason. */
const exceptions: Record<string, string> = {
  'sdb.delete-attributes': 'signed in the form (SigV2), after the protocol',
  'sdb.delete-domain': 'signed in the form (SigV2), after the protocol',
  's3api.get-bucket-lifecycle': 'the bucket is in the host, where the server looks for it before it reads the request',
  's3api.create-session': 'the bucket is in the host',
  's3api.put-object-annotation': 'the bucket is in the host',
  'cloudfront.list-key-value-stores': 'the CLI adds the paging parameter after the others',
  'iotwireless.create-wireless-device': 'the order is that of the command line, not of the model',
  'datapipeline.query-objects': 'the order is that of the command line, not of the model',
}

async function again(operation: Operation, sent: Sent): Promise<void> {
  const [, path = '', query = ''] = /^https?:\/\/[^/?]+([^?]*)\??(.*)$/.exec(sent.url)!
  const headers: Headers = Object.fromEntries(sent.headers.map(([name, value]) => [name.toLowerCase(), value]))
  const protocol = await protocolOf(operation)
  const request = { method: sent.method, path: path || '/', query, headers, body: fromBase64(sent.body) }
  const message = protocol.writeRequest(operation, protocol.readRequest(operation, request))
  expect({ ...message, body: text(message.body as Uint8Array) }).toEqual({
    ...request,
    headers: Object.fromEntries(
      Object.entries(headers).filter(
        ([name, value]) => !laterHeaders.test(name) && !(name === 'accept' && value === 'application/json'),
      ),
    ),
    body: text(request.body),
  })
}

async function* recorded(models: Models): AsyncGenerator<{ id: string; operation: Operation; sent: Sent }> {
  const lines = (file: string): unknown[] =>
    gunzipSync(readFileSync(join(folder, file)))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
  const jobs = new Map(
    (lines('ops-jobs.jsonl.gz') as { id: string; svc: string; op: string }[]).map((job) => [job.id, job]),
  )
  for (const { id, reqs } of lines('ops-expected.jsonl.gz') as { id: string; reqs: Sent[] }[]) {
    const job = jobs.get(id)
    const sent = reqs.at(-1)
    if (!job || !sent || !models.has(job.svc)) continue
    const service = await models.service(job.svc)
    if (service.hasOperation(job.op)) yield { id, operation: service.operation(job.op), sent }
  }
}

test.skipIf(missing.length > 0)('the official requests, read and written again', async () => {
  const models = await openModels({ source: fileSource(compiled) })
  const failures: string[] = []
  let count = 0
  for await (const { id, operation, sent } of recorded(models)) {
    count++
    try {
      await again(operation, sent)
      if (exceptions[id] !== undefined) failures.push(`${id}: is the same again, so it is no exception`)
    } catch (error) {
      if (exceptions[id] === undefined) failures.push(`${id}: ${Bun.stripANSI((error as Error).message).slice(0, 500)}`)
    }
  }
  const excepted = Object.keys(exceptions).length
  console.log(
    `official requests: ${count - failures.length - excepted} of ${count} the same again, ${excepted} excepted`,
  )
  if (failures.length > 0) throw new Error(failures.join('\n'))
  expect(count).toBeGreaterThan(900)
})

for (const path of missing) console.log(`official requests: skipped, ${path} is not there`)
