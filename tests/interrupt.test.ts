// Ctrl-C in the midst of work on the account inside the program, where no answer ever waits for a socket: it is heard all
// the same, and nothing is left half done.

import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Home, noProgram, virga } from './program.ts'

setDefaultTimeout(60_000)

if (noProgram !== undefined) console.log(`SKIPPED: ${noProgram}`)
const home = new Home()
afterAll(() => home.remove())

const size = 320 << 20

test.skipIf(noProgram !== undefined)('a long upload ends, and nothing is left of it', async () => {
  const file = join(home.folder, 'big')
  writeFileSync(file, '')
  truncateSync(file, size)
  expect(home.local(['s3', 'mb', 's3://interrupted']).exit).toBe(0)
  const child = Bun.spawn([...virga, ...'s3 cp big s3://interrupted --profile local'.split(' ')], {
    cwd: home.folder,
    env: home.env(),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  let told = ''
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (told === '') child.kill('SIGINT')
    told += piece
  }
  const complaint = await new Response(child.stderr).text()
  expect([await child.exited, complaint.trim(), told.includes('upload: ')]).toEqual([
    1,
    'cancelled: ctrl-c received',
    false,
  ])
  for (const list of ['list-objects-v2', 'list-multipart-uploads'])
    expect(home.local(`s3api ${list} --bucket interrupted --query (Contents||Uploads)`.split(' ')).stdout).toBe(
      'null\n',
    )
})
