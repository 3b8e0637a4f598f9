// Every service of the package is there: its module can be imported alone, and its model read.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'

const folder = new URL('../../dist/npm/virga/services/', import.meta.url)
const names = readdirSync(folder).flatMap((file) => /^([^.].*)\.js$/.exec(file)?.[1] ?? [])

test('each by its own module', async () => {
  assert.ok(names.length > 400, `only ${names.length} services`)
  for (const name of names) {
    const made = Object.entries(await import(new URL(`${name}.js`, folder).href))
    assert.deepEqual(
      made.map(([each]) => each),
      [name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase())],
    )
    const client = made[0][1]({ region: 'us-east-1' })
    await assert.rejects(client.nothingLikeThis(), {
      kind: 'UnknownOperation',
      message: `${name} has no operation nothingLikeThis`,
    })
  }
})

test('each is declared', () => {
  const declared = readdirSync(folder).flatMap((file) => /^(.*)\.d\.ts$/.exec(file)?.[1] ?? [])
  assert.deepEqual(declared, names)
})
