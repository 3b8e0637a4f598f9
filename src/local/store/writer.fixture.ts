// Writes until it is killed, and says what it has written once that is done: two rows and a blob a time.

import { writeSync } from 'node:fs'
import { sqliteStore } from './sqlite.ts'

const space = sqliteStore(process.argv[2]!).namespace('a')
for (;;) {
  const writer = space.blobs.create()
  writer.write(new Uint8Array(40_000))
  const blob = writer.commit()
  const count = space.transaction((rows) => {
    const next = (rows.get<number>('t', 'count') ?? 0) + 1
    const old = rows.get<string>('t', 'blob')
    rows.put('pairs', `${next}a`, next)
    rows.put('t', 'count', next)
    rows.put('t', 'blob', blob)
    rows.keep(blob)
    if (old !== undefined) rows.drop(old)
    rows.put('pairs', `${next}b`, next)
    return next
  }) as number
  writeSync(1, `${count}\n`)
}
